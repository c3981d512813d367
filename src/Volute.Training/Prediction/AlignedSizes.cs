namespace Volute.Training;

/// <summary>The sizes of a network that keeps them, where they are multiples of the product of its strides.</summary>
/// <param name="alignment">That product.</param>
public sealed class AlignedSizes(int alignment) : INetworkSizes
{
    /// <inheritdoc/>
    public bool Keeps => true;

    /// <inheritdoc/>
    public int Alignment => alignment;

    /// <inheritdoc/>
    public int? OutputSize(int input) => input > 0 && input % alignment == 0 ? input : null;

    /// <inheritdoc/>
    public int InputSize(int output) => Math.Max(1, (output + alignment - 1) / alignment) * alignment;
}
