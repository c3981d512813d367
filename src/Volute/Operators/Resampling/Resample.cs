using Volute.Kernels;

namespace Volute;

/// <summary>
/// A separable linear map of the spatial axes: y[n, c, o] = Σ Πₐ wₐ[oₐ, iₐ]·x[n, c, i]. Average pooling, interpolation of every kind and padding that
/// repeats the input are such maps; the gradient is the same operator with the maps transposed.
/// </summary>
internal sealed record Resample(string Name, AxisTaps Depth, AxisTaps Height, AxisTaps Width, int Rank) : Operator
{
    public override string Name { get; } = Name;

    public override Spec Infer(ReadOnlySpan<Spec> inputs)
    {
        Shape x = inputs[0].Shape;
        if (inputs[0].Type == ElementType.Int32)
            throw SourceLine.Error($"{Name}: needs float32 or float64, got int32; convert with To");
        return inputs[0] with { Shape = [x[0], x[1], .. Taps.Select(t => t.Outputs)] };
    }

    public override Tensor? Gradient(int input, in Application application, Tensor gradient)
        => Tensor.Apply(new Resample(Name, Depth.Transpose(), Height.Transpose(), Width.Transpose(), Rank), gradient);

    /// <summary>The map may be a part of another.</summary>
    public override bool Accepts(int input, in Layout layout) => layout.IsDense || FeatureMap.Strides(layout) is not null;

    public override bool CanWrite(ReadOnlySpan<Spec> inputs, in Layout layout) => layout.IsDense || FeatureMap.Strides(layout) is not null;

    public override unsafe Lowered Lower(in Operands operands)
    {
        Shape x = operands.Inputs[0].Shape;
        Extent from = new(Depth.Inputs, Height.Inputs, Width.Inputs), to = new(Depth.Outputs, Height.Outputs, Width.Outputs);
        ResampleKernel kernel = new(operands.Output.Type, x[0], x[1], from, to, Depth, Height, Width,
            FeatureMap.Strides(operands.Layouts[0]) ?? MapStrides.Dense(from, x[1]), FeatureMap.Strides(operands.OutputLayout) ?? MapStrides.Dense(to, x[1]));
        return new Lowered("resample", (p, workspace) => kernel.Run(p[1], p[0], workspace), kernel.WorkspaceBytes);
    }

    private AxisTaps[] Taps => Rank switch { 1 => [Width], 2 => [Height, Width], _ => [Depth, Height, Width] };
}

/// <summary>How values between samples are found.</summary>
public enum Interpolation
{
    /// <summary>The sample at or before (PyTorch's 'nearest').</summary>
    Nearest,

    /// <summary>The sample whose centre is nearest (PyTorch's 'nearest-exact').</summary>
    NearestExact,

    /// <summary>Linear, bilinear or trilinear, by the number of axes.</summary>
    Linear,

    /// <summary>Bicubic with A = −0.75 (2D).</summary>
    Cubic,

    /// <summary>The mean over the covered area.</summary>
    Area,
}

