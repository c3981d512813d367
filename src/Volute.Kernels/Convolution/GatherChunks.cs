using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>The output or the input pass on the team: a chunk is some rows (or a part of one) times some blocks of sought channels.</summary>
/// <remarks>
/// A tile is a run of neighbouring positions of a row. Where every tap of all of them lies inside the given map it is one sum; at the borders it is
/// cut into sums of taps and positions that are inside: nothing is copied and no zero is multiplied.
/// </remarks>
internal unsafe struct GatherChunks<L, TForm> : IChunks where L : struct, ILanes<L, float> where TForm : struct, ITileForm
{
    /// <summary>Terms below which a sum of several positions is not worth joining from parts.</summary>
    private const int ShortSum = 44;

    /// <summary>Tiles whose results wait in the first cache to be normalized, or sent to memory.</summary>
    private const int NearTiles = 4;

    /// <summary>The most rows of positions, a tile each, that are one run.</summary>
    private const int RunRows = 16;

    /// <summary>Vectors of a tile's results, and those of what it begins with.</summary>
    private const int TileVectors = Tile.MaxRows * 2, StartVectors = 2;

    public Gather Gather;
    public float* Given, Sought;

    /// <summary>Weights as <see cref="WeightPacking{L}"/> lays them; null where a chunk does so with each of its blocks, which no other chunk has.</summary>
    public float* Weight;

    /// <summary>How it does.</summary>
    public WeightPacking<L> Packing;

    /// <summary>One number a sought channel, or null.</summary>
    public float* Bias;

    /// <summary>What tiles do to their results; the epilogue does the rest.</summary>
    public NormRows Norm;

    public Epilogue Epilogue;

    // What comes after the tiles would read the results at once; and a line is sent whole or not at all.
    private readonly bool Stages => TForm.Spreads && Gather.FillsMemory && Epilogue.IsNone && (nint)Sought % AlignedMemory.Line == 0;

    [SkipLocalsInit]
    public void Run(int chunk)
    {
        float* scratch = stackalloc float[(TileVectors + StartVectors + NearTiles * TileVectors) * L.Count + Tile.Line];
        scratch = (float*)(((nint)scratch + AlignedMemory.Line - 1) & -AlignedMemory.Line);
        ChunkSpan span = Gather.Chunk(chunk);
        if (TForm.Sums && Gather.IsOnePosition)
        {
            RunPosition(Gather.Channel(span.FirstBlock), Gather.Channel(span.EndBlock), scratch);
            Gather.End<L>(Epilogue, Sought, span);
            return;
        }
        FillEmpty(span);
        GivenBox<L> box = Gather.IsBoxed ? new(Gather, Given, Gather.Unit, span.EndColumn - span.FirstColumn) : default;
        long packed = Weight == null ? Gather.BlockCount(Packing.Lanes) : 0, boxed = Gather.IsBoxed ? box.Count : 0;
        float* panels = packed + boxed > 0 ? Scratch.Get(packed + boxed) : null;
        for (int block = span.FirstBlock; block < span.EndBlock; block++)
            RunBlock(span, block, scratch, box, panels, panels + packed);
        if (Stages)
            Interlocked.MemoryBarrier();
        Gather.End<L>(Epilogue, Sought, span);
    }

    /// <summary>
    /// A matrix times one vector: the rows of the tile are sought channels, whose weights follow each other, and each number given is read once for all of them.
    /// </summary>
    private readonly void RunPosition(int first, int end, float* scratch)
    {
        Tile tile = new() { Scratch = scratch, Columns = 1, Add = true, ARow = Gather.Unit, AStep = L.Count, BStep = L.Count, CRow = 1, Depth = 1, Height = 1, Width = 1, Run = Gather.Unit };
        int most = Tile.RowsFor(1, tile.ARow);
        for (int channel = first, rows; channel < end; channel += rows)
        {
            int group = channel / Gather.SoughtChannels;
            rows = Math.Min(most, Math.Min(end, (group + 1) * Gather.SoughtChannels) - channel);
            for (int i = channel; i < channel + rows; i++)
                Sought[i] = Bias == null ? 0 : Bias[i];
            tile.A = Weight + (long)channel * Gather.Unit;
            tile.B = Given + group * Gather.GivenChannels;
            tile.C = Sought + channel;
            tile.ComputeDot<L>(rows);
        }
    }

