namespace Volute.Training;

/// <summary>The sizes of a staged U-Net, the same for all axes: multiples of the largest product of strides.</summary>
public sealed class StagedUNetSizes(StagedUNet network) : INetworkSizes
{
    // A map of one position has no deviation to be normalized by.
    private const int LeastBottom = 2;

    /// <inheritdoc/>
    public bool Keeps => true;

    /// <inheritdoc/>
    public int Alignment { get; } = Enumerable.Range(0, network.Options.Stages[0].Kernel.Length).Max(network.Options.Divisor);

    /// <inheritdoc/>
    public int? OutputSize(int input) => input >= LeastBottom * Alignment && input % Alignment == 0 ? input : null;

    /// <inheritdoc/>
    public int InputSize(int output) => Math.Max(LeastBottom, (output + Alignment - 1) / Alignment) * Alignment;
}
