namespace Volute.Kernels;

/// <summary>
/// What taps c, c + s, c + 2s, … of an axis of stride s meet of the input: every s-th position, on which they lie side by side and the stride is one.
/// x[p·s + (c + j·s) − pad] = x′[p + j − Pad] with x′[q] = x[First + q·s]. At stride 1 there is one phase, the axis itself.
/// </summary>
/// <param name="Tap">c, the first tap.</param>
/// <param name="Stride">s.</param>
/// <param name="First">The input position of q = 0.</param>
/// <param name="Length">How many q there are.</param>
/// <param name="Pad">Positions of padding before them.</param>
/// <param name="Taps">How many taps.</param>
internal readonly record struct WinogradPhase(int Tap, int Stride, int First, int Length, int Pad, int Taps)
{
    /// <summary>The phase of tap <paramref name="tap"/>, one of the first s, of an axis of <paramref name="inputs"/> positions.</summary>
    public static WinogradPhase Of(WindowAxis axis, int tap, int inputs)
    {
        // Where taps of position 0 lie, and whole strides from there to the first position on the axis.
        long from = (long)tap - axis.PadBegin, pad = from > 0 ? -(from / axis.Stride) : (-from + axis.Stride - 1) / axis.Stride;
        int first = (int)(from + pad * axis.Stride);
        return new(tap, axis.Stride, first, first < inputs ? (inputs - 1 - first) / axis.Stride + 1 : 0, (int)pad, TapsOf(axis, tap));
    }

    /// <summary>How many taps the phase of tap <paramref name="tap"/> has.</summary>
    public static int TapsOf(WindowAxis axis, int tap) => (axis.Kernel - 1 - tap) / axis.Stride + 1;

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
