using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>The output or the input pass of small groups on the team: a chunk is some rows (or a part of one) times some blocks of groups.</summary>
/// <remarks>
/// A tile is a run of neighbouring positions of a row. Where each sought channel has one lane of each accumulator, the tile joins them in its registers; else
/// its accumulators are stored as [position][accumulator][lane], and the sought channels made from them while they are in the first cache.
/// </remarks>
internal unsafe struct GroupChunks<L> : IChunks where L : struct, ILanes<L, float>
{
    // Positions whose accumulators are stored together: whole tiles, and whole steps of the join.
    private const int StoredPositions = 2 * GroupTile.MaxPositions;

    public GroupBlocks Blocks;
    public float* Given, Sought;

    /// <summary>The table of steps and the weights as <see cref="GroupPacking"/> lays them.</summary>
    public float* Packed;

    /// <summary>One number a sought channel, or null.</summary>
    public float* Bias;

    public Epilogue Epilogue;

    /// <summary>A block: its bias padded to whole vectors, the accumulators of a tile, and its sought channels.</summary>
    private struct Block
    {
        public float* Bias, Sums;
        public int Channels;
    }

    [SkipLocalsInit]
    public void Run(int chunk)
    {
        float* sums = stackalloc float[StoredPositions * Blocks.Sought * L.Count], bias = stackalloc float[Blocks.Vectors * L.Count];
        Gather gather = Blocks.Gather;
        ChunkSpan span = gather.Chunk(chunk);
        GivenBox<L> box = new(gather, Given, Blocks.Run * L.Count, span.EndColumn - span.FirstColumn);
        float* memory = Scratch.Get(box.Count);
        for (int index = span.FirstBlock; index < span.EndBlock; index++)
        {
            int firstGroup = index * Blocks.GroupsPerBlock, groups = Math.Min(Blocks.GroupsPerBlock, Blocks.Groups - firstGroup);
            Block block = new() { Bias = bias, Sums = sums, Channels = groups * Blocks.Sought };
            for (int i = 0; i < Blocks.Vectors * L.Count; i++)
                bias[i] = Bias != null && i < block.Channels ? Bias[firstGroup * Blocks.Sought + i] : 0;
            GroupTile tile = new()
            {
                BStep = Blocks.Sought * L.Count,
                BWidth = Blocks.TapCount,
                Run = Blocks.Run,
                Joined = Blocks.JoinsInRegisters ? block.Channels : 0,
            };
            float* sought = Sought + firstGroup * Blocks.Sought;
            for (int row = span.FirstRow, endRow; row < span.EndRow; row = endRow)
            {
                endRow = gather.EndRow(span, row, box.Rows);
                for (int column = span.FirstColumn; column < span.EndColumn; column += box.Columns)
                {
                    ChunkSpan piece = span with { FirstRow = row, EndRow = endRow, FirstColumn = column, EndColumn = Math.Min(column + box.Columns, span.EndColumn) };
                    GivenView given = box.Fill(piece, firstGroup * gather.Unit, groups * gather.Unit, memory);
                    foreach (ref readonly var depth in gather.Depth.AsSpan())
                        foreach (ref readonly var height in gather.Height.AsSpan())
                            foreach (ref readonly var width in gather.Width.AsSpan())
                                RunPhase(tile, block, piece, depth, height, width, given, Packed + Blocks.PanelOffset(depth, height, width, index), sought);
                }
            }
        }
        gather.End<L>(Epilogue, Sought, span);
    }

    private readonly void RunPhase(
        GroupTile tile, in Block block, in ChunkSpan piece, in GatherAxis depth, in GatherAxis height, in GatherAxis width, in GivenView given, float* panel, float* sought)
    {
        ref readonly Gather gather = ref Unsafe.AsRef(in Blocks.Gather);
        var window = width.Window;
        int taps = window.Kernel, begin = piece.FirstColumn, end = Math.Min(piece.EndColumn, width.Positions);
        var (rest, firstRow) = Math.DivRem(piece.FirstRow, gather.HeightRows);
        var (n, d) = Math.DivRem(rest, gather.DepthRows);
        if (begin >= end || d >= depth.Positions)
            return;
        tile.ARow = (nint)(window.Stride * given.Strides.Width);
        tile.AWidth = (nint)(window.Dilation * given.Strides.Width);
        tile.AHeight = (nint)(height.Window.Dilation * given.Strides.Height);
        tile.ADepth = (nint)(depth.Window.Dilation * given.Strides.Depth);
        tile.BHeight = taps * tile.BWidth;
        tile.BDepth = height.Window.Kernel * tile.BHeight;
        (tile.Width, tile.Run) = (taps, Blocks.Run);
        // Channels side by side run on from one tap into the next.
        if (window.Dilation == 1 && taps > 0)
            (tile.Width, tile.Run) = (1, taps * Blocks.Run);
        nint soughtStep = (nint)(width.Step * gather.SoughtStrides.Width);
        tile.CRow = tile.Joined > 0 ? soughtStep : Blocks.Sought * L.Count;
        int most = tile.Joined > 0 ? GroupTile.MaxPositions : StoredPositions;
        var (firstD, endD) = depth.Window.TapsInside(d, gather.Given.Depth);
        for (int h = firstRow; h < Math.Min(firstRow + piece.EndRow - piece.FirstRow, height.Positions); h++)
        {
            var (firstH, endH) = height.Window.TapsInside(h, gather.Given.Height);
            (tile.Depth, tile.Height) = (endD - firstD, endH - firstH);
            float* a = given.At(0, depth.Window.Position(d, firstD), height.Window.Position(h, firstH));
            float* b = panel + firstD * tile.BDepth + firstH * tile.BHeight;
            float* c = sought + gather.SoughtStrides.Offset(
                n, depth.First + (long)d * depth.Step, height.First + (long)h * height.Step, width.First);
            for (int first = begin, last; first < end; first = last)
            {
                last = Math.Min(end, first + most);
                float* to = c + first * soughtStep;
                // What the next positions are written to.
                if (gather.IsFar)
                    LineFetch.Ask<L>(to + (last - first) * soughtStep, soughtStep, last - first);
                for (int i = first; i < last; i += GroupTile.MaxPositions)
                {
                    tile.A = a + window.Position(i, 0) * given.Strides.Width;
                    Sum(ref tile, block, b, tile.Joined > 0 ? to : block.Sums + (i - first) * tile.CRow, Math.Min(last - i, GroupTile.MaxPositions));
                }
                if (tile.Joined == 0)
                    Join(block, to, soughtStep, last - first);
            }
        }
    }

