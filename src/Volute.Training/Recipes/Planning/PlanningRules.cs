namespace Volute.Training;

/// <summary>The constants of a plan: how large a patch may begin, what one sample may cost, and what the network is made of.</summary>
public sealed record PlanningRules
{
    /// <summary>The volume, in voxels or pixels, of the first patch, before it is clipped to the median image.</summary>
    public required double FirstPatch { get; init; }

    /// <summary>The largest <see cref="StagedUNetOptions.OutputElements"/> of two samples out of <see cref="ReferenceBatch"/>.</summary>
    public required double ReferenceElements { get; init; }

    /// <summary>The batch that <see cref="ReferenceElements"/> belong to.</summary>
    public required int ReferenceBatch { get; init; }

    /// <summary>Channels of the first stage; each stage doubles them.</summary>
    public int BaseWidth { get; init; } = 32;

    /// <summary>The most channels of a stage.</summary>
    public required int LargestWidth { get; init; }

    /// <summary>The smallest edge of the bottom's map.</summary>
    public int LeastEdge { get; init; } = 4;

    /// <summary>The smallest batch.</summary>
    public int LeastBatch { get; init; } = 2;

    /// <summary>The share of the data set's voxels that a batch may show: beyond it, a batch would be the data set again and again.</summary>
    public double LargestShare { get; init; } = 0.05;

    /// <summary>Whether the way down is made of residual blocks.</summary>
    public bool Residual { get; init; }

    /// <summary>nnU-Net's constants for a GPU of <paramref name="gigabytes"/> (Isensee et al., 2021; residual encoders: Isensee et al., 2024).</summary>
    /// <param name="rank">Spatial axes, 2 or 3.</param>
    /// <param name="gigabytes">Of 8 they are 560·10⁶ elements for a batch of 2 in 3D, 85·10⁶ for 12 in 2D (residual: 680·10⁶ and 135·10⁶); linear in it.</param>
    /// <param name="residual">The residual-encoder form.</param>
    /// <exception cref="InvalidArgumentException">Another rank, or a memory that is not above 0.</exception>
    public static PlanningRules NnUNet(int rank, double gigabytes = 8, bool residual = false)
    {
        if (rank is not (2 or 3) || !(gigabytes > 0))
            throw new InvalidArgumentException($"nnU-Net's rules are for 2 or 3 axes and a memory above 0, got {rank} axes and {gigabytes} GB");
        double elements = (rank, residual) switch { (2, false) => 85e6, (2, true) => 135e6, (_, false) => 560e6, _ => 680e6 };
        return new PlanningRules
        {
            FirstPatch = rank == 2 ? 2048.0 * 2048 : 256.0 * 256 * 256,
            ReferenceElements = elements * gigabytes / 8,
            ReferenceBatch = rank == 2 ? 12 : 2,
            LargestWidth = rank == 2 ? 512 : 320,
            Residual = residual,
        };
    }

    /// <summary>Residual blocks of stage <paramref name="stage"/> on the way down, or its convolutions.</summary>
    internal int Down(int stage) => !Residual ? 2 : stage switch { 0 => 1, 1 => 3, 2 => 4, _ => 6 };

    /// <summary>Convolutions of each stage on the way up.</summary>
    internal int Up => Residual ? 1 : 2;
}
