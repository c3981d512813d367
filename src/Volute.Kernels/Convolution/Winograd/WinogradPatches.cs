using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>Tiles of a map taken to the nodes: Bᵀ x B of overlapping patches, or A dy Aᵀ of the tiles themselves, as [node][tile][channel].</summary>
internal unsafe struct WinogradPatches<L, TH, TW, TSide>
    where L : struct, ILanes<L, float> where TH : struct, IWinogradAxis where TW : struct, IWinogradAxis where TSide : struct, ISide
{
    /// <summary>Channel 0 of the image's first position, or of the first one that a phase meets.</summary>
    public float* Map;

    public MapStrides Strides;
    public Extent Extent;
    public int Channels;

    /// <summary>Positions by which the first patch begins before the map.</summary>
    public int PadHeight, PadWidth;

    /// <summary>Where tiles lie on both axes.</summary>
    public WinogradTiles TilesHigh, TilesWide;

    /// <inheritdoc cref="WinogradGrid.IsFar"/>
    public bool IsFar;

    /// <summary>Steps between tiles, and between nodes.</summary>
    public int Row;

    public long NodeStep;

    /// <summary>The patches of a phase of the given map of a grid; <paramref name="map"/> is channel 0 of its image.</summary>
    public static WinogradPatches<L, TH, TW, TSide> Of(in WinogradGrid grid, int phase, float* map, long nodeStep)
    {
        var (high, wide) = grid.Phase(phase);
        MapStrides strides = grid.GivenStrides;
        return new()
        {
            Map = map + strides.Offset(0, 0, high.First, wide.First),
            Strides = strides with { Height = strides.Height * high.Stride, Width = strides.Width * wide.Stride },
            Extent = new(grid.Given.Depth, high.Length, wide.Length),
            Channels = grid.GivenChannels,
            PadHeight = high.Pad,
            PadWidth = wide.Pad,
            TilesHigh = grid.TilesHigh,
            TilesWide = grid.TilesWide,
            IsFar = grid.IsFar,
            Row = grid.GivenRow,
            NodeStep = nodeStep,
        };
    }

    /// <summary>Tiles first..end of a plane, to <paramref name="nodes"/>; <paramref name="between"/> holds MostEntries vectors.</summary>
    [SkipLocalsInit]
    public readonly void Transform(int plane, int first, int end, float* nodes, float* between)
    {
        int rows = WinogradLines.From<TH>(TSide.Value), columns = WinogradLines.From<TW>(TSide.Value);
        int newEntries = WinogradLines.Nodes<TH>() * WinogradLines.Nodes<TW>();
        int highStep = TilesHigh.Step, wideStep = TilesWide.Step, tilesInRow = TilesWide.Count;
        int lastHigh = Extent.Height - 1 - (rows - 1) * highStep, lastWide = Extent.Width - 1 - (columns - 1) * wideStep;
        nint* inside = stackalloc nint[WinogradTransform.MostEntries], border = stackalloc nint[WinogradTransform.MostEntries], to = stackalloc nint[WinogradTransform.MostEntries];
        float* zeros = stackalloc float[L.Count];
        L.Store(L.Broadcast(0), zeros);
        for (int i = 0; i < rows * columns; i++)
        {
            (int row, int column) = Math.DivRem(i, columns);
            inside[i] = (nint)(row * highStep * Strides.Height + column * wideStep * Strides.Width);
        }
        for (int i = 0; i < newEntries; i++)
            to[i] = (nint)(i * NodeStep);
        float* map = Map + plane * Strides.Depth;
        for (int tile = first; tile < end; tile++, nodes += Row)
        {
            var (th, tw) = Math.DivRem(tile, tilesInRow);
            int h = TilesHigh.First(th) - PadHeight, w = TilesWide.First(tw) - PadWidth;
            bool whole = h >= 0 && w >= 0 && h <= lastHigh && w <= lastWide;
            float* patch = map + (h * Strides.Height + w * Strides.Width);
            nint next = IsFar && tw + 1 < tilesInRow ? (nint)((TilesWide.First(tw + 1) - TilesWide.First(tw)) * Strides.Width) : 0;
            for (int c = 0; c < Channels; c += L.Count)
            {
                // What lies outside the map is read from zeros.
                for (int i = 0; i < rows * columns && !whole; i++)
                {
                    bool outside = (uint)(h + i / columns * highStep) >= (uint)Extent.Height || (uint)(w + i % columns * wideStep) >= (uint)Extent.Width;
                    border[i] = outside ? (nint)(zeros - (patch + c)) : inside[i];
                }
                if (next != 0)
                    Fetch(patch + next + c, inside, rows, columns);
                WinogradTransform.Run<L, TH, TW, TSide>(patch + c, whole ? inside : border, nodes + c, to, between, Math.Min(L.Count, Channels - c), null);
            }
        }
    }

    /// <summary>Asks for what the patch to the right reads and this one does not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fetch(float* patch, nint* steps, int rows, int columns)
    {
        for (int row = 0; row < rows; row++)
            for (int column = columns - TW.Outputs; column < columns; column++)
                L.Prefetch(patch + steps[row * columns + column]);
    }
}
