using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>The output or the input pass of small groups on the team: a chunk is some rows (or a part of one) times some blocks of groups.</summary>
/// <remarks>
/// A tile is a run of neighbouring positions that have all taps of their row, or one position at the border. Its accumulators are stored two vectors
/// at a time as [position][accumulator][lane], and the sought channels made from them while they are in the first cache.
/// </remarks>
internal unsafe struct GroupChunks<L> : IChunks where L : struct, ILanes<L, float>
{
    public GroupBlocks Blocks;
    public float* Given, Sought;

    /// <summary>The table of steps and the weights as <see cref="GroupPacking"/> lays them.</summary>
    public float* Packed;

    /// <summary>One number a sought channel, or null.</summary>
    public float* Bias;

    public Epilogue Epilogue;

    /// <summary>A block: its bias padded to whole vectors, its sought channels, the lanes that its groups fill, and the accumulators of a tile.</summary>
    private struct Block
    {
        public float* Bias, Sums;
        public int Channels, FilledLanes;
    }

    [SkipLocalsInit]
    public void Run(int chunk)
    {
        float* sums = stackalloc float[Tile.MaxRows * Blocks.Sought * L.Count], bias = stackalloc float[Blocks.Vectors * L.Count], start = stackalloc float[Blocks.Sought * L.Count];
        new Span<float>(start, Blocks.Sought * L.Count).Clear();
        Gather gather = Blocks.Gather;
        ChunkSpan span = gather.Chunk(chunk);
        for (int index = span.FirstBlock; index < span.EndBlock; index++)
        {
            int firstGroup = index * Blocks.GroupsPerBlock, groups = Math.Min(Blocks.GroupsPerBlock, Blocks.Groups - firstGroup);
            Block block = new() { Bias = bias, Sums = sums, Channels = groups * Blocks.Sought, FilledLanes = groups * Blocks.GroupLanes };
            for (int i = 0; i < Blocks.Vectors * L.Count; i++)
                bias[i] = Bias != null && i < block.Channels ? Bias[firstGroup * Blocks.Sought + i] : 0;
            Tile tile = new()
            {
                Start = start,
                AStep = L.Count,
                BStep = Blocks.Sought * L.Count,
                BVector = L.Count,
                BWidth = Blocks.TapCount,
                CRow = Blocks.Sought * L.Count,
                Run = Blocks.Run,
                MaskedLanes = block.FilledLanes,
            };
            float* given = Given + firstGroup * gather.Unit, sought = Sought + firstGroup * Blocks.Sought;
            foreach (ref readonly var depth in gather.Depth.AsSpan())
                foreach (ref readonly var height in gather.Height.AsSpan())
                    foreach (ref readonly var width in gather.Width.AsSpan())
                        RunPhase(tile, block, span, depth, height, width, given, Packed + Blocks.PanelOffset(depth, height, width, index), sought);
        }
        if (!Epilogue.IsNone)
            gather.Apply(Epilogue, Sought, span);
    }