    /// <summary>Phases without any tap: positions that get nothing but the bias.</summary>
    private readonly void FillEmpty(in ChunkSpan span)
    {
        int channel = Gather.Channel(span.FirstBlock), channels = Gather.Channel(span.EndBlock) - channel;
        for (int row = span.FirstRow; row < span.EndRow; row++)
        {
            var (rest, h) = Math.DivRem(row, Gather.HeightRows);
            var (n, d) = Math.DivRem(rest, Gather.DepthRows);
            foreach (ref readonly var depth in Gather.Depth.AsSpan())
                foreach (ref readonly var height in Gather.Height.AsSpan())
                    foreach (ref readonly var width in Gather.Width.AsSpan())
                    {
                        if (!GatherAxis.IsEmpty(depth, height, width) || d >= depth.Positions || h >= height.Positions)
                            continue;
                        float* to = Sought + channel + Gather.SoughtStrides.Offset(
                            n, depth.First + (long)d * depth.Step, height.First + (long)h * height.Step, width.First + (long)span.FirstColumn * width.Step);
                        for (int column = span.FirstColumn; column < Math.Min(span.EndColumn, width.Positions); column++, to += width.Step * Gather.SoughtStrides.Width)
                        {
                            if (Bias == null)
                                new Span<float>(to, channels).Clear();
                            else
                                new ReadOnlySpan<float>(Bias + channel, channels).CopyTo(new(to, channels));
                        }
                    }
        }
    }

    private readonly void RunBlock(in ChunkSpan span, int block, float* scratch, in GivenBox<L> box, float* panels, float* memory)
    {
        var (group, part) = Math.DivRem(block, Gather.Blocks);
        int channel = part * Gather.BlockColumns, columns = Math.Min(Gather.BlockColumns, Gather.SoughtChannels - channel);
        int width = TForm.Sums ? 1 : (columns + L.Count - 1) / L.Count * L.Count;
        Tile tile = new()
        {
            Scratch = scratch,
            Start = scratch + TileVectors * L.Count,
            Columns = columns,
            AStep = TForm.Sums ? L.Count : 1,
            BStep = TForm.Sums ? L.Count : width,
            BWidth = Gather.Unit * width,
        };
        int soughtChannel = group * Gather.SoughtChannels + channel;
        if (Weight == null)
            Packing.PackBlock(group, part, width, panels);
        new Span<float>(tile.Start, StartVectors * L.Count).Clear();
        if (Bias != null)
            new ReadOnlySpan<float>(Bias + soughtChannel, columns).CopyTo(new(tile.Start, columns));
        if (!Gather.IsBoxed)
        {
            GivenView map = new((IntPtr)(Given + group * Gather.GivenChannels), Gather.GivenStrides, IsPadded: false);
            RunPhases(tile, span, map, panels, block, soughtChannel);
            return;
        }
        for (int row = span.FirstRow, endRow; row < span.EndRow; row = endRow)
        {
            endRow = Gather.EndRow(span, row, box.Rows);
            for (int column = span.FirstColumn; column < span.EndColumn; column += box.Columns)
            {
                ChunkSpan piece = span with { FirstRow = row, EndRow = endRow, FirstColumn = column, EndColumn = Math.Min(column + box.Columns, span.EndColumn) };
                RunPhases(tile, piece, box.Fill(piece, group * Gather.GivenChannels, Gather.Unit, memory), panels, block, soughtChannel);
            }
        }
    }

