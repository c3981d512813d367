using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>The way back from the nodes to the sought map.</summary>
internal unsafe struct WinogradResult<L, TH, TW> where L : struct, ILanes<L, float> where TH : struct, IWinogradAxis where TW : struct, IWinogradAxis
{
    /// <summary>The sought map, from the first position of the phase on.</summary>
    public float* Map;

    /// <summary>One number a sought channel, or null.</summary>
    public float* Bias;

    public Epilogue Epilogue;

    /// <summary>Parts of the positions that earlier phases are.</summary>
    public int FirstPart;

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
        nint* from = stackalloc nint[WinogradTransform.MostEntries], inside = stackalloc nint[WinogradTransform.MostEntries], border = stackalloc nint[WinogradTransform.MostEntries];
        float* nowhere = stackalloc float[L.Count];
        for (int i = 0; i < grid.Nodes; i++)
            from[i] = (nint)(i * step);
        byte* room = stackalloc byte[ChunkEnd<L>.RoomBytes(Epilogue, channels)];
        ChunkEnd<L> end = new(Epilogue, FirstPart + span.Part, channel, channels, room);
        int entries = TH.Outputs * TW.Outputs, highStep = grid.TilesHigh.Step, wideStep = grid.TilesWide.Step;
        for (int i = 0; i < entries; i++)
        {
            (int h, int w) = Math.DivRem(i, TW.Outputs);
            inside[i] = (nint)(h * highStep * grid.SoughtStrides.Height + w * wideStep * grid.SoughtStrides.Width);
        }
        for (int plane = span.FirstPlane; plane < span.EndPlane; plane++)
        {
            float* map = Map + grid.SoughtStrides.Offset(span.Image, plane, 0) + channel;
            for (int tile = span.FirstTile; tile < span.EndTile; tile++, nodes += row)
            {
                var (th, tw) = Math.DivRem(tile, grid.Tiles.Width);
                int h = grid.TilesHigh.First(th), w = grid.TilesWide.First(tw);
                float* to = map + (h * grid.SoughtStrides.Height + w * grid.SoughtStrides.Width);
                bool whole = grid.TilesHigh.IsWhole(h) && grid.TilesWide.IsWhole(w);
                nint next = grid.IsFar && tw + 1 < grid.Tiles.Width ? (nint)((grid.TilesWide.First(tw + 1) - w) * grid.SoughtStrides.Width) : 0;
                for (int c = 0; c < channels; c += L.Count)
                {
                    // What the tile to the right will write.
                    for (int i = 0; i < entries && next != 0; i++)
                        L.Prefetch(to + next + c + inside[i]);
                    for (int i = 0; i < entries && !whole; i++)
                    {
                        bool outside = h + i / TW.Outputs * highStep >= grid.Sought.Height || w + i % TW.Outputs * wideStep >= grid.Sought.Width;
                        border[i] = outside ? (nint)(nowhere - (to + c)) : inside[i];
                    }
                    WinogradTransform.Run<L, TH, TW, SoughtSide>(nodes + c, from, to + c, whole ? inside : border, between, Math.Min(L.Count, channels - c), bias + c);
                }
            }
            if (!Epilogue.IsNone)
                End(ref end, grid, span, map, channels);
        }
        end.Finish();
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
