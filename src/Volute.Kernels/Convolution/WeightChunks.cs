using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>The weight pass on the team: a chunk adds the products of a part of the positions to some units of weights.</summary>
internal unsafe struct WeightChunks<L> : IChunks where L : struct, ILanes<L, float>
{
    public WeightPass Pass;
    public float* X, Dy;

    /// <summary>The sums of all parts, one behind the other.</summary>
    public float* Sums;

    [SkipLocalsInit]
    public void Run(int chunk)
    {
        Tile tile = new();
        float* scratch = stackalloc float[Tile.MaxRows * 2 * L.Count];
        tile.Scratch = scratch;
        tile.Add = true;
        var (part, firstBlock, endBlock, firstUnit, endUnit) = Pass.Chunk(chunk);
        for (int unit = firstUnit; unit < endUnit; unit++)
            Clear(Place(unit, part));
        for (int block = firstBlock; block < endBlock; block++)
            for (int unit = firstUnit; unit < endUnit; unit++)
                AddBlock(tile, Place(unit, part), block);
    }

    /// <summary>A unit: kernel row (kd, kh), rows and lanes of one group, and where its first weight is.</summary>
    private struct Unit
    {
        public int Group, KernelDepth, KernelHeight, FirstRow, RowCount, FirstLane, LaneCount;
        public float* Sum;
    }

    private readonly Unit Place(int unit, int part)
    {
        var window = Pass.Problem.Window;
        (int rest, int kh) = Math.DivRem(unit, window.Height.Kernel);
        (rest, int kd) = Math.DivRem(rest, window.Depth.Kernel);
        (rest, int laneBlock) = Math.DivRem(rest, Pass.LaneBlocks);
        (int group, int rowPart) = Math.DivRem(rest, Pass.RowParts);
        int first = Gather.Part(Pass.Rows, rowPart, Pass.RowParts), lane = laneBlock * Pass.BlockLanes;
        long tap = ((long)kd * window.Height.Kernel + kh) * window.Width.Kernel;
        long offset = Pass.InPlace ? (((long)group * Pass.Rows + first) * window.Taps + tap) * Pass.Lanes + lane
            : (((long)group * window.Taps + tap) * Pass.Rows + first) * Pass.Lanes + lane;
        return new()
        {
            Group = group,
            KernelDepth = kd,
            KernelHeight = kh,
            FirstRow = first,
            RowCount = Gather.Part(Pass.Rows, rowPart + 1, Pass.RowParts) - first,
            FirstLane = lane,
            LaneCount = Math.Min(Pass.BlockLanes, Pass.Lanes - lane),
            Sum = Sums + part * Pass.Count + offset,
        };
    }

    /// <summary>Steps of a sum between neighbouring rows, and between neighbouring taps of a kernel row.</summary>
    private readonly (nint Row, nint Tap) SumSteps
        => Pass.InPlace ? (Pass.Problem.Window.Taps * Pass.Lanes, Pass.Lanes) : (Pass.Lanes, Pass.Rows * Pass.Lanes);

    private readonly void Clear(Unit unit)
    {
        var (row, tap) = SumSteps;
        for (int kw = 0; kw < Pass.Problem.Window.Width.Kernel; kw++)
            for (int r = 0; r < unit.RowCount; r++)
                new Span<float>(unit.Sum + r * row + kw * tap, unit.LaneCount).Clear();
    }