    private readonly void RunPhases(in Tile tile, in ChunkSpan span, in GivenView given, float* panels, int block, int soughtChannel)
    {
        var (group, part) = Math.DivRem(block, Gather.Blocks);
        bool fetches = TForm.Spreads && block == span.FirstBlock, boxFollows = Gather.IsBoxed && part == Gather.Blocks - 1 && block + 1 < span.EndBlock;
        NormRows norm = Norm.IsNone ? default : Norm.From(soughtChannel);
        float* ahead = boxFollows ? Given + (group + 1) * Gather.GivenChannels : null;
        foreach (ref readonly var depth in Gather.Depth.AsSpan())
            foreach (ref readonly var height in Gather.Height.AsSpan())
                foreach (ref readonly var width in Gather.Width.AsSpan())
                {
                    if (GatherAxis.IsEmpty(depth, height, width))
                        continue;
                    float* panel = Weight == null ? panels + Gather.BlockPanelOffset(depth, height, width, tile.BStep)
                        : Weight + Gather.PanelOffset(depth, height, width, group, part * Gather.BlockColumns, TForm.Sums ? 1 : L.Count);
                    RunPhase(tile, norm, span, depth, height, width, given, panel, Sought + soughtChannel, fetches, ahead);
                    // All phases read the same.
                    ahead = null;
                }
    }

