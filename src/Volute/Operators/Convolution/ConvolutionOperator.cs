using Volute.Kernels;

namespace Volute;

/// <summary>
/// One of the three passes of y[n, (g,o), p] += Σ x[n, (g,i), p·stride + k·dilation − pad] · w[(g,o), i, k]. Each pass's gradients are the other two.
/// Feature maps are (N, C, [D,] [H,] W), weights (O, I/groups, [kD,] [kH,] kW).
/// </summary>
/// <param name="Window">Kernel, stride, dilation and padding; its rank is the number of spatial axes.</param>
/// <param name="Groups">Groups of channels that do not see each other.</param>
public abstract record ConvolutionOperator(Window Window, int Groups) : Operator
{
    /// <summary>Which tensor is sought.</summary>
    protected abstract Pass Pass { get; }

    /// <summary>Whether an axis has three taps and no stride.</summary>
    internal bool IsOfThreeTaps => Window is { Width: { Kernel: 3, Stride: 1 } } or { Height: { Kernel: 3, Stride: 1 } };

    /// <summary>The axes' names, for errors.</summary>
    protected string Axes(string batch, string channels) => $"[{batch}, {channels}{Window.Rank switch { 0 => "", 1 => ", W", 2 => ", H, W", _ => ", D, H, W" }}]";

    /// <summary>The problem for kernels, from the shapes of x, w and y.</summary>
    protected ConvolutionProblem Problem(Spec x, Shape w, Shape y)
        => new(x.Type, x.Shape[0], x.Shape[1], w[0], Groups, Window, Spatial(x.Shape), Spatial(y));

    /// <summary>Maps may be parts of others, their channels side by side.</summary>
    public sealed override bool Accepts(int input, in Layout layout) => layout.IsDense || (IsMap(input) && FeatureMap.Strides(layout) is not null);

    /// <inheritdoc/>
    public sealed override bool CanWrite(ReadOnlySpan<Spec> inputs, in Layout layout) => layout.IsDense || (Pass != Pass.Weight && FeatureMap.Strides(layout) is not null);

    /// <summary>Whether an input is a feature map.</summary>
    private protected abstract bool IsMap(int input);

    /// <summary>How an input lies in memory.</summary>
    private protected static MapStrides Lying(in Operands operands, int input) => Lying(operands.Layouts[input], operands.Inputs[input].Shape);

    /// <summary>How the output lies in memory.</summary>
    private protected static MapStrides LyingOutput(in Operands operands) => Lying(operands.OutputLayout, operands.Output.Shape);

    // A map without elements lies as a whole one.
    private static MapStrides Lying(in Layout layout, Shape shape) => FeatureMap.Strides(layout) ?? MapStrides.Dense(Spatial(shape), shape[1]);

    /// <summary>The sizes behind (N, C), with unit axes in front.</summary>
    protected static Extent Spatial(Shape shape)
        => new(shape.Rank > 4 ? shape[^3] : 1, shape.Rank > 3 ? shape[^2] : 1, shape.Rank > 2 ? shape[^1] : 1);

    /// <summary>Rank, types, groups and channels of a pair of map and weight.</summary>
    protected void Check(Spec map, Spec weight, int mapChannels, string channelsName)
    {
        if (map.Shape.Rank != Window.Rank + 2)
            throw SourceLine.Error($"{Name}: expected a map {Axes("N", channelsName)}, got shape {map.Shape}");
        if (weight.Shape.Rank != Window.Rank + 2)
            throw SourceLine.Error($"{Name}: expected a weight {Axes("out", "in/groups")} of {Window.Rank + 2} axes, got shape {weight.Shape}");
        if (map.Type == ElementType.Int32)
            throw SourceLine.Error($"{Name}: needs float32 or float64, got int32; convert with To");
        if (map.Type != weight.Type)
            throw SourceLine.Error($"{Name}: the map is {map.Type.Name()}, the weight {weight.Type.Name()}; convert one with To");
        for (int axis = 0; axis < Window.Rank; axis++)
        {
            if (weight.Shape[axis + 2] != Window[axis].Kernel)
                throw SourceLine.Error($"{Name}: the weight {weight.Shape} does not have the window's kernel size {Window[axis].Kernel} on axis {axis + 2}");
        }
        CheckGroups(weight.Shape, mapChannels);
        if (map.Shape[1] != mapChannels)
            throw SourceLine.Error($"{Name}: expected {mapChannels} channels ({Axes("N", mapChannels.ToString())}), got {map.Shape[1]} in shape {map.Shape}");
    }

