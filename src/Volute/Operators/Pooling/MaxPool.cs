using Volute.Kernels;

namespace Volute;

/// <summary>The windows of a pooling over one to three axes, unit axes in front.</summary>
/// <param name="Depth">Windows along the depth.</param>
/// <param name="Height">Windows along the height.</param>
/// <param name="Width">Windows along the width.</param>
/// <param name="Rank">The number of spatial axes.</param>
internal sealed record PoolWindows(AxisWindows Depth, AxisWindows Height, AxisWindows Width, int Rank)
{
    public Extent Input => new(Depth.Inputs, Height.Inputs, Width.Inputs);

    public Extent Output => new(Depth.Outputs, Height.Outputs, Width.Outputs);

    public int[] Sizes(Extent extent) => [.. new[] { extent.Depth, extent.Height, extent.Width }.Skip(3 - Rank)];

    public static PoolWindows Of(int rank, Func<int, AxisWindows> axis)
    {
        AxisWindows At(int i) => i < 0 ? AxisWindows.Identity(1) : axis(i);
        return new PoolWindows(At(rank - 3), At(rank - 2), At(rank - 1), rank);
    }
}

/// <summary>y[n, c, o] = the largest x[n, c, i] of the window of o, or with <paramref name="Indices"/> its place in the plane.</summary>
internal sealed record MaxPool(PoolWindows Windows, bool Indices) : Operator
{
    public override string Name => Indices ? "max pool indices" : "max pool";

    public override Spec Infer(ReadOnlySpan<Spec> inputs)
    {
        Shape x = inputs[0].Shape;
        if (inputs[0].Type == ElementType.Int32)
            throw SourceLine.Error($"{Name}: needs float32 or float64, got int32; convert with To");
        return new Spec([x[0], x[1], .. Windows.Sizes(Windows.Output)], Indices ? ElementType.Int32 : inputs[0].Type);
    }

    public override Tensor? Gradient(int input, in Application application, Tensor gradient)
        => Indices ? null : Tensor.Apply(new MaxPoolScatter(Windows), Tensor.Apply(this with { Indices = true }, application.Input(0)), gradient);

    public override unsafe Lowered Lower(in Operands operands)
    {
        Shape x = operands.Inputs[0].Shape;
        ElementType type = operands.Inputs[0].Type;
        int channels = x[1];
        PoolWindows w = Windows;
        MaxPoolKernel kernel = new(type, x[0], channels, w.Input, w.Output, w.Depth, w.Height, w.Width, MapStrides.Dense(w.Input, channels), MapStrides.Dense(w.Output, channels));
        return Indices
            ? new Lowered("max pool", (p, _) => kernel.Run(p[1], null, (int*)p[0]))
            : new Lowered("max pool", (p, _) => kernel.Run(p[1], p[0]));
    }
}

/// <summary>dx[i] = Σ dy[o] over the windows whose largest was at i: from (indices, dy).</summary>
internal sealed record MaxPoolScatter(PoolWindows Windows) : Operator
{
    public override string Name => "max pool gradient";

    public override Spec Infer(ReadOnlySpan<Spec> inputs)
    {
        Shape dy = inputs[1].Shape;
        if (inputs[0].Shape != dy || dy.Rank != Windows.Rank + 2 || !dy.Skip(2).SequenceEqual(Windows.Sizes(Windows.Output)))
            throw SourceLine.Error($"max pool gradient: expected [N, C, {string.Join(", ", Windows.Sizes(Windows.Output))}] twice, got places {inputs[0].Shape} and gradients {dy}");
        return inputs[1] with { Shape = [dy[0], dy[1], .. Windows.Sizes(Windows.Input)] };
    }

    public override Tensor? Gradient(int input, in Application application, Tensor gradient)
        => input == 0 ? null : Tensor.Apply(new GatherPlaces(Windows), application.Input(0), gradient);

    public override unsafe Lowered Lower(in Operands operands)
    {
        Shape dy = operands.Inputs[1].Shape;
        int channels = dy[1];
        PoolWindows w = Windows;
        MaxPoolGradientKernel kernel = new(operands.Output.Type, dy[0], channels, w.Input, w.Output, w.Depth, w.Height, w.Width,
            MapStrides.Dense(w.Output, channels), MapStrides.Dense(w.Input, channels));
        return new Lowered("max pool", (p, _) => kernel.Run((int*)p[1], p[2], p[0]));
    }
}

/// <summary>y[o] = x[indices[o]] in each plane: from (indices, x). With windows, the indices are those of a pooling with them; without, each place is named once.</summary>
internal sealed record GatherPlaces(PoolWindows? Windows) : Operator
{
    public override string Name => "gather places";

    public override Spec Infer(ReadOnlySpan<Spec> inputs) => inputs[1] with { Shape = inputs[0].Shape };

    public override Tensor? Gradient(int input, in Application application, Tensor gradient)
    {
        if (input == 0)
            return null;
        Operator op = Windows is null ? new MaxUnpool([.. application.Input(1).Shape.Skip(2)]) : new MaxPoolScatter(Windows);
        return Tensor.Apply(op, application.Input(0), gradient);
    }

    public override unsafe Lowered Lower(in Operands operands)
    {
        MaxUnpoolKernel kernel = MaxUnpool.Kernel(operands.Output, operands.Inputs[1].Shape);
        return new Lowered("unpool", (p, _) => kernel.RunGradient((int*)p[1], p[2], p[0]));
    }
}

