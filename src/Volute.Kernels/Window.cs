namespace Volute.Kernels;

/// <summary>One axis of a <see cref="Window"/>.</summary>
/// <param name="Kernel">Taps, k ≥ 1.</param>
/// <param name="Stride">Step between neighbouring outputs, s ≥ 1.</param>
/// <param name="Dilation">Step between neighbouring taps, d ≥ 1.</param>
/// <param name="PadBegin">Positions added before the first input, p₀ ≥ 0.</param>
/// <param name="PadEnd">Positions added after the last input, p₁; negative: the last positions are not looked at.</param>
public readonly record struct WindowAxis(int Kernel, int Stride = 1, int Dilation = 1, int PadBegin = 0, int PadEnd = 0)
{
    /// <summary>Positions that one placement spans: (k − 1)·d + 1.</summary>
    public long Reach => ((long)Kernel - 1) * Dilation + 1;

    /// <summary>Whether this axis does nothing: one tap, no stride, no padding.</summary>
    public bool IsUnit => Kernel == 1 && Stride == 1 && PadBegin == 0 && PadEnd == 0;

    /// <summary>Outputs of a direct pass: ⌊(n + p₀ + p₁ − reach) / s⌋ + 1; below 1 where the kernel does not fit.</summary>
    /// <param name="input">n, the input's size.</param>
    /// <param name="ceil">Round up instead, but only while the last placement still starts inside the input or the padding before it (PyTorch's rule).</param>
    public long Outputs(int input, bool ceil = false)
    {
        long room = (long)input + PadBegin + PadEnd - Reach;
        if (room < 0)
            return ceil && room + Stride > 0 && input + PadBegin > 0 ? 1 : 0;
        long outputs = room / Stride + 1;
        if (ceil && room % Stride != 0 && outputs * Stride < (long)input + PadBegin)
            outputs++;
        return outputs;
    }

    /// <summary>Outputs of a transposed pass: (n − 1)·s + reach − p₀ − p₁ + outputPadding.</summary>
    public long TransposedOutputs(int input, int outputPadding = 0)
        => ((long)input - 1) * Stride + Reach - PadBegin - PadEnd + outputPadding;

    /// <summary>The input position that <paramref name="tap"/> of <paramref name="output"/> reads: o·s + k·d − p₀ (outside 0..n−1 it lies in the padding).</summary>
    public long Position(long output, int tap) => output * Stride + (long)tap * Dilation - PadBegin;

    /// <summary>The output o that reads <paramref name="position"/> with <paramref name="tap"/>, if there is one: o·s = position + p₀ − k·d and 0 ≤ o &lt; outputs.</summary>
    public bool TryOutput(int position, int tap, int outputs, out int output)
    {
        long start = position + (long)PadBegin - (long)tap * Dilation;
        (long quotient, long remainder) = Math.DivRem(start, Stride);
        output = (int)Math.Clamp(quotient, 0, int.MaxValue);
        return start >= 0 && remainder == 0 && quotient < outputs;
    }

    /// <summary>The outputs o in [first, end) whose <paramref name="tap"/> lies inside an input of size <paramref name="input"/>.</summary>
    public (int First, int End) OutputsInside(int tap, int input, int outputs)
    {
        long offset = (long)tap * Dilation - PadBegin;
        long first = offset >= 0 ? 0 : Steps(-offset, Stride);
        long end = offset >= input ? 0 : Steps(input - offset, Stride);
        first = Math.Min(first, outputs);
        return ((int)first, (int)Math.Clamp(end, first, outputs));
    }

    /// <summary>The taps k in [first, end) that lie inside an input of size <paramref name="input"/> for <paramref name="output"/>.</summary>
    public (int First, int End) TapsInside(long output, int input)
    {
        long start = output * Stride - PadBegin;
        long first = start >= 0 ? 0 : Steps(-start, Dilation);
        long end = start >= input ? 0 : Steps(input - start, Dilation);
        first = Math.Min(first, Kernel);
        return ((int)first, (int)Math.Clamp(end, first, Kernel));
    }

    /// <summary>The inputs in [first, end) among which are all that the taps of outputs <paramref name="first"/>..<paramref name="end"/> read; empty where these lie outside.</summary>
    public (int First, int End) InputsRead(int first, int end, int input)
    {
        int from = (int)Math.Clamp(Position(first, 0), 0, input);
        return (from, (int)Math.Clamp(Position(end - 1L, Kernel - 1) + 1, from, input));
    }

    /// <summary>⌈distance / step⌉; kernels ask for every row, and a division by 1 is the usual one.</summary>
    private static long Steps(long distance, int step) => step == 1 ? distance : (distance + step - 1) / step;

    /// <summary>The axis with padding such that outputs = ⌈n / s⌉; an odd extra position goes to the end (PyTorch, TensorFlow SAME_UPPER).</summary>
    public WindowAxis Same(int input)
    {
        long outputs = ((long)input + Stride - 1) / Stride;
        long total = Math.Max(0, (outputs - 1) * Stride + Reach - input);
        return this with { PadBegin = (int)(total / 2), PadEnd = (int)(total - total / 2) };
    }

    /// <summary>The axis padded only at its beginning, by (k − 1)·d: an output sees nothing that comes after it.</summary>
    public WindowAxis Causal() => this with { PadBegin = (int)(Reach - 1), PadEnd = 0 };
}