    private readonly void RunPhase(
        Tile tile, in Block block, in ChunkSpan span, in GatherAxis depth, in GatherAxis height, in GatherAxis width, float* given, float* panel, float* sought)
    {
        ref readonly Gather gather = ref Unsafe.AsRef(in Blocks.Gather);
        var window = width.Window;
        int taps = window.Kernel, begin = span.FirstColumn, end = Math.Min(span.EndColumn, width.Positions);
        tile.ARow = (nint)(window.Stride * gather.GivenStrides.Width);
        tile.AWidth = (nint)(window.Dilation * gather.GivenStrides.Width);
        tile.AHeight = (nint)(height.Window.Dilation * gather.GivenStrides.Height);
        tile.ADepth = (nint)(depth.Window.Dilation * gather.GivenStrides.Depth);
        tile.BHeight = taps * tile.BWidth;
        tile.BDepth = height.Window.Kernel * tile.BHeight;
        nint soughtStep = (nint)(width.Step * gather.SoughtStrides.Width);
        // The positions for which no tap of this axis leaves the given map.
        int inside = end, insideEnd = end;
        if (taps > 0 && begin < end)
        {
            inside = Math.Clamp(window.OutputsInside(0, gather.Given.Width, width.Positions).First, begin, end);
            insideEnd = Math.Clamp(window.OutputsInside(taps - 1, gather.Given.Width, width.Positions).End, inside, end);
        }
        tile.Slides = taps == SlidingTile.Taps && window is { Stride: 1, Dilation: 1 };
        int most = tile.Slides ? Math.Min(SlidingTile.MostRows, Tile.RowsFor(1, tile.ARow)) : Tile.RowsFor(Blocks.Sought > 1 ? 2 : 1, tile.ARow);
        int tiles = (insideEnd - inside - 1) / most + 1;
        for (int row = span.FirstRow; row < span.EndRow; row++)
        {
            var (rest, h) = Math.DivRem(row, gather.HeightRows);
            var (n, d) = Math.DivRem(rest, gather.DepthRows);
            if (d >= depth.Positions || h >= height.Positions)
                continue;
            var (firstD, endD) = depth.Window.TapsInside(d, gather.Given.Depth);
            var (firstH, endH) = height.Window.TapsInside(h, gather.Given.Height);
            (tile.Depth, tile.Height) = (endD - firstD, endH - firstH);
            float* a = given + gather.GivenStrides.Offset(n, depth.Window.Position(d, firstD), height.Window.Position(h, firstH));
            float* b = panel + firstD * tile.BDepth + firstH * tile.BHeight;
            float* c = sought + gather.SoughtStrides.Offset(n, depth.First + (long)d * depth.Step, height.First + (long)h * height.Step, width.First);
            for (int position = begin; position < end; position++)
            {
                if (position == inside && inside < insideEnd)
                {
                    for (int i = 0; i < tiles; i++)
                    {
                        int first = inside + Gather.Part(insideEnd - inside, i, tiles), last = inside + Gather.Part(insideEnd - inside, i + 1, tiles);
                        Sum(ref tile, block, window, a, b, first, last, 0, taps);
                        Join(block, c + first * soughtStep, soughtStep, last - first);
                    }
                    position = insideEnd - 1;
                    continue;
                }
                var (firstTap, endTap) = window.TapsInside(position, gather.Given.Width);
                Sum(ref tile, block, window, a, b, position, position + 1, firstTap, Math.Max(firstTap, endTap));
                Join(block, c + position * soughtStep, soughtStep, 1);
            }
        }
    }

    /// <summary>The accumulators of positions first..last of a row, taps firstTap..endTap of the width axis, all of them inside.</summary>
    private readonly void Sum(ref Tile tile, in Block block, in WindowAxis window, float* a, float* b, int first, int last, int firstTap, int endTap)
    {
        tile.A = a + window.Position(first, firstTap) * Blocks.Gather.GivenStrides.Width;
        tile.B = b + firstTap * tile.BWidth;
        tile.C = block.Sums;
        (tile.Width, tile.Columns) = (endTap - firstTap, L.Count);
        bool masks = block.FilledLanes < L.Count && tile.EndOfA(last - first, L.Count) > Given + Blocks.Gather.GivenEnd;
        if (last - first == 1)
        {
            SumOne(tile, masks);
            return;
        }
        if (tile.Slides && tile.Width == SlidingTile.Taps && !masks)
        {
            tile.Columns = Blocks.Sought * L.Count;
            SlidingTile.Compute<L, GroupsForm>(tile, last - first, Blocks.Run);
            return;
        }
        for (int accumulator = 0; accumulator < Blocks.Sought; accumulator += 2)
        {
            tile.Columns = Math.Min(2, Blocks.Sought - accumulator) * L.Count;
            if (masks)
                tile.Compute<L, GroupsRemainderForm>(last - first);
            else
                tile.Compute<L, GroupsForm>(last - first);
            tile.B += 2 * L.Count;
            tile.C += 2 * L.Count;
        }
    }

    /// <summary>One position: the accumulators are the rows, weights and given channels change places.</summary>
    private readonly void SumOne(in Tile tile, bool masks)
    {
        Tile one = tile with
        {
            A = tile.B,
            ARow = L.Count,
            AStep = tile.BStep,
            AWidth = tile.BWidth,
            AHeight = tile.BHeight,
            ADepth = tile.BDepth,
            B = tile.A,
            BStep = tile.AStep,
            BWidth = tile.AWidth,
            BHeight = tile.AHeight,
            BDepth = tile.ADepth,
            CRow = L.Count,
        };
        int most = Tile.RowsFor(1, one.ARow), tiles = (Blocks.Sought - 1) / most + 1;
        for (int i = 0; i < tiles; i++)
        {
            int first = Gather.Part(Blocks.Sought, i, tiles), rows = Gather.Part(Blocks.Sought, i + 1, tiles) - first;
            if (masks)
                one.Compute<L, GroupsRemainderForm>(rows);
            else
                one.Compute<L, GroupsForm>(rows);
            one.A += rows * L.Count;
            one.C += rows * L.Count;
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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
