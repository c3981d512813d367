namespace Volute.Kernels;

public sealed partial class AxisTaps
{
    /// <summary>y[o] = x[o − begin], and 0 where that lies outside. Negative numbers cut positions off.</summary>
    public static AxisTaps Zeros(int input, int begin, int end) => Pad("zero padding", input, begin, end, static (i, n) => i >= 0 && i < n ? i : -1);

    /// <summary>y = … x₂ x₁ [x₀ x₁ … xₙ₋₁] xₙ₋₂ …: mirrored about the border positions, which are not repeated.</summary>
    /// <exception cref="InvalidArgumentException">Padding of n or more.</exception>
    public static AxisTaps Reflect(int input, int begin, int end)
    {
        if (begin >= input || end >= input)
            throw new InvalidArgumentException($"reflect padding must be smaller than the input, got {begin} before and {end} after {input} positions");
        return Pad("reflect padding", input, begin, end, static (i, n) => i < 0 ? -i : i >= n ? 2 * n - 2 - i : i);
    }

    /// <summary>y = … x₀ x₀ [x₀ x₁ … xₙ₋₁] xₙ₋₁ …: the border positions are repeated.</summary>
    public static AxisTaps Replicate(int input, int begin, int end) => Pad("replicate padding", input, begin, end, static (i, n) => Math.Clamp(i, 0, n - 1));

    /// <summary>y = … xₙ₋₂ xₙ₋₁ [x₀ x₁ … xₙ₋₁] x₀ x₁ …: the axis is a ring. Negative numbers cut positions off before it is closed.</summary>
    /// <exception cref="InvalidArgumentException">Padding of more than n: the ring would be passed twice.</exception>
    public static AxisTaps Circular(int input, int begin, int end)
    {
        int first = Math.Max(0, -begin), ring = input - first - Math.Max(0, -end);
        if (ring > 0 && (begin > ring || end > ring))
            throw new InvalidArgumentException($"circular padding must not exceed the input, got {begin} before and {end} after {ring} positions");
        return Pad("circular padding", input, begin, end, (i, _) => first + (i - first + ring) % ring);
    }

    private static AxisTaps Pad(string what, int input, int begin, int end, Func<long, long, long> source)
    {
        Builder builder = new(input, (long)input + begin + end, what);
        for (long o = 0; o < (long)input + begin + end; o++)
        {
            if (source(o - begin, input) is >= 0 and var position)
                builder.Add(position, 1);
            builder.EndOutput();
        }
        return builder.Build();
    }
}
