using Volute.Kernels;

namespace Volute.Cli.Bench;

/// <summary>The time of one algorithm.</summary>
internal sealed record AlgorithmTime(string Name, double Milliseconds);

/// <summary>What was measured of one pass of one case.</summary>
/// <param name="Case">The case.</param>
/// <param name="Pass">The pass of the case, in PyTorch's words.</param>
/// <param name="Algorithm">What the registry chose.</param>
/// <param name="Milliseconds">The median of a run.</param>
/// <param name="PeakBytes">Operands and workspace.</param>
/// <param name="Multiplies">As papers count.</param>
internal sealed record ConvolutionResult(ConvolutionCase Case, Pass Pass, string Algorithm, double Milliseconds, long PeakBytes, long Multiplies)
{
    /// <summary>So much slower than the best algorithm, the choice is called slower.</summary>
    private const double SlowerThanBest = 1.1;

    /// <summary>The pass's name.</summary>
    public string PassName => Pass.ToString().ToLowerInvariant();

    /// <summary>PyTorch's median, the better of its layouts.</summary>
    public double? PeerMilliseconds { get; init; }

    /// <summary>Every algorithm that supports the case, where all were asked for.</summary>
    public IReadOnlyList<AlgorithmTime>? Algorithms { get; init; }

    /// <summary>10⁹ nominal operations a second, 2 a multiply.</summary>
    public double Gflops => 2.0 * Multiplies / Milliseconds / 1e6;

    /// <summary>PyTorch's time / ours.</summary>
    public double? Ratio => PeerMilliseconds / Milliseconds;

    /// <summary>Whether another algorithm was faster by more than a tenth.</summary>
    public bool ChosenIsSlower => Algorithms is { } all && Milliseconds > SlowerThanBest * all.Min(a => a.Milliseconds);
}

/// <summary>The kinds of convolutions over which means are taken: each case is of one.</summary>
internal static class Family
{
    private const int Wide = 32, Few = 4;

    /// <summary>All, in the order in which they are shown.</summary>
    public static readonly string[] Names =
        ["dense 3x3 stride 1, >= 32 channels", "depthwise", "grouped", "few channels (<= 4 on a side)", "transposed", "flattened", "pointwise", "other"];

    /// <summary>The first kind that fits.</summary>
    public static string Of(ConvolutionCase c)
    {
        int[] kernel = c.Weight[2..];
        int few = Math.Min(c.InputChannels, c.OutputChannels);
        return c.Transposed ? Names[4]
            : c.Groups > 1 ? Names[c.Groups == c.InputChannels ? 1 : 2]
            : few <= Few ? Names[3]
            : kernel.All(k => k == 1) ? Names[6]
            : c.Rank > 1 && kernel.Count(k => k > 1) == 1 ? Names[5]
            : c.Rank == 2 && kernel.All(k => k == 3) && c.Stride.All(s => s == 1) && c.Dilation.All(d => d == 1) && few >= Wide ? Names[0]
            : Names[7];
    }
}