    private readonly void RunPhase(
        Tile tile, in NormRows norm, in ChunkSpan span, in GatherAxis depth, in GatherAxis height, in GatherAxis width, in GivenView given,
        float* panel, float* sought, bool fetches, float* ahead)
    {
        int end = Math.Min(span.EndColumn, width.Positions), length = end - span.FirstColumn, taps = width.Window.Kernel;
        if (length <= 0)
            return;
        tile.ARow = (nint)(width.Window.Stride * given.Strides.Width);
        tile.AWidth = (nint)(width.Window.Dilation * given.Strides.Width);
        tile.AHeight = (nint)(height.Window.Dilation * given.Strides.Height);
        tile.ADepth = (nint)(depth.Window.Dilation * given.Strides.Depth);
        tile.BHeight = taps * tile.BWidth;
        tile.BDepth = height.Window.Kernel * tile.BHeight;
        tile.BVector = TForm.Sums ? depth.Window.Kernel * tile.BDepth : L.Count;
        nint soughtRow = (nint)(width.Step * Gather.SoughtStrides.Width);
        float* staged = Stages ? tile.Start + StartVectors * L.Count : null;
        tile.CRow = staged == null ? soughtRow : tile.Columns;
        tile.Slides = taps == SlidingTile.Taps && width.Window is { Stride: 1, Dilation: 1 } && TForm.Spreads && tile.Columns <= L.Count;
        // The first block of sought channels reads positions side by side that no cache holds: each of its tiles brings the next one's. The first tiles
        // of the others bring the weights of the next block.
        bool positions = fetches && Gather.Taps == 1 && tile.ARow == Gather.Unit, touching = width.Window.Dilation == 1 && given.Strides.Width == Gather.Unit;
        bool weights = TForm.Spreads && !tile.Slides && !positions && ahead == null && (touching || taps == 1);
        (tile.FetchStep, tile.FetchRow) = (positions || weights ? Tile.Line : 0, tile.ARow);
        tile.Fetch = panel + depth.Window.Kernel * tile.BDepth;
        tile.FetchEnd = weights ? tile.Fetch + depth.Window.Kernel * tile.BDepth : null;
        // What the next group's box will copy comes from far: tiles bring it, position by position.
        if (ahead != null)
        {
            (tile.FetchStep, tile.FetchRow) = ((nint)Gather.GivenStrides.Width, (nint)(width.Window.Stride * Gather.GivenStrides.Width));
            tile.FetchHeight = (nint)(height.Window.Dilation * Gather.GivenStrides.Height);
            tile.FetchDepth = (nint)(depth.Window.Dilation * Gather.GivenStrides.Depth);
        }
        int most = Tile.RowsFor(tile.Columns > (TForm.Sums ? 1 : L.Count) ? 2 : 1, tile.ARow);
        if (tile.Slides)
            most = Math.Min(most, SlidingTile.MostRows);
        tile.Size = Tile.Even(length, most);
        // Whole tiles inside follow one another in one run, or some of them, where more is done to their results or they ask ahead for what the next ones write.
        bool runs = TForm.Spreads && !tile.Slides, asks = Gather.FetchesResults && tile.Columns < tile.CRow;
        int longest = !runs ? tile.Size : norm.IsNone && staged == null && !asks ? length : NearTiles * tile.Size;
        // The positions for which no tap of this axis leaves the given map.
        var (inside, insideEnd) = given.IsPadded ? (span.FirstColumn, end)
            : (width.Window.OutputsInside(0, Gather.Given.Width, width.Positions).First, width.Window.OutputsInside(taps - 1, Gather.Given.Width, width.Positions).End);
        insideEnd = Math.Min(insideEnd, end);
        // Rows of one tile each that meet all taps are one run too.
        bool joins = TForm.Spreads && !tile.Slides && staged == null && !positions && length == tile.Size && inside <= span.FirstColumn && insideEnd == end;
        var (insideH, insideEndH) = (height.Window.OutputsInside(0, Gather.Given.Height, height.Positions).First,
            height.Window.OutputsInside(height.Window.Kernel - 1, Gather.Given.Height, height.Positions).End);
        tile.ATile = joins ? (nint)(height.Window.Stride * given.Strides.Height) : 0;
        tile.CTile = (nint)(height.Step * Gather.SoughtStrides.Height);
        tile.FetchTile = (nint)(height.Window.Stride * Gather.GivenStrides.Height);
        for (int row = span.FirstRow, rows; row < span.EndRow; row += rows)
        {
            rows = 1;
            var (rest, h) = Math.DivRem(row, Gather.HeightRows);
            var (n, d) = Math.DivRem(rest, Gather.DepthRows);
            if (d >= depth.Positions || h >= height.Positions)
                continue;
            if (joins && h >= insideH && h < insideEndH)
                rows = Math.Min(Math.Min(span.EndRow - row, insideEndH - h), RunRows);
            var (firstD, endD) = depth.Window.TapsInside(d, Gather.Given.Depth);
            var (firstH, endH) = height.Window.TapsInside(h, Gather.Given.Height);
            (tile.Depth, tile.Height) = (endD - firstD, endH - firstH);
            float* a = given.At(n, depth.Window.Position(d, firstD), height.Window.Position(h, firstH));
            if (ahead != null)
                tile.FetchOrigin = ahead + Gather.GivenStrides.Offset(n, depth.Window.Position(d, firstD), height.Window.Position(h, firstH));
            float* b = panel + firstD * tile.BDepth + firstH * tile.BHeight;
            float* c = sought + Gather.SoughtStrides.Offset(n, depth.First + (long)d * depth.Step, height.First + (long)h * height.Step, width.First);
            for (int first = span.FirstColumn, last; first < end; first = last)
            {
                last = Math.Min(first + tile.Size, end);
                // Where position 0 would be, if all of them lay as these do.
                float* row0 = staged == null ? c : staged - first * tile.CRow;
                if (first >= inside && last <= insideEnd)
                {
                    last = Math.Min(insideEnd == end ? end : first + (insideEnd - first) / tile.Size * tile.Size, first + longest);
                    Sum(ref tile, given, width.Window, a, b, row0, first, last, 0, taps, rows);
                }
                else if (tile.Depth * tile.Height * taps * Gather.Unit < (TForm.Sums ? ShortSum * L.Count : ShortSum))
                    SumSingly(ref tile, given, width.Window, a, b, row0, first, last, Math.Clamp(inside, first, last), Math.Clamp(insideEnd, first, last));
                else
                    SumByTaps(ref tile, given, width, a, b, row0, first, last);
                for (int i = 0; i < rows && !norm.IsNone; i++)
                    norm.Apply<L>(row0 + i * tile.CTile + first * tile.CRow, tile.CRow, last - first, tile.Columns);
                if (staged != null)
                    StagedRows.Send<L>(staged, tile.CRow, c + first * soughtRow, soughtRow, last - first, tile.Columns);
            }
        }
    }