/// <summary>Linear maps of the spatial axes of (N, C, …).</summary>
public static class Resampling
{
    extension(Tensor x)
    {
        /// <summary>The map's spatial axes at other sizes. Exactly one of <paramref name="size"/> and <paramref name="scaleFactor"/> is given.</summary>
        /// <param name="size">Sizes of the spatial axes.</param>
        /// <param name="scaleFactor">Factors; sizes are ⌊n·factor⌋, and the given factor enters the coordinates, as in PyTorch.</param>
        /// <param name="mode">How values between samples are found.</param>
        /// <param name="alignCorners">Whether the outer samples' centres stay where they are (linear and cubic only).</param>
        /// <param name="recomputeScaleFactor">Whether the ratio of sizes enters the coordinates instead of the given factor.</param>
        /// <exception cref="InvalidArgumentException">Both or neither of size and factor; alignCorners with a mode that has none.</exception>
        public Tensor Interpolate(int[]? size = null, double[]? scaleFactor = null, Interpolation mode = Interpolation.Nearest, bool? alignCorners = null, bool recomputeScaleFactor = false)
        {
            int rank = SpatialRank(x, "interpolate");
            if (size is null == scaleFactor is null)
                throw new InvalidArgumentException("interpolate: give either size or scaleFactor");
            if (alignCorners is not null && mode is not (Interpolation.Linear or Interpolation.Cubic))
                throw new InvalidArgumentException($"interpolate: alignCorners goes with linear and cubic modes only, not {mode}");
            if (mode == Interpolation.Cubic && rank != 2)
                throw SourceLine.Error($"interpolate: cubic needs [N, C, H, W], got shape {x.Shape}");
            bool align = alignCorners ?? false;
            int[] outputs = new int[rank];
            for (int i = 0; i < rank; i++)
            {
                outputs[i] = scaleFactor is null ? PerAxisValue(size!, i, rank, "size") : AxisTaps.ScaledSize(x.Shape[i + 2], PerAxisValue(scaleFactor, i, rank, "scaleFactor"));
                if (outputs[i] < 1)
                    throw new InvalidArgumentException($"interpolate: axis {i + 2} of {x.Shape[i + 2]} positions would have {outputs[i]}");
            }
            CheckSize(x, outputs);
            return x.Resample($"interpolate {mode.ToString().ToLowerInvariant()}", (i, n) =>
            {
                double? scale = scaleFactor is null ? null : PerAxisValue(scaleFactor, i, rank, "scaleFactor");
                int output = outputs[i];
                double? given = recomputeScaleFactor ? null : scale;
                return mode switch
                {
                    Interpolation.Nearest => AxisTaps.Nearest(n, output, given, x.Type),
                    Interpolation.NearestExact => AxisTaps.NearestExact(n, output, given, x.Type),
                    Interpolation.Linear => AxisTaps.Linear(n, output, align, given, x.Type),
                    Interpolation.Cubic => AxisTaps.Cubic(n, output, align, given, x.Type),
                    _ => AxisTaps.Area(n, output),
                };
            });
        }

        /// <summary>A linear map of each spatial axis of (N, C, …): y[n, c, o] = Σ Πₐ wₐ[oₐ, iₐ]·x[n, c, i].</summary>
        /// <param name="taps">One for each spatial axis, whose inputs are its positions.</param>
        /// <exception cref="InvalidArgumentException">Not one for each axis, or made for another size.</exception>
        public Tensor Resample(params IReadOnlyList<AxisTaps> taps)
        {
            CheckAxes(x, taps.Count, "resample");
            for (int i = 0; i < taps.Count; i++)
            {
                if (taps[i].Inputs != x.Shape[i + 2])
                    throw new InvalidArgumentException($"resample: taps {i} are of {taps[i].Inputs} positions, axis {i + 2} of {x.Shape} has {x.Shape[i + 2]}");
            }
            CheckSize(x, [.. taps.Select(t => t.Outputs)]);
            return x.Resample("resample", (i, _) => taps[i]);
        }

        /// <summary>The mean of every window of (N, C, …).</summary>
        /// <param name="window">Kernel, stride and padding; padding at most half the kernel.</param>
        /// <param name="ceilMode">Whether a window that lies only partly inside counts.</param>
        /// <param name="countIncludePad">Whether padding counts in the divisor.</param>
        /// <param name="divisorOverride">A divisor to use instead.</param>
        public Tensor AveragePool(Window window, bool ceilMode = false, bool countIncludePad = true, int? divisorOverride = null)
        {
            if (divisorOverride == 0)
                throw new InvalidArgumentException("average pool: divisorOverride must not be 0");
            CheckAxes(x, window.Rank, "average pool");
            Tensor y = x.Resample("average pool", (i, n) => divisorOverride is null
                ? AxisTaps.AveragePool(window[i], n, ceilMode, countIncludePad)
                : Sums(AxisTaps.AveragePool(window[i], n, ceilMode)));
            return divisorOverride is { } divisor ? y * (1.0 / divisor) : y;
        }

