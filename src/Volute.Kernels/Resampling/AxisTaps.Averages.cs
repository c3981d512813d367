namespace Volute.Kernels;

public sealed partial class AxisTaps
{
    /// <summary>y[o] = mean over the taps k of x[o·s + k·d − p₀], PyTorch's AvgPool along one axis.</summary>
    /// <remarks>
    /// With <paramref name="countIncludePad"/> the divisor counts the taps in the padding too (those beyond it, which ceil mode
    /// brings, never count). The divisor of a window over several axes is the product of theirs.
    /// </remarks>
    /// <param name="axis">Kernel k, stride s, dilation d and padding.</param>
    /// <param name="input">The size of the input.</param>
    /// <param name="ceilMode">Round the number of outputs up, see <see cref="WindowAxis.Outputs"/>.</param>
    /// <param name="countIncludePad">Whether padding counts as zeros that were averaged.</param>
    /// <exception cref="InvalidArgumentException">No output fits, or a window lies wholly in padding that does not count.</exception>
    public static AxisTaps AveragePool(WindowAxis axis, int input, bool ceilMode = false, bool countIncludePad = true)
    {
        long outputs = axis.Outputs(input, ceilMode);
        if (outputs < 1)
            throw new InvalidArgumentException($"average pooling gives no output: its kernel reaches over {axis.Reach} positions, but input and padding have {(long)input + axis.PadBegin + axis.PadEnd}");
        Builder builder = new(input, outputs, "average pooling");
        for (long o = 0; o < outputs; o++)
        {
            var (first, end) = axis.TapsInside(o, input);
            if (first == end && !countIncludePad)
            {
                throw new InvalidArgumentException(
                    $"the average of output {o} has nothing to average: its window of {axis.Kernel} starting at {axis.Position(o, 0)} lies wholly in the padding of an input of {input}; use less padding or countIncludePad");
            }
            long room = (long)input + axis.PadEnd - axis.Position(o, 0); // positions from the window's start to the padding's end
            long counted = countIncludePad ? Math.Min(axis.Kernel, (room + axis.Dilation - 1) / axis.Dilation) : end - first;
            for (int tap = first; tap < end; tap++)
                builder.Add(axis.Position(o, tap), 1.0 / counted);
            builder.EndOutput();
        }
        return builder.Build();
    }

    /// <summary>y[o] = mean of x[⌊o·n/m⌋] … x[⌈(o+1)·n/m⌉ − 1] for n inputs and m outputs: AdaptiveAvgPool, and interpolation by area.</summary>
    /// <param name="input">n.</param>
    /// <param name="output">m; may exceed n.</param>
    /// <exception cref="InvalidArgumentException">A size below 1.</exception>
    public static AxisTaps AdaptiveAverage(int input, int output)
    {
        Builder builder = new(input, output, "adaptive average pooling");
        for (long o = 0; o < output; o++)
        {
            long first = o * input / output, end = ((o + 1) * input + output - 1) / output;
            for (long i = first; i < end; i++)
                builder.Add(i, 1.0 / (end - first));
            builder.EndOutput();
        }
        return builder.Build();
    }
}
