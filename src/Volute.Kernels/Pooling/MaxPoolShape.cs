namespace Volute.Kernels;

/// <summary>What the loops of a <see cref="MaxPoolKernel"/> need to know.</summary>
internal sealed class MaxPoolShape
{
    public required Extent Input { get; init; }

    public required Extent Output { get; init; }

    public required int Channels { get; init; }

    public required AxisWindows Depth { get; init; }

    public required AxisWindows Height { get; init; }

    public required AxisWindows Width { get; init; }

    public required MapStrides X { get; init; }

    public required MapStrides Y { get; init; }

    public required MapStrides Indices { get; init; }

    /// <summary>One past the last element of x: no register may be read beyond it.</summary>
    public required long End { get; init; }

    public required ChannelBlocks Blocks { get; init; }

    /// <summary>Outputs of the width in a tile, the last excepted.</summary>
    public required int Tile { get; init; }

    public required int Tiles { get; init; }

    /// <summary>One unit is a tile of the width in one block of channels of one row of y; rows run fastest, so that neighbours share what they read.</summary>
    public required Units Units { get; init; }
}
