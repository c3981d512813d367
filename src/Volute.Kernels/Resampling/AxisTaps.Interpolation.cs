using System.Numerics;

namespace Volute.Kernels;

/// <summary>Interpolated positions are found as PyTorch finds them, with the step rounded to the tensor's type: the same inputs are chosen.</summary>
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
    {
        double step = Step(input, output, alignCorners: false, scale, type);
        return Gather(input, output, o => step * o);
    }

    /// <summary>y[o] = x[⌊(o + ½) · n/m⌋]: PyTorch's 'nearest-exact', the input whose centre is nearest.</summary>
    public static AxisTaps NearestExact(int input, int output, double? scale = null, ElementType type = ElementType.Float32)
    {
        double step = Step(input, output, alignCorners: false, scale, type);
        return Gather(input, output, o => Place(step, o, alignCorners: false) + 0.5);
    }

    /// <summary>y[o] = (1 − t)·x[i] + t·x[i + 1] with i + t the place of o: 'linear', 'bilinear' and 'trilinear' along one axis.</summary>
    /// <remarks>The place is o·(n−1)/(m−1) with <paramref name="alignCorners"/>, else max(0, (o + ½)·n/m − ½); a given scale s puts 1/s for n/m.</remarks>
    public static AxisTaps Linear(int input, int output, bool alignCorners = false, double? scale = null, ElementType type = ElementType.Float32)
    {
        Builder builder = new(input, output, "interpolation");
        double step = Step(input, output, alignCorners, scale, type);
        for (int o = 0; o < output; o++)
        {
            var (first, t) = input == output ? (o, 0) : Split(Math.Max(0, Place(step, o, alignCorners)), input);
            builder.Add(first, 1 - t);
            builder.Add(Math.Min(first + 1, input - 1), t);
            builder.EndOutput();
        }
        return builder.Build();
    }

    /// <summary>y[o] = Σ over j = −1..2 of c(t − j)·x[i + j], Keys' cubic with A = −0.75, inputs beyond the border repeating it: 'bicubic' along one axis.</summary>
    /// <remarks>Places as in <see cref="Linear"/>, but negative ones are kept.</remarks>
    public static AxisTaps Cubic(int input, int output, bool alignCorners = false, double? scale = null, ElementType type = ElementType.Float32)
    {
        Builder builder = new(input, output, "interpolation");
        double step = Step(input, output, alignCorners, scale, type);
        for (int o = 0; o < output; o++)
        {
            var (first, t) = Split(Place(step, o, alignCorners), input);
            ReadOnlySpan<double> weights = [CubicFar(1 + t, CubicA), CubicNear(t, CubicA), CubicNear(1 - t, CubicA), CubicFar(2 - t, CubicA)];
            for (int j = 0; j < 4; j++)
                builder.Add(Math.Clamp(first - 1L + j, 0, input - 1), weights[j]);
            builder.EndOutput();
        }
        return builder.Build();
    }

    /// <summary>The mean over the inputs that an output covers: PyTorch's 'area', which is <see cref="AdaptiveAverage"/>.</summary>
    public static AxisTaps Area(int input, int output) => AdaptiveAverage(input, output);

    /// <summary>Linear (or, with <paramref name="cubic"/>, cubic with A = −½) interpolation whose filter widens with the step when it shrinks: PyTorch's antialias.</summary>
    /// <remarks>Source: the triangle and Keys filters of Pillow's resize, normalized to sum 1.</remarks>
    public static AxisTaps Antialiased(int input, int output, bool cubic, bool alignCorners = false, double? scale = null)
    {
        Builder builder = new(input, output, "interpolation");
        double step = Step(input, output, alignCorners, scale, ElementType.Float64), stretch = Math.Max(step, 1), support = (cubic ? 2 : 1) * stretch;
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

    /// <summary>y[o] = x[⌊place of o⌋], the place rounded to float32 first whatever the tensor's type: what should be a whole number is one.</summary>
    private static AxisTaps Gather(int input, int output, Func<int, double> place)
    {
        Builder builder = new(input, output, "interpolation");
        for (int o = 0; o < output; o++)
        {
            builder.Add(Math.Min((long)MathF.Floor((float)place(o)), input - 1), 1);
            builder.EndOutput();
        }
        return builder.Build();
    }

    /// <summary>Where output o lies among the inputs, whose centres are at whole numbers.</summary>
    private static double Place(double step, int o, bool alignCorners) => alignCorners ? step * o : Math.FusedMultiplyAdd(step, o + 0.5, -0.5);

    /// <summary>The input at or before a place and how far beyond it the place lies, 0..1.</summary>
    private static (int First, double Beyond) Split(double place, int input)
    {
        int first = (int)Math.Min(Math.Floor(place), input - 1);
        return (first, Math.Clamp(place - first, 0, 1));
    }

    /// <summary>Inputs from one output to the next, rounded to the tensor's type.</summary>
    private static double Step(int input, int output, bool alignCorners, double? scale, ElementType type)
        => type == ElementType.Float64 ? Step<double>(input, output, alignCorners, scale) : Step<float>(input, output, alignCorners, scale);

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

    private static double CubicNear(double x, double a) => ((a + 2) * x - (a + 3)) * x * x + 1;

    private static double CubicFar(double x, double a) => ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
}
