namespace Volute.Kernels;

/// <summary>
/// Taps c, c + s, c + 2s, … of an axis of stride s, at most r of them, and what they meet of the input: every s-th position, on which they lie d apart and
/// the stride is one. x[p·s + (c + j·s)·d − pad] = x′[p + j·d − Pad] with x′[q] = x[First + q·s]. An axis of stride s has s phases, by the remainder of the
/// taps; one of stride 1 has a phase for each r of its taps, one behind the other.
/// </summary>
/// <param name="Tap">c.</param>
/// <param name="Stride">s.</param>
/// <param name="First">The input position of q = 0.</param>
/// <param name="Length">How many q there are.</param>
/// <param name="Pad">Positions of padding before them.</param>
/// <param name="Taps">How many taps.</param>
internal readonly record struct WinogradPhase(int Tap, int Stride, int First, int Length, int Pad, int Taps)
{
    /// <summary>How many phases of at most <paramref name="most"/> taps an axis has.</summary>
    public static int Count(WindowAxis axis, int most) => axis.Stride > 1 ? axis.Stride : (axis.Kernel - 1) / most + 1;

    /// <summary>A phase of an axis of <paramref name="inputs"/> positions.</summary>
    public static WinogradPhase Of(WindowAxis axis, int phase, int most, int inputs)
    {
        // Where the first tap of position 0 lies, and whole strides from there to the first position on the axis.
        int tap = FirstTap(axis, phase, most);
        long from = (long)tap * axis.Dilation - axis.PadBegin, pad = from > 0 ? 0 : (-from + axis.Stride - 1) / axis.Stride, first = from + pad * axis.Stride;
        return new(tap, axis.Stride, (int)first, first < inputs ? (inputs - 1 - (int)first) / axis.Stride + 1 : 0, (int)pad, TapsOf(axis, phase, most));
    }

    /// <summary>How many taps a phase has.</summary>
    public static int TapsOf(WindowAxis axis, int phase, int most) => Math.Min(most, (axis.Kernel - 1 - FirstTap(axis, phase, most)) / axis.Stride + 1);

    private static int FirstTap(WindowAxis axis, int phase, int most) => axis.Stride > 1 ? phase : phase * most;

    /// <summary>The window of stride 1 on these positions, of <paramref name="taps"/> taps.</summary>
    public WindowAxis Window(WindowAxis axis, int taps) => new(taps, 1, axis.Dilation, Pad);
}

/// <summary>How long a transform is along an axis: F(m, r).</summary>
/// <param name="Outputs">m.</param>
/// <param name="Taps">r.</param>
internal readonly record struct WinogradSize(int Outputs, int Taps)
{
    /// <summary>Products, m + r − 1.</summary>
    public int Nodes => Outputs + Taps - 1;

    /// <summary>
    /// Nodes at which a phase of <paramref name="taps"/> taps, r or r − 1, has products. The last node of every F(m, r) here is ∞, where the last tap alone
    /// has one (<see cref="IWinogradAxis.Line"/>).
    /// </summary>
    public int UsedNodes(int taps) => Nodes - (Taps - taps);
}
