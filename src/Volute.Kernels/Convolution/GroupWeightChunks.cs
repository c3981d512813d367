using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>The weight pass of small groups on the team: a chunk adds the products of a part of the rows of x to the weights of a pair of vectors.</summary>
/// <remarks>
/// A block of a row of x is turned once, [column][turn][lane of two vectors], and serves all taps: those of a kernel's row and all turns are the
/// rows of a tile, evenly spaced where the dilation is 1.
/// </remarks>
internal unsafe struct GroupWeightChunks<L> : IChunks where L : struct, ILanes<L, float>
{
    public GroupWeightPass Pass;
    public float* X, Dy;

    /// <summary>[part][pair][tap][turn][lane of two vectors].</summary>
    public float* Sums;

    /// <summary>A pair of vectors: its first group, the groups of each vector, its sums, and where indices, turned x and copied dy lie.</summary>
    private struct Pair
    {
        public int FirstGroup, Groups0, Groups1;
        public float* Sums, Indices, Turned, Copied;
    }

    [SkipLocalsInit]
    public void Run(int chunk)
    {
        var (part, index) = Math.DivRem(chunk, Pass.Pairs);
        var problem = Pass.Problem;
        float* indices = stackalloc float[Pass.Turns * L.Count];
        long turned = Math.Min(Pass.ReadWidth, problem.Input.Width) * Pass.Turns * 2 * L.Count;
        float* memory = Scratch.Get(turned + Pass.BlockWidth * 2 * L.Count);
        int first = index * 2 * Pass.GroupsPerVector, groups = Math.Min(2 * Pass.GroupsPerVector, problem.Groups - first);
        Pair pair = new()
        {
            FirstGroup = first,
            Groups0 = Math.Min(groups, Pass.GroupsPerVector),
            Groups1 = Math.Max(0, groups - Pass.GroupsPerVector),
            Sums = Sums + chunk * Pass.UnitCount,
            Indices = indices,
            Turned = memory,
            Copied = memory + turned,
        };
        new Span<float>(pair.Sums, checked((int)Pass.UnitCount)).Clear();
        for (int turn = 0; turn < Pass.Turns; turn++)
            for (int lane = 0; lane < L.Count; lane++)
            {
                var (group, output) = Math.DivRem(lane, problem.GroupOutputs);
                ((int*)indices)[turn * L.Count + lane] = group < Pass.GroupsPerVector ? group * Pass.Turns + Pass.InputOf(turn, output) : 0;
            }
        Tile tile = new()
        {
            Add = true,
            Columns = pair.Groups1 > 0 ? 2 * L.Count : L.Count,
            ARow = 2 * L.Count,
            AStep = problem.Window.Width.Stride * Pass.Turns * 2 * L.Count,
            CRow = 2 * L.Count,
            Depth = 1,
            Height = 1,
            Width = 1,
        };
        for (int row = Gather.Part(Pass.Rows, part, Pass.Parts); row < Gather.Part(Pass.Rows, part + 1, Pass.Parts); row++)
            for (int column = 0; column < problem.Output.Width; column += Pass.BlockWidth)
                AddBlock(ref tile, pair, row, column, Math.Min(column + Pass.BlockWidth, problem.Output.Width));
    }

    /// <summary>What a row of x gives with the output columns begin..end of all rows of dy that meet it.</summary>
    private readonly void AddBlock(ref Tile tile, in Pair pair, int row, int begin, int end)
    {
        var problem = Pass.Problem;
        var (depth, height, width) = (problem.Window.Depth, problem.Window.Height, problem.Window.Width);
        var (rest, h) = Math.DivRem(row, problem.Input.Height);
        var (n, d) = Math.DivRem(rest, problem.Input.Depth);
        var (firstX, endX) = width.InputsRead(begin, end, problem.Input.Width);
        if (firstX >= endX)
            return;
        bool turned = false;
        for (int kd = 0; kd < depth.Kernel; kd++)
        {
            if (!depth.TryOutput(d, kd, problem.Output.Depth, out int outputD))
                continue;
            for (int kh = 0; kh < height.Kernel; kh++)
            {
                if (!height.TryOutput(h, kh, problem.Output.Height, out int outputH))
                    continue;
                float* dy = Dy + problem.OutputStrides.Offset(n, outputD, outputH) + pair.FirstGroup * problem.GroupOutputs;
                if (!turned && Gather.AreFar(problem))
                {
                    // The next rows of both maps.
                    int groups = pair.Groups0 + pair.Groups1;
                    float* x = X + problem.InputStrides.Offset(n, d, h + 1L, firstX) + pair.FirstGroup * Pass.Turns;
                    LineFetch.Ask<L>(x, (nint)problem.InputStrides.Width, endX - firstX, groups * Pass.Turns);
                    LineFetch.Ask<L>(dy + problem.OutputStrides.Offset(0, 0, 1, begin), (nint)problem.OutputStrides.Width, end - begin, groups * problem.GroupOutputs);
                }
                if (!turned)
                    Turn(pair, X + problem.InputStrides.Offset(n, d, h, firstX), endX - firstX);
                turned = true;
                float* sums = pair.Sums + ((long)kd * height.Kernel + kh) * width.Kernel * Pass.Turns * 2 * L.Count;
                AddRow(ref tile, pair, dy, sums, begin, end, firstX);
            }
        }
    }