    /// <summary>All accumulators of so many positions.</summary>
    private readonly void Sum(ref GroupTile tile, in Block block, float* b, float* to, int positions)
    {
        int parts = (Blocks.Sought - 1) / GroupTile.MostAccumulators + 1;
        for (int part = 0; part < parts; part++)
        {
            int first = Gather.Part(Blocks.Sought, part, parts), accumulators = Gather.Part(Blocks.Sought, part + 1, parts) - first;
            tile.B = b + first * L.Count;
            tile.C = tile.Joined > 0 ? to : to + first * L.Count;
            tile.Start = part == 0 ? block.Bias : null;
            tile.Turns = Packed + first * 2 * L.Count;
            tile.Compute<L>(positions, accumulators);
        }
    }

    private readonly void Join(in Block block, float* sought, nint soughtStep, int positions)
    {
        if (Blocks.StepsAreMasked)
            Join<On>(block, sought, soughtStep, positions);
        else
            Join<Off>(block, sought, soughtStep, positions);
    }

    private readonly void Join<TMasks>(in Block block, float* sought, nint soughtStep, int positions) where TMasks : struct, ISwitch
    {
        int position = 0;
        for (; position + Count4.Value <= positions; position += Count4.Value)
            Join<TMasks, Count4>(block, position, sought, soughtStep);
        for (; position < positions; position++)
            Join<TMasks, Count1>(block, position, sought, soughtStep);
    }

    /// <summary>
    /// Sought channels from accumulators, for four positions side by side or one. Lanes hold sought channels; those beyond the block's hold anything
    /// and are not stored.
    /// </summary>
    [MethodImpl(Compiled.AtOnce)]
    private readonly void Join<TMasks, R>(in Block block, int position, float* sought, nint soughtStep) where TMasks : struct, ISwitch where R : struct, ICount
    {
        int accumulators = Blocks.Sought, turns = Blocks.StepsPerAccumulator, channels = block.Channels;
        nint row = accumulators * L.Count;
        float* step = Packed, target = sought + position * soughtStep;
        for (int channel = 0; channel < channels; channel += L.Count, target += L.Count)
        {
            float* sums = block.Sums + position * row;
            L s0 = L.Load(block.Bias + channel), s1 = s0, s2 = s0, s3 = s0;
            for (int accumulator = 0; accumulator < accumulators; accumulator++, sums += L.Count)
                for (int turn = 0; turn < turns; turn++, step += 2 * L.Count)
                {
                    L indices = L.Load(step), mask = TMasks.IsOn ? L.Load(step + L.Count) : default;
                    s0 += Term<TMasks>(sums, indices, mask);
                    if (R.Value == 1)
                        continue;
                    s1 += Term<TMasks>(sums + row, indices, mask);
                    s2 += Term<TMasks>(sums + 2 * row, indices, mask);
                    s3 += Term<TMasks>(sums + 3 * row, indices, mask);
                }
            int count = Math.Min(channels - channel, L.Count);
            Store(s0, target, count);
            if (R.Value == 1)
                continue;
            Store(s1, target + soughtStep, count);
            Store(s2, target + 2 * soughtStep, count);
            Store(s3, target + 3 * soughtStep, count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Term<TMasks>(float* sums, L indices, L mask) where TMasks : struct, ISwitch
    {
        L term = L.Permute(L.Load(sums), indices);
        return TMasks.IsOn ? L.Select(mask, term, default) : term;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(L value, float* target, int count)
    {
        if (count == L.Count)
            L.Store(value, target);
        else
            L.Store(value, target, count);
    }
}
