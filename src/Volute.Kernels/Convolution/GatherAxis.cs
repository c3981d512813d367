using System.Collections.Concurrent;

namespace Volute.Kernels;

/// <summary>
/// One axis of the output pass, or of one phase of the input pass, both as a plain sliding window: position First + m·Step of the sought map
/// reads the given map at m·stride + j·dilation − pad of <see cref="Window"/>, with tap FirstTap + j·TapStep of the weight.
/// </summary>
/// <remarks>
/// The input pass at stride s: the positions that leave the same remainder f modulo s meet the same taps, those with (f + pad − k·dilation) divisible
/// by s. Taken by such phases it is s dense windows of stride 1, their taps counted backwards so that the given map is read forwards.
/// </remarks>
/// <param name="Window">The window on the given map; its padding may be negative, and it may have no tap.</param>
/// <param name="Positions">How many m there are.</param>
/// <param name="First">The sought position of m = 0.</param>
/// <param name="Step">Sought positions between neighbouring m.</param>
/// <param name="FirstTap">The tap of j = 0.</param>
/// <param name="TapStep">Taps between neighbouring j.</param>
/// <param name="TapsBefore">Taps of the phases before this one.</param>
internal readonly record struct GatherAxis(WindowAxis Window, int Positions, int First, int Step, int FirstTap, int TapStep, int TapsBefore)
{
    // Axes seen lately: kernels ask at each run, and make no memory of it.
    private const int MostKnown = 1 << 12;
    private static readonly ConcurrentDictionary<(WindowAxis, Pass, int, int), GatherAxis[]> Known = new();

    /// <summary>The phases of an axis: one in the output pass, min(stride, inputs) in the input pass. They are shared, not to be written to.</summary>
    public static GatherAxis[] Phases(WindowAxis window, Pass pass, int inputs, int outputs)
    {
        if (Known.TryGetValue((window, pass, inputs, outputs), out GatherAxis[]? known))
            return known;
        if (Known.Count >= MostKnown)
            Known.Clear();
        return Known[(window, pass, inputs, outputs)] = Make(window, pass, inputs, outputs);
    }

    private static GatherAxis[] Make(WindowAxis window, Pass pass, int inputs, int outputs)
    {
        if (pass == Pass.Output)
            return [new(window, outputs, 0, 1, 0, 1, 0)];
        int divisor = Divisor(window.Stride, window.Dilation), tapStep = window.Stride / divisor, before = 0;
        var phases = new GatherAxis[Math.Min(window.Stride, inputs)];
        for (int f = 0; f < phases.Length; f++)
        {
            int taps = Taps(window, f, tapStep, out int first);
            int last = first + (taps - 1) * tapStep;
            long pad = taps == 0 ? 0 : -((f + (long)window.PadBegin - (long)last * window.Dilation) / window.Stride);
            int positions = (inputs - 1 - f) / window.Stride + 1;
            phases[f] = new(new(taps, 1, window.Dilation / divisor, (int)pad), positions, f, window.Stride, last, -tapStep, before);
            before += taps;
        }
        return phases;
    }

    /// <summary>What all phases read for m = 0: the first given position (in the padding where negative), the step from m to m, and the positions it spans.</summary>
    public static (long First, int Stride, int Span) Reads(ReadOnlySpan<GatherAxis> phases)
    {
        (long first, long end) = (long.MaxValue, long.MinValue);
        foreach (ref readonly var phase in phases)
        {
            if (phase.Window.Kernel > 0)
                (first, end) = (Math.Min(first, phase.Window.Position(0, 0)), Math.Max(end, phase.Window.Position(0, phase.Window.Kernel - 1) + 1));
        }
        return end < first ? (0, phases[0].Window.Stride, 1) : (first, phases[0].Window.Stride, checked((int)(end - first)));
    }

    /// <summary>Whether a phase has no tap.</summary>
    public static bool IsEmpty(in GatherAxis depth, in GatherAxis height, in GatherAxis width) => depth.Window.Kernel * height.Window.Kernel * width.Window.Kernel == 0;

    /// <summary>How many taps meet phase <paramref name="f"/>, and the first of them.</summary>
    private static int Taps(WindowAxis window, int f, int tapStep, out int first)
    {
        for (first = 0; first < Math.Min(tapStep, window.Kernel); first++)
        {
            if ((f + (long)window.PadBegin - (long)first * window.Dilation) % window.Stride == 0)
                return (window.Kernel - 1 - first) / tapStep + 1;
        }
        return 0;
    }

    private static int Divisor(int a, int b) => b == 0 ? a : Divisor(b, a % b);
}