/// <summary>
/// The geometry of a sliding window: kernel, stride, dilation and padding of one to three axes, and the only home of their index arithmetic.
/// Unit axes stand in front: a 2D window is (1, h, w).
/// </summary>
public readonly record struct Window
{
    /// <summary>The axes before normalization: 0 (a matrix product) to 3.</summary>
    public int Rank { get; private init; }

    /// <summary>The depth axis; unit below rank 3.</summary>
    public WindowAxis Depth { get; private init; }

    /// <summary>The height axis; unit below rank 2.</summary>
    public WindowAxis Height { get; private init; }

    /// <summary>The width axis; unit at rank 0.</summary>
    public WindowAxis Width { get; private init; }

    /// <summary>The empty window, of no axes: a matrix product.</summary>
    public Window() : this(ReadOnlySpan<WindowAxis>.Empty)
    {
    }

    /// <summary>A window of up to three axes, checked: kernel, stride and dilation at least 1, padding at the beginning at least 0.</summary>
    /// <exception cref="InvalidArgumentException">A value breaks its rule; the message names it.</exception>
    public Window(params ReadOnlySpan<WindowAxis> axes)
    {
        if (axes.Length > 3)
            throw new InvalidArgumentException($"a window has at most 3 axes, got {axes.Length}");
        foreach (var axis in axes)
            Check(axis);
        WindowAxis unit = new(1);
        Rank = axes.Length;
        Depth = axes.Length > 2 ? axes[^3] : unit;
        Height = axes.Length > 1 ? axes[^2] : unit;
        Width = axes.Length > 0 ? axes[^1] : unit;
        Int128 taps = (Int128)Depth.Kernel * Height.Kernel * Width.Kernel;
        if (taps > Sizes.MaxElements)
            throw new LimitException("a window's kernel", taps.ToString(), Sizes.MaxElements.ToString(), "taps");
    }

    /// <summary>The axis as the user counts them: 0 is the first of <see cref="Rank"/>.</summary>
    public WindowAxis this[int axis] => Axis(3 - Rank + axis);

    /// <summary>Taps of the whole window.</summary>
    public int Taps => Depth.Kernel * Height.Kernel * Width.Kernel;

    /// <summary>Whether every axis is one tap without stride or padding: a matrix product at every position.</summary>
    public bool IsPointwise => Depth.IsUnit && Height.IsUnit && Width.IsUnit;

    /// <summary>The axis of the normalized window: 0 depth, 1 height, 2 width.</summary>
    public WindowAxis Axis(int axis) => axis switch { 0 => Depth, 1 => Height, 2 => Width, _ => throw new ArgumentOutOfRangeException(nameof(axis)) };

    /// <summary>The same window with each of its <see cref="Rank"/> axes replaced.</summary>
    public Window Select(Func<int, WindowAxis, WindowAxis> replace)
    {
        var axes = new WindowAxis[Rank];
        for (int i = 0; i < Rank; i++)
            axes[i] = replace(i, this[i]);
        return new Window(axes);
    }

    private static void Check(in WindowAxis axis)
    {
        Require(axis.Kernel >= 1, "kernel size must be >= 1", axis.Kernel);
        Require(axis.Stride >= 1, "stride must be >= 1", axis.Stride);
        Require(axis.Dilation >= 1, "dilation must be >= 1", axis.Dilation);
        Require(axis.PadBegin >= 0, "padding must be >= 0", axis.PadBegin);
        if (axis.Reach > int.MaxValue || (long)axis.PadBegin + axis.PadEnd > int.MaxValue)
            throw new LimitException("a window's reach with its padding", (axis.Reach + axis.PadBegin + axis.PadEnd).ToString(), int.MaxValue.ToString(), "positions");
    }

    private static void Require(bool holds, string rule, int value)
    {
        if (!holds)
            throw new InvalidArgumentException($"{rule}, got {value}");
    }
}