    private void CheckGroups(Shape weight, int mapChannels)
    {
        if (Groups < 1)
            throw new InvalidArgumentException($"groups must be >= 1, got {Groups}");
        if (weight[0] == 0 || weight[1] == 0 || mapChannels == 0)
            throw new InvalidArgumentException($"{Name}: channels must be >= 1, got a weight of shape {weight}");
        if (weight[0] % Groups != 0)
            throw new InvalidArgumentException($"{Name}: {weight[0]} output channels do not divide into {Groups} groups");
    }

    /// <summary>The problem for kernels, from the operands.</summary>
    private protected abstract ConvolutionProblem Problem(in Operands operands);

    /// <inheritdoc/>
    public sealed override Lowered Lower(in Operands operands) => Lower(operands, null, makesMoments: false);

    /// <summary>The kernel: the registry chooses the algorithm. What the epilogue reads stands behind the convolution's own operands, the moments of parts last.</summary>
    internal unsafe Lowered Lower(in Operands operands, EpilogueKernel? epilogue, bool makesMoments)
    {
        Pass pass = Pass;
        ConvolutionProblem problem = Problem(operands);
        if (problem.Batch == 0 && pass == Pass.Weight)
            return Zeros(problem);
        ConvolutionAlgorithm algorithm = ConvolutionRegistry.Select(problem, pass);
        bool hasBias = operands.Inputs.Length > 2;
        int own = operands.Inputs.Length + 1, last = own + (epilogue?.Operands ?? 0);
        long packed = algorithm.PackedBytes(problem, pass), scratch = (algorithm.WorkspaceBytes(problem, pass) + 63) / 64 * 64;
        return new Lowered(algorithm.Name, (p, workspace) =>
        {
            ConvolutionOperands tensors = new()
            {
                Input = pass == Pass.Input ? p[0] : p[1],
                Weight = pass == Pass.Weight ? p[0] : p[2],
                Output = pass == Pass.Output ? p[0] : pass == Pass.Input ? p[1] : p[2],
                PackedWeight = packed > 0 ? p[last] : null,
                Bias = hasBias ? p[3] : null,
                Epilogue = epilogue?.Bind(p[0], p + own, (byte*)workspace + scratch, makesMoments ? (float*)p[last + 1] : null) ?? default,
                Workspace = workspace,
            };
            algorithm.Run(problem, pass, tensors);
        }, scratch + (epilogue?.WorkspaceBytes ?? 0))
        {
            Further = makesMoments ? new Spec([algorithm.Parts(problem, pass), MomentParts.Length(operands.Output.Shape[1])], ElementType.Float32) : null,
            Preparation = packed > 0 ? new Preparation(2, packed, (weight, to) => algorithm.Pack(problem, pass, weight, to)) : null,
        };
    }

    /// <summary>Into how many parts the positions of the result are cut, each with moments of its own, where all maps lie dense.</summary>
    internal int Parts(Spec[] inputs, Spec output)
    {
        ConvolutionProblem problem = Problem(new Operands(output, inputs, [.. inputs.Select(input => Layout.Dense(input.Shape.AsSpan()))]));
        return ConvolutionRegistry.Select(problem, Pass).Parts(problem, Pass);
    }

    /// <summary>No samples have no slope.</summary>
    private static unsafe Lowered Zeros(ConvolutionProblem problem)
    {
        long count = (long)problem.OutputChannels * (problem.InputChannels / problem.Groups) * problem.Window.Taps;
        FillKernel fill = new(problem.Type, Layout.Dense([checked((int)count)]));
        return new Lowered("fill", (p, _) => fill.Run(p[0], 0));
    }

    /// <summary>The bias: one number for each channel.</summary>
    protected void CheckBias(Spec bias, int channels, ElementType type)
    {
        if (bias.Shape.Rank != 1 || bias.Shape[0] != channels || bias.Type != type)
            throw SourceLine.Error($"{Name}: expected a bias of shape [{channels}] and type {type.Name()}, got {bias.Shape} of {bias.Type.Name()}");
    }

    /// <summary>Σ of a map over everything but channels: the gradient of a bias.</summary>
    protected static Tensor BiasGradient(Tensor map) => map.Sum([0, .. Enumerable.Range(2, map.Shape.Rank - 2)]);
}