    /// <summary>Brings x to where it is met: two loads and, for each turn, two permutations a column.</summary>
    [MethodImpl(Compiled.AtOnce)]
    private readonly void Turn(in Pair pair, float* x, int columns)
    {
        int turns = Pass.Turns, lanes0 = pair.Groups0 * turns, lanes1 = pair.Groups1 * turns;
        x += pair.FirstGroup * turns;
        float* target = pair.Turned;
        for (int column = 0; column < columns; column++, x += Pass.Problem.InputStrides.Width)
        {
            L x0 = L.Load(x, lanes0), x1 = L.Load(x + lanes0, lanes1);
            for (int turn = 0; turn < turns; turn++, target += 2 * L.Count)
            {
                L indices = L.Load(pair.Indices + turn * L.Count);
                L.Store(L.Permute(x0, indices), target);
                L.Store(L.Permute(x1, indices), target + L.Count);
            }
        }
    }

    /// <summary>A row of dy: the taps of a kernel's row together, at the border column by column; dilated ones tap by tap.</summary>
    private readonly void AddRow(ref Tile tile, in Pair pair, float* dy, float* sums, int begin, int end, int firstX)
    {
        var problem = Pass.Problem;
        var width = problem.Window.Width;
        tile.BVector = pair.Groups0 * problem.GroupOutputs;
        tile.BStep = (nint)problem.OutputStrides.Width;
        float* b = dy;
        float* endOfDy = Dy + Gather.End(problem.Batch, problem.Output, problem.OutputStrides, problem.OutputChannels);
        if (dy + (end - 1) * tile.BStep + (tile.Columns > L.Count ? tile.BVector : 0) + L.Count > endOfDy)
        {
            // Lanes that no group fills would lie behind the end of dy.
            int channels = (pair.Groups0 + pair.Groups1) * problem.GroupOutputs;
            for (int column = begin; column < end; column++)
                new Span<float>(dy + column * tile.BStep, channels).CopyTo(new(pair.Copied + (column - begin) * 2 * L.Count, channels));
            tile.BStep = 2 * L.Count;
            b = pair.Copied - begin * tile.BStep;
        }
        if (width.Dilation > 1)
        {
            for (int tap = 0; tap < width.Kernel; tap++)
            {
                var (from, to) = width.OutputsInside(tap, problem.Input.Width, problem.Output.Width);
                AddTaps(ref tile, pair, b, sums, tap, 1, Math.Max(from, begin), Math.Min(to, end), firstX);
            }
            return;
        }
        int first = Math.Clamp(width.OutputsInside(0, problem.Input.Width, problem.Output.Width).First, begin, end);
        int last = Math.Clamp(width.OutputsInside(width.Kernel - 1, problem.Input.Width, problem.Output.Width).End, first, end);
        AddTaps(ref tile, pair, b, sums, 0, width.Kernel, first, last, firstX);
        for (int column = begin; column < end; column++)
        {
            if (column == first && first < last)
                column = last;
            if (column >= end)
                break;
            var (tap, endTap) = width.TapsInside(column, problem.Input.Width);
            AddTaps(ref tile, pair, b, sums, tap, endTap - tap, column, column + 1, firstX);
        }
    }

    /// <summary>Output columns from..to, <paramref name="taps"/> taps of the width axis and all turns.</summary>
    private readonly void AddTaps(ref Tile tile, in Pair pair, float* b, float* sums, int tap, int taps, int from, int to, int firstX)
    {
        if (from >= to || taps <= 0)
            return;
        long turned = Pass.Turns * 2 * L.Count;
        float* a = pair.Turned + (Pass.Problem.Window.Width.Position(from, tap) - firstX) * turned, c = sums + tap * turned;
        tile.B = b + from * tile.BStep;
        tile.Run = to - from;
        int rows = taps * Pass.Turns, tiles = (rows - 1) / Tile.RowsFor(tile.Columns > L.Count ? 2 : 1, tile.ARow) + 1;
        for (int i = 0; i < tiles; i++)
        {
            int row = Gather.Part(rows, i, tiles);
            tile.A = a + row * tile.ARow;
            tile.C = c + row * tile.CRow;
            tile.Compute<L, LanewiseForm>(Gather.Part(rows, i + 1, tiles) - row);
        }
    }
}