    /// <summary>A border of short sums: its positions one by one, each with the taps it has, and those inside together.</summary>
    private readonly void SumSingly(
        ref Tile tile, in GivenView given, in WindowAxis window, float* a, float* b, float* c, int first, int last, int inside, int insideEnd)
    {
        for (int position = first; position < last; position++)
        {
            if (position == inside && inside < insideEnd)
            {
                Sum(ref tile, given, window, a, b, c, inside, insideEnd, 0, window.Kernel);
                position = insideEnd - 1;
                continue;
            }
            var (firstTap, endTap) = window.TapsInside(position, Gather.Given.Width);
            Sum(ref tile, given, window, a, b, c, position, position + 1, firstTap, Math.Max(firstTap, endTap));
        }
    }

    /// <summary>A border of long sums: the taps inside for all positions, then each other tap for the positions it reaches.</summary>
    private readonly void SumByTaps(ref Tile tile, in GivenView given, in GatherAxis width, float* a, float* b, float* c, int first, int last)
    {
        var window = width.Window;
        int firstTap = window.TapsInside(first, Gather.Given.Width).First, endTap = window.TapsInside(last - 1, Gather.Given.Width).End;
        if (endTap <= firstTap)
            firstTap = endTap = 0;
        Sum(ref tile, given, window, a, b, c, first, last, firstTap, endTap);
        tile.Add = true;
        for (int tap = 0; tap < window.Kernel; tap++)
        {
            if (tap == firstTap && endTap > firstTap)
                tap = endTap;
            if (tap >= window.Kernel)
                break;
            var (begin, end) = window.OutputsInside(tap, Gather.Given.Width, width.Positions);
            (begin, end) = (Math.Max(begin, first), Math.Min(end, last));
            if (begin < end)
                Sum(ref tile, given, window, a, b, c, begin, end, tap, tap + 1);
        }
        tile.Add = false;
    }

    /// <summary>Positions first..last of a row, or of some rows of a tile each, taps firstTap..endTap of the width axis, all of them inside.</summary>
    private readonly void Sum(
        ref Tile tile, in GivenView given, in WindowAxis window, float* a, float* b, float* c, int first, int last, int firstTap, int endTap, int runs = 1)
    {
        int count = endTap - firstTap, rows = last - first;
        tile.A = a + window.Position(first, firstTap) * given.Strides.Width;
        tile.B = b + firstTap * tile.BWidth;
        tile.C = c + first * tile.CRow;
        // Channels side by side in a given row may run on from one tap into the next: one long sum.
        (tile.Width, tile.Run) = window.Dilation == 1 && given.Strides.Width == Gather.Unit ? (1, Gather.Unit * count) : (count, Gather.Unit);
        // The next tile of the row: what it writes where rows do not lie side by side, and what sums of one tap read.
        for (int i = 0; i < runs && Gather.FetchesResults && tile.Columns < tile.CRow; i++)
            LineFetch.Ask<L>(runs == 1 ? tile.C + rows * tile.CRow : tile.C + i * tile.CTile, tile.CRow, rows, tile.Columns);
        if (TForm.Sums)
        {
            if (Gather.IsFar && Gather.Taps == 1)
                LineFetch.Ask<L>(tile.A + rows * tile.ARow, tile.ARow, rows, tile.Run);
            tile.ComputeDot<L>(rows);
        }
        else if (tile.Slides && tile.FetchStep == 0 && count == SlidingTile.Taps && !tile.Add)
            SlidingTile.Compute<L, TForm>(tile, rows, Gather.Unit);
        else
        {
            if (tile.FetchEnd != null)
            {
                tile.FetchHeight = tile.Run * Tile.Line;
                tile.FetchDepth = tile.Height * tile.FetchHeight;
            }
            else if (tile.FetchStep != 0)
                tile.Fetch = given.IsPadded ? tile.FetchOrigin + window.Position(first, firstTap) * Gather.GivenStrides.Width : tile.A + tile.Size * tile.ARow;
            tile.ComputeRun<L>(runs * rows);
        }
    }
}