    private readonly void AddBlock(Tile tile, in Unit unit, int block)
    {
        var problem = Pass.Problem;
        var (depth, height, width) = (problem.Window.Depth, problem.Window.Height, problem.Window.Width);
        var (n, d, h, w) = Pass.Block(block);
        var (firstD, endD) = Both(depth.OutputsInside(unit.KernelDepth, problem.Input.Depth, problem.Output.Depth), d, Pass.BlockDepth);
        var (firstH, endH) = Both(height.OutputsInside(unit.KernelHeight, problem.Input.Height, problem.Output.Height), h, Pass.BlockHeight);
        if (firstD >= endD || firstH >= endH)
            return;
        var (x, y) = (problem.InputStrides, problem.OutputStrides);
        float* input = X + x.Offset(n, depth.Position(firstD, unit.KernelDepth), height.Position(firstH, unit.KernelHeight), 0) + unit.Group * problem.GroupInputs;
        float* output = Dy + y.Offset(n, firstD, firstH, 0) + unit.Group * problem.GroupOutputs;
        (tile.Depth, tile.Height, tile.Width) = (endD - firstD, endH - firstH, 1);
        MapStrides steps = new(0, depth.Stride * x.Depth, height.Stride * x.Height, width.Stride * x.Width);
        var (a, b) = Pass.LanesAreInputs ? (y, steps) : (steps, y);
        (tile.ADepth, tile.AHeight, tile.AStep) = ((nint)a.Depth, (nint)a.Height, (nint)a.Width);
        (tile.BDepth, tile.BHeight, tile.BStep, tile.BVector) = ((nint)b.Depth, (nint)b.Height, (nint)b.Width, L.Count);
        tile.ARow = 1;
        (tile.CRow, nint tap) = SumSteps;
        tile.Columns = unit.LaneCount;

        // Positions inside for all taps of the kernel row, where these are taken together; the others tap by tap.
        int taps = width.Kernel;
        var (first, end) = (0, 0);
        if (Pass.TapsJoin)
        {
            (first, end) = Both((Inside(0).First, Inside(taps - 1).End), w, Pass.BlockWidth);
            end = Math.Max(first, end);
            AddRows(tile, unit, input, output, 0, taps * unit.RowCount, first, end);
        }
        for (int kw = 0; kw < taps; kw++)
        {
            var (from, to) = Both(Inside(kw), w, Pass.BlockWidth);
            if (first == end)
            {
                AddRows(tile, unit, input, output, kw, unit.RowCount, from, to);
                continue;
            }
            AddRows(tile, unit, input, output, kw, unit.RowCount, from, Math.Min(to, first));
            AddRows(tile, unit, input, output, kw, unit.RowCount, Math.Max(from, end), to);
        }
        (int First, int End) Inside(int kw) => width.OutputsInside(kw, problem.Input.Width, problem.Output.Width);
    }

    /// <summary>Positions from..to of the rows of the block, tap <paramref name="kw"/> and, where taps join, those after it.</summary>
    private readonly void AddRows(Tile tile, in Unit unit, float* input, float* output, int kw, int rows, int from, int to)
    {
        if (from >= to)
            return;
        var problem = Pass.Problem;
        float* x = input + problem.Window.Width.Position(from, kw) * problem.InputStrides.Width, dy = output + from * problem.OutputStrides.Width;
        float* a = (Pass.LanesAreInputs ? dy : x) + unit.FirstRow;
        float* sum = unit.Sum + kw * SumSteps.Tap;
        tile.B = (Pass.LanesAreInputs ? x : dy) + unit.FirstLane;
        tile.Run = to - from;
        int most = Tile.RowsFor(tile.Columns > L.Count ? 2 : 1, tile.ARow), tiles = (rows - 1) / most + 1;
        for (int i = 0; i < tiles; i++)
        {
            int row = Gather.Part(rows, i, tiles);
            tile.A = a + row * tile.ARow;
            tile.C = sum + row * tile.CRow;
            Compute(tile, Gather.Part(rows, i + 1, tiles) - row);
        }
    }

    /// <summary>
    /// A last block whose lanes are not all channels reads on into the next position; behind the last position of a map there is none,
    /// so the sum is cut there and its end computed lane by lane.
    /// </summary>
    private readonly void Compute(Tile tile, int rows)
    {
        var problem = Pass.Problem;
        float* endOfX = X + Gather.End(problem.Batch, problem.Input, problem.InputStrides, problem.InputChannels);
        float* endOfDy = Dy + Gather.End(problem.Batch, problem.Output, problem.OutputStrides, problem.OutputChannels);
        bool safe = tile.Columns % L.Count == 0 || tile.EndOfB(L.Count) <= (Pass.LanesAreInputs ? endOfX : endOfDy);
        if (safe)
        {
            tile.Compute<L, SpreadForm>(rows);
            return;
        }
        Tile last;
        if (tile.Depth > 1)
        {
            tile.Depth--;
            last = tile.Moved(tile.Depth * tile.ADepth, tile.Depth * tile.BDepth) with { Depth = 1 };
        }
        else if (tile.Height > 1)
        {
            tile.Height--;
            last = tile.Moved(tile.Height * tile.AHeight, tile.Height * tile.BHeight) with { Height = 1 };
        }
        else if (tile.Run > 1)
        {
            tile.Run--;
            last = tile.Moved(tile.Run * tile.AStep, tile.Run * tile.BStep) with { Run = 1 };
        }
        else
        {
            tile.ComputeLaneByLane(rows);
            return;
        }
        Compute(tile, rows);
        Compute(last, rows);
    }

    private static (int First, int End) Both((int First, int End) range, int first, int count)
        => (Math.Max(range.First, first), Math.Min(range.End, first + count));
}