/// <summary>The output pass: y from x (N, C, …) and w, with an optional bias (O).</summary>
public sealed record Convolution(Window Window, int Groups) : ConvolutionOperator(Window, Groups)
{
    /// <inheritdoc/>
    public override string Name => "convolution";

    /// <inheritdoc/>
    protected override Pass Pass => Pass.Output;

    /// <inheritdoc/>
    public override Spec Infer(ReadOnlySpan<Spec> inputs)
    {
        (Spec x, Spec w) = (inputs[0], inputs[1]);
        Check(x, w, w.Shape.Rank > 1 ? w.Shape[1] * Groups : 0, "C");
        int[] sizes = x.Shape.ToArray();
        sizes[1] = w.Shape[0];
        for (int axis = 0; axis < Window.Rank; axis++)
        {
            sizes[axis + 2] = OutputSize(Name, Window[axis], x.Shape, axis + 2);
        }
        if (inputs.Length > 2)
            CheckBias(inputs[2], w.Shape[0], x.Type);
        return new Spec(sizes, x.Type);
    }

    /// <summary>How many outputs an axis gives.</summary>
    /// <exception cref="ShapeException">The kernel does not fit.</exception>
    internal static int OutputSize(string name, WindowAxis a, Shape input, int axis)
    {
        long outputs = a.Outputs(input[axis]);
        if (outputs < 1)
            throw SourceLine.Error($"{name}: the kernel spans {a.Reach} positions on axis {axis} (kernel {a.Kernel}, dilation {a.Dilation}), "
                + $"but the input has {input[axis]} with padding {a.PadBegin} + {a.PadEnd} (shape {input})");
        return (int)outputs;
    }

    /// <inheritdoc/>
    public override Tensor? Gradient(int input, in Application application, Tensor gradient) => input switch
    {
        0 => Tensor.Apply(new ConvolutionInputGradient(Window, Groups, application.Input(0).Shape), gradient, application.Input(1)),
        1 => Tensor.Apply(new ConvolutionWeightGradient(Window, Groups), application.Input(0), gradient),
        _ => BiasGradient(gradient),
    };

    private protected override bool IsMap(int input) => input == 0;

    private protected override ConvolutionProblem Problem(in Operands operands)
        => Problem(operands.Inputs[0], operands.Inputs[1].Shape, operands.Output.Shape) with { InputStrides = Lying(operands, 0), OutputStrides = LyingOutput(operands) };

    /// <inheritdoc/>
    public override long Multiplies(ReadOnlySpan<Spec> inputs, Spec output) => Problem(inputs[0], inputs[1].Shape, output.Shape).Multiplies;

    /// <inheritdoc/>
    public override long UsefulMultiplies(ReadOnlySpan<Spec> inputs, Spec output) => Problem(inputs[0], inputs[1].Shape, output.Shape).UsefulMultiplies;
}

/// <summary>The input pass: dx (of shape <paramref name="Input"/>) from dy and w; with an optional bias (C) it is the forward of a transposed convolution.</summary>
public sealed record ConvolutionInputGradient(Window Window, int Groups, Shape Input) : ConvolutionOperator(Window, Groups)
{
    /// <inheritdoc/>
    public override string Name => "convolution input";

    /// <inheritdoc/>
    protected override Pass Pass => Pass.Input;

    /// <inheritdoc/>
    public override Spec Infer(ReadOnlySpan<Spec> inputs)
    {
        (Spec dy, Spec w) = (inputs[0], inputs[1]);
        Check(dy, w, w.Shape.Rank > 0 ? w.Shape[0] : 0, "O");
        if (Input.Rank != Window.Rank + 2)
            throw SourceLine.Error($"{Name}: the result must have the axes {Axes("N", "C")}, got {Input}");
        for (int axis = 0; axis < Window.Rank; axis++)
        {
            if (Window[axis].Outputs(Input[axis + 2]) != dy.Shape[axis + 2])
                throw SourceLine.Error($"{Name}: axis {axis + 2} of the result has {Input[axis + 2]} positions, which give {Window[axis].Outputs(Input[axis + 2])} outputs, not {dy.Shape[axis + 2]}");
        }
        if (Input[0] != dy.Shape[0] || Input[1] != w.Shape[1] * Groups)
            throw SourceLine.Error($"{Name}: the result {Input} needs batch {dy.Shape[0]} and {w.Shape[1] * Groups} channels");
        if (inputs.Length > 2)
            CheckBias(inputs[2], Input[1], dy.Type);
        return new Spec(Input, dy.Type);
    }

