using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>The way back from the nodes to the sought map.</summary>
internal unsafe struct WinogradResult<L, TH, TW> where L : struct, ILanes<L, float> where TH : struct, IWinogradAxis where TW : struct, IWinogradAxis
{
    /// <summary>The sought map, from the first position of the phase on.</summary>
    public float* Map;

    /// <summary>One number a sought channel, or null.</summary>
    public float* Bias;

    /// <summary>What is done to the results of a tile while they are in the first cache; the epilogue does the rest.</summary>
    public NormRows Norm;

    public Epilogue Epilogue;

    /// <summary>Parts of the positions that earlier phases are.</summary>
    public int FirstPart;

    // Vectors of channels whose results of a tile wait in the first cache to be sent past the others.
    private const int StagedVectors = 2;

    /// <summary>Aᵀ m A and the bias, to the map; positions of a tile beyond the map's end go nowhere.</summary>
    /// <param name="grid">How the pass is cut.</param>
    /// <param name="span">Planes and tiles.</param>
    /// <param name="nodes">[node][plane][tile][channel].</param>
    /// <param name="step">Steps between nodes.</param>
    /// <param name="row">Steps between tiles.</param>
    /// <param name="channel">The first channel in the map.</param>
    /// <param name="channels">How many.</param>
    /// <param name="bias">Room for as many numbers in whole vectors.</param>
    /// <param name="between">MostEntries vectors.</param>
    [SkipLocalsInit]
    public readonly void Transform(in WinogradGrid grid, in WinogradSpan span, float* nodes, long step, int row, int channel, int channels, float* bias, float* between)
    {
        for (int i = 0; i < channels; i++)
            bias[i] = Bias == null ? 0 : Bias[channel + i];
        nint* from = stackalloc nint[WinogradTransform.MostEntries], waiting = stackalloc nint[WinogradTransform.MostEntries];
        nint* inside = stackalloc nint[WinogradTransform.MostEntries], border = stackalloc nint[WinogradTransform.MostEntries];
        float* nowhere = stackalloc float[L.Count];
        // What comes after the tiles would read the results at once; and a line is sent whole or not at all.
        bool stages = grid.FillsMemory && Epilogue.IsNone && (nint)Map % AlignedMemory.Line == 0;
        float* staged = stackalloc float[TH.Outputs * TW.Outputs * StagedVectors * L.Count + Tile.Line];
        staged = (float*)(((nint)staged + AlignedMemory.Line - 1) & -AlignedMemory.Line);
        byte* room = stackalloc byte[ChunkEnd<L>.RoomBytes(Epilogue, channels)];
        ChunkEnd<L> end = new(Epilogue, FirstPart + span.Part, channel, channels, room);
        NormRows norm = Norm.IsNone ? default : Norm.From(channel);
        int entries = TH.Outputs * TW.Outputs, highStep = grid.TilesHigh.Step, wideStep = grid.TilesWide.Step, block = stages ? StagedVectors * L.Count : channels;
        nint position = (nint)(wideStep * grid.SoughtStrides.Width);
        for (int i = 0; i < grid.Nodes; i++)
            from[i] = (nint)(i * step);
        for (int i = 0; i < entries; i++)
        {
            (int h, int w) = Math.DivRem(i, TW.Outputs);
            (inside[i], waiting[i]) = ((nint)(h * highStep * grid.SoughtStrides.Height) + w * position, i * block);
        }
        for (int plane = span.FirstPlane; plane < span.EndPlane; plane++)
        {
            float* map = Map + grid.SoughtStrides.Offset(span.Image, plane, 0) + channel;
            for (int tile = span.FirstTile; tile < span.EndTile; tile++, nodes += row)
            {
                var (th, tw) = Math.DivRem(tile, grid.Tiles.Width);
                int h = grid.TilesHigh.First(th), w = grid.TilesWide.First(tw), high = grid.TilesHigh.Inside(h), wide = grid.TilesWide.Inside(w);
                float* to = map + (h * grid.SoughtStrides.Height + w * grid.SoughtStrides.Width);
                bool whole = high == TH.Outputs && wide == TW.Outputs;
                nint next = grid.IsFar && !stages && tw + 1 < grid.Tiles.Width ? (nint)((grid.TilesWide.First(tw + 1) - w) * grid.SoughtStrides.Width) : 0;
                for (int first = 0; first < channels; first += block)
                {
                    int width = Math.Min(block, channels - first);
                    for (int c = first; c < first + width; c += L.Count)
                    {
                        // What the tile to the right will write.
                        for (int i = 0; i < entries && next != 0; i++)
                            L.Prefetch(to + next + c + inside[i]);
                        for (int i = 0; i < entries && !whole && !stages; i++)
                            border[i] = i / TW.Outputs < high && i % TW.Outputs < wide ? inside[i] : (nint)(nowhere - (to + c));
                        float* at = stages ? staged + (c - first) : to + c;
                        nint* places = stages ? waiting : whole ? inside : border;
                        WinogradTransform.Run<L, TH, TW, SoughtSide>(nodes + c, from, at, places, between, Math.Min(L.Count, channels - c), bias + c);
                    }
                    if (stages && !norm.IsNone)
                        norm.From(first).Apply<L>(staged, block, entries, width);
                    for (int i = 0; i < high && stages; i++)
                        StagedRows.Send<L>(staged + i * TW.Outputs * block, block, to + first + inside[i * TW.Outputs], position, wide, width);
                }
                for (int i = 0; i < high && !stages && !norm.IsNone; i++)
                    norm.Apply<L>(to + inside[i * TW.Outputs], position, wide, channels);
            }
            if (!Epilogue.IsNone)
                End(ref end, grid, span, map, channels);
        }
        end.Finish();
        if (stages)
            Interlocked.MemoryBarrier();
    }

    /// <summary>The end of the work on a plane of the chunk, tile row by tile row, in the longest runs that lie side by side.</summary>
    private static void End(ref ChunkEnd<L> end, in WinogradGrid grid, in WinogradSpan span, float* map, int channels)
    {
        bool whole = channels == grid.SoughtStrides.Width;
        for (int tile = span.FirstTile, next; tile < span.EndTile; tile = next)
        {
            var (th, tw) = Math.DivRem(tile, grid.Tiles.Width);
            var (tiles, first, length, runs) = grid.TilesWide.Runs(tw, Math.Min(grid.Tiles.Width, tw + span.EndTile - tile));
            next = tile + tiles;
            int h = grid.TilesHigh.First(th);
            for (int row = 0; row < TH.Outputs && h < grid.Sought.Height; row++, h += grid.TilesHigh.Step)
            {
                for (int run = 0; run < runs; run++)
                {
                    int begin = first + run * grid.TilesWide.Step, last = Math.Min(begin + length, grid.Sought.Width);
                    float* values = map + h * grid.SoughtStrides.Height + begin * grid.SoughtStrides.Width;
                    if (whole && begin < last)
                        end.Apply(values, (long)(last - begin) * channels);
                    for (int w = begin; w < last && !whole; w++, values += grid.SoughtStrides.Width)
                        end.Apply(values, channels);
                }
            }
        }
    }
}
