using Volute.Kernels;

namespace Volute;

/// <summary>What an element-wise operation adds to its kernel (<see cref="IMap1"/> to <see cref="IMap4"/>): a name and a slope.</summary>
public interface IElementwise
{
    /// <summary>The name that plans and errors print.</summary>
    static abstract string Name { get; }

    /// <summary>The gradient of one input, written with other operators, before it is summed over axes that were broadcast; null where none flows.</summary>
    Tensor? Gradient(int input, in Application application, Tensor gradient);
}

/// <summary>y = f(a, …), element by element, with NumPy's broadcasting. The operation is a struct, compiled into the one loop that all share.</summary>
public abstract record Elementwise : Operator
{
    /// <inheritdoc/>
    public override Spec Infer(ReadOnlySpan<Spec> inputs)
    {
        Shape shape = inputs[0].Shape;
        for (int i = 1; i < inputs.Length; i++)
        {
            shape = shape == inputs[i].Shape ? shape : Shape.Broadcast(Name, shape, inputs[i].Shape);
            if (inputs[i].Type != inputs[0].Type)
                throw SourceLine.Error($"{Name}: element types {inputs[0].Type.Name()} and {inputs[i].Type.Name()} differ; convert one with To");
        }
        if (inputs[0].Type == ElementType.Int32)
            throw SourceLine.Error($"{Name}: arithmetic needs float32 or float64, got int32; convert with To");
        return new Spec(shape, inputs[0].Type);
    }

    /// <inheritdoc/>
    public sealed override Tensor? Gradient(int input, in Application application, Tensor gradient)
        => Slope(input, application, gradient)?.SumTo(application.Input(input).Shape);

    /// <inheritdoc/>
    public sealed override bool Accepts(int input, in Layout layout) => true;

    /// <inheritdoc/>
    public sealed override bool CanWrite(ReadOnlySpan<Spec> inputs, in Layout layout) => layout.IsDense || MapChain.CanScatter(layout);

    /// <inheritdoc/>
    public sealed override bool CanOverwrite(int input) => true;

    /// <inheritdoc/>
    public sealed override unsafe Lowered Lower(in Operands operands)
    {
        var chain = Chain.Single(Prepare(operands.Output.Type), operands.Inputs.Length);
        return MapChain.Lower(chain, operands);
    }

    /// <summary>The map as kernels take it.</summary>
    public abstract RunMap Prepare(ElementType type);

    /// <summary>The gradient of one input in the output's shape.</summary>
    protected abstract Tensor? Slope(int input, in Application application, Tensor gradient);
}

/// <summary>y = f(a).</summary>
public sealed record Unary<TMap>(TMap Map) : Elementwise where TMap : struct, IMap1, IElementwise, IEquatable<TMap>
{
    /// <inheritdoc/>
    public override string Name => TMap.Name;

    /// <inheritdoc/>
    protected override Tensor? Slope(int input, in Application application, Tensor gradient) => Map.Gradient(input, application, gradient);

    /// <inheritdoc/>
    public override RunMap Prepare(ElementType type) => RunMap.Of1(Map, type);
}

/// <summary>y = f(a, b).</summary>
public sealed record Binary<TMap>(TMap Map) : Elementwise where TMap : struct, IMap2, IElementwise, IEquatable<TMap>
{
    /// <inheritdoc/>
    public override string Name => TMap.Name;

    /// <inheritdoc/>
    protected override Tensor? Slope(int input, in Application application, Tensor gradient) => Map.Gradient(input, application, gradient);

    /// <inheritdoc/>
    public override RunMap Prepare(ElementType type) => RunMap.Of2(Map, type);
}

/// <summary>y = f(a, b, c).</summary>
public sealed record Ternary<TMap>(TMap Map) : Elementwise where TMap : struct, IMap3, IElementwise, IEquatable<TMap>
{
    /// <inheritdoc/>
    public override string Name => TMap.Name;

    /// <inheritdoc/>
    protected override Tensor? Slope(int input, in Application application, Tensor gradient) => Map.Gradient(input, application, gradient);

    /// <inheritdoc/>
    public override RunMap Prepare(ElementType type) => RunMap.Of3(Map, type);
}

/// <summary>y = f(a, b, c, d).</summary>
public sealed record Quaternary<TMap>(TMap Map) : Elementwise where TMap : struct, IMap4, IElementwise, IEquatable<TMap>
{
    /// <inheritdoc/>
    public override string Name => TMap.Name;

    /// <inheritdoc/>
    protected override Tensor? Slope(int input, in Application application, Tensor gradient) => Map.Gradient(input, application, gradient);

    /// <inheritdoc/>
    public override RunMap Prepare(ElementType type) => RunMap.Of4(Map, type);
}