    /// <inheritdoc/>
    public override Tensor? Gradient(int input, in Application application, Tensor gradient) => input switch
    {
        0 => Tensor.Apply(new Convolution(Window, Groups), gradient, application.Input(1)),
        1 => Tensor.Apply(new ConvolutionWeightGradient(Window, Groups), gradient, application.Input(0)),
        _ => BiasGradient(gradient),
    };

    private protected override bool IsMap(int input) => input == 0;

    private protected override ConvolutionProblem Problem(in Operands operands)
        => Problem(operands.Output, operands.Inputs[1].Shape, operands.Inputs[0].Shape) with { InputStrides = LyingOutput(operands), OutputStrides = Lying(operands, 0) };

    /// <inheritdoc/>
    public override long Multiplies(ReadOnlySpan<Spec> inputs, Spec output) => Problem(output, inputs[1].Shape, inputs[0].Shape).Multiplies;

    /// <inheritdoc/>
    public override long UsefulMultiplies(ReadOnlySpan<Spec> inputs, Spec output) => Problem(output, inputs[1].Shape, inputs[0].Shape).UsefulMultiplies;
}

/// <summary>The weight pass: dw from x and dy.</summary>
public sealed record ConvolutionWeightGradient(Window Window, int Groups) : ConvolutionOperator(Window, Groups)
{
    /// <inheritdoc/>
    public override string Name => "convolution weight";

    /// <inheritdoc/>
    protected override Pass Pass => Pass.Weight;

    /// <inheritdoc/>
    public override Spec Infer(ReadOnlySpan<Spec> inputs)
    {
        (Spec x, Spec dy) = (inputs[0], inputs[1]);
        if (x.Shape.Rank != Window.Rank + 2 || dy.Shape.Rank != x.Shape.Rank)
            throw SourceLine.Error($"{Name}: expected maps {Axes("N", "C")} and {Axes("N", "O")}, got shapes {x.Shape} and {dy.Shape}");
        int[] sizes = new int[Window.Rank + 2];
        sizes[0] = dy.Shape[1];
        sizes[1] = x.Shape[1] / Math.Max(Groups, 1);
        for (int axis = 0; axis < Window.Rank; axis++)
            sizes[axis + 2] = Window[axis].Kernel;
        Check(x, new Spec(sizes, x.Type), x.Shape[1], "C");
        if (dy.Shape[0] != x.Shape[0] || dy.Type != x.Type)
            throw SourceLine.Error($"{Name}: input {x.Shape} and output gradient {dy.Shape} differ in batch or type");
        for (int axis = 0; axis < Window.Rank; axis++)
        {
            if (Window[axis].Outputs(x.Shape[axis + 2]) != dy.Shape[axis + 2])
                throw SourceLine.Error($"{Name}: the output gradient {dy.Shape} should have {Window[axis].Outputs(x.Shape[axis + 2])} positions on axis {axis + 2}");
        }
        return new Spec(sizes, x.Type);
    }

    /// <inheritdoc/>
    public override Tensor? Gradient(int input, in Application application, Tensor gradient) => input == 0
        ? Tensor.Apply(new ConvolutionInputGradient(Window, Groups, application.Input(0).Shape), application.Input(1), gradient)
        : Tensor.Apply(new Convolution(Window, Groups), application.Input(0), gradient);

    private protected override bool IsMap(int input) => true;

    private protected override ConvolutionProblem Problem(in Operands operands)
        => Problem(operands.Inputs[0], operands.Output.Shape, operands.Inputs[1].Shape) with { InputStrides = Lying(operands, 0), OutputStrides = Lying(operands, 1) };

    /// <inheritdoc/>
    public override long Multiplies(ReadOnlySpan<Spec> inputs, Spec output) => Problem(inputs[0], output.Shape, inputs[1].Shape).Multiplies;

    /// <inheritdoc/>
    public override long UsefulMultiplies(ReadOnlySpan<Spec> inputs, Spec output) => Problem(inputs[0], output.Shape, inputs[1].Shape).UsefulMultiplies;
}