        /// <summary>Means of as many, nearly equal, parts of each axis as the output has positions; the output may also be larger.</summary>
        public Tensor AdaptiveAveragePool(params int[] outputs)
        {
            CheckAxes(x, outputs.Length, "adaptive average pool");
            CheckSize(x, outputs);
            return x.Resample("adaptive average pool", (i, n) => AxisTaps.AdaptiveAverage(n, outputs[i]));
        }

        /// <summary>More positions at both ends of each spatial axis, taken from the input itself; zeros with <see cref="PaddingMode.Zeros"/>.</summary>
        /// <exception cref="InvalidArgumentException">More than the mode can take from the axis.</exception>
        public Tensor Pad(IReadOnlyList<(int Begin, int End)> padding, PaddingMode mode)
        {
            string name = $"pad {mode.ToString().ToLowerInvariant()}";
            CheckAxes(x, padding.Count, name);
            CheckSize(x, [.. padding.Select((p, i) => Embedding.AxisSize(name, Math.Max(0, (long)x.Shape[i + 2] + p.Begin + p.End)))]);
            return x.Resample(name, (i, n) => mode switch
            {
                PaddingMode.Reflect => AxisTaps.Reflect(n, padding[i].Begin, padding[i].End),
                PaddingMode.Replicate => AxisTaps.Replicate(n, padding[i].Begin, padding[i].End),
                PaddingMode.Circular => AxisTaps.Circular(n, padding[i].Begin, padding[i].End),
                _ => AxisTaps.Zeros(n, padding[i].Begin, padding[i].End),
            });
        }

        /// <summary>One spatial axis through a linear map.</summary>
        internal Tensor ResampleAxis(string name, int axis, AxisTaps taps) => x.Resample(name, (i, n) => i == axis ? taps : AxisTaps.Identity(n));

        private Tensor Resample(string name, Func<int, int, AxisTaps> taps)
        {
            int rank = SpatialRank(x, name);
            AxisTaps At(int axis) => axis < 0 ? AxisTaps.Identity(1) : taps(axis, x.Shape[axis + 2]);
            return Tensor.Apply(new Resample(name, At(rank - 3), At(rank - 2), At(rank - 1), rank), x);
        }
    }

    /// <summary>The same taps, added instead of averaged.</summary>
    private static AxisTaps Sums(AxisTaps taps)
    {
        double[] ones = new double[taps.Weights.Length];
        Array.Fill(ones, 1);
        return AxisTaps.Create(taps.Inputs, taps.Starts, taps.Positions, ones);
    }

    /// <summary>Raises the error of a result that is too large before anything is made for it.</summary>
    private static void CheckSize(Tensor x, int[] spatial) => Sizes.Product([x.Shape[0], x.Shape[1], .. spatial], "the result");

    private static void CheckAxes(Tensor x, int axes, string name)
    {
        if (axes != SpatialRank(x, name))
            throw SourceLine.Error($"{name}: expected [N, C, ...] with {axes} spatial axes, got shape {x.Shape}");
    }

    private static int SpatialRank(Tensor x, string name)
        => x.Shape.Rank is >= 3 and <= 5 ? x.Shape.Rank - 2
            : throw SourceLine.Error($"{name}: expected [N, C, ...] with 1 to 3 spatial axes, got shape {x.Shape}");

    private static T PerAxisValue<T>(T[] values, int axis, int rank, string name)
        => values.Length == 1 ? values[0] : values.Length == rank ? values[axis]
            : throw new InvalidArgumentException($"interpolate: {name} needs 1 or {rank} numbers, got [{string.Join(", ", values)}]");
}
