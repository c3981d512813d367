using System.Runtime.InteropServices;

namespace Volute.Kernels;

/// <summary>The inputs along one axis over which each output of a pooling takes its maximum: First[o] + k·Step for k = 0..Count[o] − 1. Padding is left out: it never wins.</summary>
/// <remarks>Immutable, and equal where the numbers are equal.</remarks>
public sealed class AxisWindows : IEquatable<AxisWindows>
{
    private readonly int[] _first, _count;
    private readonly int _hash;

    private AxisWindows(int inputs, int step, int[] first, int[] count)
    {
        (Inputs, Step, _first, _count) = (inputs, step, first, count);
        HashCode hash = new();
        hash.Add(inputs);
        hash.Add(step);
        hash.AddBytes(MemoryMarshal.AsBytes<int>(first));
        hash.AddBytes(MemoryMarshal.AsBytes<int>(count));
        _hash = hash.ToHashCode();
    }

    /// <summary>The size of the axis that is read.</summary>
    public int Inputs { get; }

    /// <summary>The size of the axis that is written.</summary>
    public int Outputs => _first.Length;

    /// <summary>Positions between neighbouring taps: the dilation.</summary>
    public int Step { get; }

    /// <summary>The first input of each output.</summary>
    public ReadOnlySpan<int> First => _first;

    /// <summary>How many inputs each output sees; at least 1.</summary>
    public ReadOnlySpan<int> Count => _count;

    /// <summary>Taps of all outputs together.</summary>
    public long Taps => _count.Sum(count => (long)count);

    /// <summary>Each output sees the one input at its place: an axis that is left alone.</summary>
    public static AxisWindows Identity(int size) => Pool(new(1), size);

    /// <summary>MaxPool's windows along one axis.</summary>
    /// <param name="axis">Kernel, stride, dilation and padding, which may be at most half of what the kernel reaches over.</param>
    /// <param name="input">The size of the input.</param>
    /// <param name="ceilMode">Round the number of outputs up, see <see cref="WindowAxis.Outputs"/>.</param>
    /// <exception cref="InvalidArgumentException">Too much padding, no output, or a window that sees padding alone.</exception>
    public static AxisWindows Pool(WindowAxis axis, int input, bool ceilMode = false)
    {
        if (Math.Max(axis.PadBegin, axis.PadEnd) > axis.Reach / 2)
        {
            throw new InvalidArgumentException(
                $"max pooling allows padding of at most half of its kernel's reach, {axis.Reach / 2}, got {Math.Max(axis.PadBegin, axis.PadEnd)} with kernel {axis.Kernel} and dilation {axis.Dilation}");
        }
        long outputs = axis.Outputs(input, ceilMode);
        Check(input, outputs, "max pooling");
        var first = new int[outputs];
        var count = new int[outputs];
        for (int o = 0; o < outputs; o++)
        {
            var (firstTap, endTap) = axis.TapsInside(o, input);
            if (firstTap == endTap)
                throw new InvalidArgumentException($"output {o} of max pooling sees padding alone: its taps start at {axis.Position(o, 0)}, {axis.Dilation} apart, on an input of {input}; use less padding");
            (first[o], count[o]) = ((int)axis.Position(o, firstTap), endTap - firstTap);
        }
        return new(input, axis.Dilation, first, count);
    }

    /// <summary>AdaptiveMaxPool's windows along one axis: x[⌊o·n/m⌋] … x[⌈(o+1)·n/m⌉ − 1] for n inputs and m outputs.</summary>
    /// <exception cref="InvalidArgumentException">A size below 1.</exception>
    public static AxisWindows Adaptive(int input, int output)
    {
        Check(input, output, "adaptive max pooling");
        var first = new int[output];
        var count = new int[output];
        for (long o = 0; o < output; o++)
        {
            first[o] = (int)(o * input / output);
            count[o] = (int)(((o + 1) * input + output - 1) / output) - first[o];
        }
        return new(input, 1, first, count);
    }

    /// <summary>For each input, which outputs see it: their positions, all with weight 1.</summary>
    internal AxisTaps SeenBy()
    {
        var starts = new int[Outputs + 1];
        for (int o = 0; o < Outputs; o++)
            starts[o + 1] = checked(starts[o] + _count[o]);
        var positions = new int[starts[^1]];
        for (int o = 0; o < Outputs; o++)
        {
            for (int tap = 0; tap < _count[o]; tap++)
                positions[starts[o] + tap] = _first[o] + tap * Step;
        }
        double[] weights = [.. Enumerable.Repeat(1.0, positions.Length)];
        return AxisTaps.Create(Inputs, starts, positions, weights).Transpose();
    }

    /// <inheritdoc/>
    public bool Equals(AxisWindows? other)
        => other is not null && (ReferenceEquals(this, other) || (_hash == other._hash && Inputs == other.Inputs && Step == other.Step
            && _first.AsSpan().SequenceEqual(other._first) && _count.AsSpan().SequenceEqual(other._count)));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as AxisWindows);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    private static void Check(int input, long outputs, string what)
    {
        if (input < 1)
            throw new InvalidArgumentException($"{what} needs at least 1 input, got {input}");
        if (outputs < 1)
            throw new InvalidArgumentException($"{what} gives no output from {input} inputs; use a smaller kernel or more outputs");
    }
}
