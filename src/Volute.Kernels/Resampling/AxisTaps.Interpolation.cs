using System.Numerics;

namespace Volute.Kernels;

/// <summary>How an interpolated position is found: as PyTorch does, in the arithmetic of the tensor's type, so that the same inputs are chosen.</summary>
public sealed partial class AxisTaps
{
    private const double CubicA = -0.75, AntialiasedCubicA = -0.5;

    /// <summary>The size that a scale factor asks for: ⌊input · scale⌋.</summary>
    /// <exception cref="InvalidArgumentException">The scale is not above 0 or leaves nothing.</exception>
    public static int ScaledSize(int input, double scale)
    {
        CheckScale(scale);
        double size = Math.Floor(input * scale);
        if (size < 1)
            throw new InvalidArgumentException($"scale factor {scale} leaves nothing of {input} positions; use a larger one");
        if (size > Sizes.MaxElements)
            throw new LimitException("an interpolated axis", size.ToString("F0"), Sizes.MaxElements.ToString(), "positions");
        return (int)size;
    }

    /// <summary>y[o] = x[⌊o · n/m⌋] (n inputs, m outputs; 1/scale in place of n/m where a scale is given): PyTorch's 'nearest'.</summary>
    public static AxisTaps Nearest(int input, int output, double? scale = null, ElementType type = ElementType.Float32)
        => type == ElementType.Float64 ? Nearest<double>(input, output, scale, 0) : Nearest<float>(input, output, scale, 0);

    /// <summary>y[o] = x[⌊(o + ½) · n/m⌋]: PyTorch's 'nearest-exact', the input whose centre is nearest.</summary>
    public static AxisTaps NearestExact(int input, int output, double? scale = null, ElementType type = ElementType.Float32)
        => type == ElementType.Float64 ? Nearest<double>(input, output, scale, 0.5) : Nearest<float>(input, output, scale, 0.5f);

    /// <summary>y[o] = (1 − t)·x[i] + t·x[i + 1] with i + t the place of o: 'linear', 'bilinear' and 'trilinear' along one axis.</summary>
    /// <remarks>The place is o·(n−1)/(m−1) with <paramref name="alignCorners"/>, else max(0, (o + ½)·n/m − ½); a given scale s puts 1/s for n/m.</remarks>
    public static AxisTaps Linear(int input, int output, bool alignCorners = false, double? scale = null, ElementType type = ElementType.Float32)
        => type == ElementType.Float64 ? Linear<double>(input, output, alignCorners, scale) : Linear<float>(input, output, alignCorners, scale);

    /// <summary>y[o] = Σ over j = −1..2 of c(t − j)·x[i + j], Keys' cubic with A = −0.75, inputs beyond the border repeating it: 'bicubic' along one axis.</summary>
    public static AxisTaps Cubic(int input, int output, bool alignCorners = false, double? scale = null, ElementType type = ElementType.Float32)
        => type == ElementType.Float64 ? Cubic<double>(input, output, alignCorners, scale) : Cubic<float>(input, output, alignCorners, scale);

    /// <summary>The mean over the inputs that an output covers: PyTorch's 'area', which is <see cref="AdaptiveAverage"/>.</summary>
    public static AxisTaps Area(int input, int output) => AdaptiveAverage(input, output);

    /// <summary>Linear (or, with <paramref name="cubic"/>, cubic with A = −½) interpolation whose filter widens with the step when it shrinks: PyTorch's antialias.</summary>
    /// <remarks>Source: the triangle and Keys filters of Pillow's resize, normalized to sum 1.</remarks>
    public static AxisTaps Antialiased(int input, int output, bool cubic, bool alignCorners = false, double? scale = null)
    {
        Builder builder = new(input, output, "interpolation");
        double step = Step<double>(input, output, alignCorners, scale), stretch = Math.Max(step, 1), support = (cubic ? 2 : 1) * stretch;
        for (int o = 0; o < output; o++)
        {
            double centre = step * (o + 0.5);
            int first = Math.Max((int)(centre - support + 0.5), 0), end = Math.Min((int)(centre + support + 0.5), input);
            double total = 0;
            for (int i = first; i < end; i++)
                total += Filter((i + 0.5 - centre) / stretch, cubic);
            for (int i = first; i < end; i++)
                builder.Add(i, Filter((i + 0.5 - centre) / stretch, cubic) / total);
            builder.EndOutput();
        }
        return builder.Build();
    }