/// <summary>y[indices[i]] = x[i] in each plane of <paramref name="Spatial"/>, 0 elsewhere: from (indices, x). Of several the last in order stays.</summary>
internal sealed record MaxUnpool(Shape Spatial) : Operator
{
    public override string Name => "max unpool";

    public override Spec Infer(ReadOnlySpan<Spec> inputs)
    {
        if (inputs[0].Shape != inputs[1].Shape || inputs[0].Type != ElementType.Int32)
            throw SourceLine.Error($"max unpool: values {inputs[1].Shape} need int32 indices of the same shape, got {inputs[0].Shape} of {inputs[0].Type.Name()}");
        if (Spatial.Rank is < 1 or > 3 || inputs[1].Shape.Rank != Spatial.Rank + 2)
            throw SourceLine.Error($"max unpool: expected [N, C, ...] with the spatial axes of {Spatial}, got shape {inputs[1].Shape}");
        if (inputs[1].Type == ElementType.Int32)
            throw SourceLine.Error("max unpool: values must be float32 or float64, got int32; convert with To");
        return inputs[1] with { Shape = [inputs[1].Shape[0], inputs[1].Shape[1], .. Spatial] };
    }

    public override Tensor? Gradient(int input, in Application application, Tensor gradient)
        => input == 0 ? null : Tensor.Apply(new GatherPlaces(null), application.Input(0), gradient);

    public override unsafe Lowered Lower(in Operands operands)
    {
        MaxUnpoolKernel kernel = Kernel(operands.Inputs[1], operands.Output.Shape);
        return new Lowered("unpool", (p, _) => kernel.Run((int*)p[1], p[2], p[0]));
    }

    /// <summary>The kernel between few places (x) and the whole planes (y).</summary>
    internal static MaxUnpoolKernel Kernel(Spec few, Shape whole)
    {
        static Extent Spatial(Shape s) => new(s.Rank > 4 ? s[^3] : 1, s.Rank > 3 ? s[^2] : 1, s[^1]);
        Extent from = Spatial(few.Shape), to = Spatial(whole);
        int channels = few.Shape[1];
        return new MaxUnpoolKernel(few.Type, few.Shape[0], channels, from, to, MapStrides.Dense(from, channels), MapStrides.Dense(to, channels));
    }
}

/// <summary>Max pooling and its inverse.</summary>
public static class MaxPools
{
    extension(Tensor x)
    {
        /// <summary>The largest of every window of (N, C, …); padding never wins, NaN does.</summary>
        /// <param name="window">Kernel, stride, dilation and padding; padding at most half the reach.</param>
        /// <param name="ceilMode">Whether a window that lies only partly inside counts.</param>
        public Tensor MaxPool(Window window, bool ceilMode = false) => Tensor.Apply(new MaxPool(Windows(x, window, ceilMode), Indices: false), x);

        /// <summary>The place d·H·W + h·W + w of every window's largest in its plane, int32; the first of equal ones.</summary>
        /// <inheritdoc cref="MaxPool"/>
        public Tensor MaxPoolIndices(Window window, bool ceilMode = false) => Tensor.Apply(new MaxPool(Windows(x, window, ceilMode), Indices: true), x);

        /// <summary>The largest of as many, nearly equal, parts of each axis as the output has positions.</summary>
        public Tensor AdaptiveMaxPool(params int[] outputs) => Tensor.Apply(new MaxPool(Adaptive(x, outputs), Indices: false), x);

        /// <summary>The places of <see cref="AdaptiveMaxPool"/>'s results.</summary>
        public Tensor AdaptiveMaxPoolIndices(params int[] outputs) => Tensor.Apply(new MaxPool(Adaptive(x, outputs), Indices: true), x);

        /// <summary>Zeros of the given spatial size with this map's values at <paramref name="indices"/>.</summary>
        /// <exception cref="InvalidArgumentException">When evaluated: an index outside the plane.</exception>
        public Tensor MaxUnpool(Tensor indices, params int[] spatial) => Tensor.Apply(new MaxUnpool(spatial), indices, x);
    }

    private static PoolWindows Windows(Tensor x, Window window, bool ceilMode)
    {
        if (x.Shape.Rank != window.Rank + 2 || window.Rank == 0)
            throw SourceLine.Error($"max pool: expected [N, C, ...] with {window.Rank} spatial axes, got shape {x.Shape}");
        for (int i = 0; i < window.Rank; i++)
        {
            if (window[i].Outputs(x.Shape[i + 2], ceilMode) < 1)
                throw SourceLine.Error($"max pool: the kernel spans {window[i].Reach} positions on axis {i + 2}, but the input has {x.Shape[i + 2]} with padding {window[i].PadBegin} (shape {x.Shape})");
        }
        return PoolWindows.Of(window.Rank, i => AxisWindows.Pool(window[i], x.Shape[i + 2], ceilMode));
    }

    private static PoolWindows Adaptive(Tensor x, int[] outputs)
        => x.Shape.Rank == outputs.Length + 2 && outputs.Length is >= 1 and <= 3 ? PoolWindows.Of(outputs.Length, i => AxisWindows.Adaptive(x.Shape[i + 2], outputs[i]))
            : throw SourceLine.Error($"adaptive max pool: expected [N, C, ...] with {outputs.Length} spatial axes, got shape {x.Shape}");
}