    private static double Filter(double distance, bool cubic)
    {
        double x = Math.Abs(distance);
        if (!cubic)
            return Math.Max(0, 1 - x);
        return x < 1 ? CubicNear(x, AntialiasedCubicA) : x < 2 ? CubicFar(x, AntialiasedCubicA) : 0;
    }

    private static AxisTaps Nearest<T>(int input, int output, double? scale, T offset) where T : IBinaryFloatingPointIeee754<T>
    {
        Builder builder = new(input, output, "interpolation");
        T step = Ratio<T>(input, output, scale);
        for (int o = 0; o < output; o++)
        {
            builder.Add(Math.Min(long.CreateSaturating(T.Floor((T.CreateTruncating(o) + offset) * step)), input - 1), 1);
            builder.EndOutput();
        }
        return builder.Build();
    }

    private static AxisTaps Linear<T>(int input, int output, bool alignCorners, double? scale) where T : IBinaryFloatingPointIeee754<T>
    {
        Builder builder = new(input, output, "interpolation");
        T step = Step<T>(input, output, alignCorners, scale);
        for (int o = 0; o < output; o++)
        {
            var (first, t) = input == output ? (o, T.Zero) : Split(T.Max(T.Zero, Place(step, o, alignCorners)), input);
            builder.Add(first, double.CreateTruncating(T.One - t));
            builder.Add(Math.Min(first + 1, input - 1), double.CreateTruncating(t));
            builder.EndOutput();
        }
        return builder.Build();
    }

    private static AxisTaps Cubic<T>(int input, int output, bool alignCorners, double? scale) where T : IBinaryFloatingPointIeee754<T>
    {
        Builder builder = new(input, output, "interpolation");
        T step = Step<T>(input, output, alignCorners, scale), a = T.CreateTruncating(CubicA);
        for (int o = 0; o < output; o++)
        {
            var (first, t) = Split(Place(step, o, alignCorners), input);
            T rest = T.One - t;
            ReadOnlySpan<T> weights = [CubicFar(t + T.One, a), CubicNear(t, a), CubicNear(rest, a), CubicFar(rest + T.One, a)];
            for (int j = 0; j < 4; j++)
                builder.Add(Math.Clamp(first - 1L + j, 0, input - 1), double.CreateTruncating(weights[j]));
            builder.EndOutput();
        }
        return builder.Build();
    }

    /// <summary>Where output o lies among the inputs, whose centres are at whole numbers.</summary>
    private static T Place<T>(T step, int o, bool alignCorners) where T : IBinaryFloatingPointIeee754<T>
    {
        T half = T.CreateTruncating(0.5), position = T.CreateTruncating(o);
        return alignCorners ? step * position : step * (position + half) - half;
    }

    /// <summary>The input at or before a place and how far beyond it the place lies, 0..1.</summary>
    private static (int First, T Beyond) Split<T>(T place, int input) where T : IBinaryFloatingPointIeee754<T>
    {
        int first = (int)Math.Min(long.CreateSaturating(T.Floor(place)), input - 1);
        return (first, T.Clamp(place - T.CreateTruncating(first), T.Zero, T.One));
    }

    private static T Step<T>(int input, int output, bool alignCorners, double? scale) where T : IBinaryFloatingPointIeee754<T>
        => !alignCorners ? Ratio<T>(input, output, scale)
            : output > 1 ? T.CreateTruncating(input - 1) / T.CreateTruncating(output - 1) : T.Zero;

    private static T Ratio<T>(int input, int output, double? scale) where T : IBinaryFloatingPointIeee754<T>
    {
        if (scale is not { } given)
            return T.CreateTruncating(input) / T.CreateTruncating(output);
        CheckScale(given);
        return T.CreateTruncating(1 / given);
    }

    private static void CheckScale(double scale)
    {
        if (!(scale > 0 && double.IsFinite(scale)))
            throw new InvalidArgumentException($"a scale factor must be above 0 and finite, got {scale}");
    }

    private static T CubicNear<T>(T x, T a) where T : IBinaryFloatingPointIeee754<T>
        => ((a + T.CreateTruncating(2)) * x - (a + T.CreateTruncating(3))) * x * x + T.One;

    private static T CubicFar<T>(T x, T a) where T : IBinaryFloatingPointIeee754<T>
        => ((a * x - T.CreateTruncating(5) * a) * x + T.CreateTruncating(8) * a) * x - T.CreateTruncating(4) * a;
}
