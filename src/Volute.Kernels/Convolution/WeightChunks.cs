using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>The weight pass on the team: a chunk adds the products of a part of the positions to some units of weights.</summary>
internal unsafe struct WeightChunks<L> : IChunks where L : struct, ILanes<L, float>
{
    public WeightPass Pass;
    public float* X, Dy;

    /// <summary>The sums of all parts, one behind the other.</summary>
    public float* Sums;

    /// <summary>Steps of a sum between neighbouring rows, and between neighbouring taps of a kernel row.</summary>
    private readonly (nint Row, nint Tap) SumSteps
        => Pass.InPlace ? (Pass.Problem.Window.Taps * Pass.Lanes, Pass.Lanes) : (Pass.Lanes, Pass.Rows * Pass.Lanes);

    [SkipLocalsInit]
    public void Run(int chunk)
    {
        var problem = Pass.Problem;
        Tile tile = new() { Add = true, ARow = 1, CRow = SumSteps.Row, Width = 1 };
        // Behind what the units read of x lies what they read of dy.
        int inputs = Pass.LanesAreInputs ? Pass.MostLanes : Pass.MostRows, outputs = Pass.LanesAreInputs ? Pass.MostRows : Pass.MostLanes;
        long count = WeightPanel<L>.Count(Pass, problem.Window.Width, inputs, Pass.TapsJoin);
        float* memory = Scratch.Get(count + WeightPanel<L>.Count(Pass, new Window().Width, outputs, joins: false));
        WeightPanel<L> x = new(
            X, X + Gather.End(problem.Batch, problem.Input, problem.InputStrides, problem.InputChannels), problem.Input, problem.InputStrides, problem.Window, problem.GroupInputs, Pass.TapsJoin, Pass.LanesAreInputs, memory);
        WeightPanel<L> dy = new(
            Dy, Dy + Gather.End(problem.Batch, problem.Output, problem.OutputStrides, problem.OutputChannels), problem.Output, problem.OutputStrides, new Window(), problem.GroupOutputs, false, !Pass.LanesAreInputs, memory + count);

        var (part, firstBlock, endBlock, firstUnit, endUnit) = Pass.Chunk(chunk);
        for (int unit = firstUnit; unit < endUnit; unit++)
            Clear(Pass.Unit(unit), part);
        for (int index = firstBlock; index < endBlock; index++)
        {
            var block = Pass.Block(index);
            var next = Pass.Block(Math.Min(index + 1, endBlock - 1));
            int taken = -1;
            for (int unit = firstUnit; unit < endUnit; unit++)
            {
                var weights = Pass.Unit(unit);
                var (input, ins, output, outs) = Pass.Channels(weights);
                x.Take(block, next, weights.KernelDepth, weights.KernelHeight, input, ins);
                if (output != taken)
                    dy.Take(block, next, 0, 0, taken = output, outs);
                AddBlock(tile, weights, Place(weights, part), block, x, dy);
            }
        }
    }

    /// <summary>Where the first weight of a unit is in the sum of a part.</summary>
    private readonly float* Place(in WeightUnit unit, int part)
    {
        var window = Pass.Problem.Window;
        long tap = ((long)unit.KernelDepth * window.Height.Kernel + unit.KernelHeight) * window.Width.Kernel;
        return Sums + part * Pass.Count + (Pass.InPlace ? (((long)unit.Group * Pass.Rows + unit.FirstRow) * window.Taps + tap) * Pass.Lanes + unit.FirstLane
            : (((long)unit.Group * window.Taps + tap) * Pass.Rows + unit.FirstRow) * Pass.Lanes + unit.FirstLane);
    }

    private readonly void Clear(in WeightUnit unit, int part)
    {
        var (row, tap) = SumSteps;
        float* sum = Place(unit, part);
        for (int kw = 0; kw < Pass.Problem.Window.Width.Kernel; kw++)
            for (int r = 0; r < unit.RowCount; r++)
                new Span<float>(sum + r * row + kw * tap, unit.LaneCount).Clear();
    }

    private readonly void AddBlock(
        Tile tile, in WeightUnit unit, float* sum, in WeightBlock block, in WeightPanel<L> x, in WeightPanel<L> dy)
    {
        var problem = Pass.Problem;
        var (depth, height, width) = (problem.Window.Depth, problem.Window.Height, problem.Window.Width);
        var (depths, heights, widths) = (block.Depths, block.Heights, block.Widths);
        var (firstD, endD) = Within(depth.OutputsInside(unit.KernelDepth, problem.Input.Depth, problem.Output.Depth), block.Depth, depths);
        var (firstH, endH) = Within(height.OutputsInside(unit.KernelHeight, problem.Input.Height, problem.Output.Height), block.Height, heights);
        if (firstD >= endD || firstH >= endH)
            return;
        ref readonly WeightPanel<L> a = ref dy, b = ref x;
        if (!Pass.LanesAreInputs)
        {
            a = ref x;
            b = ref dy;
        }
        tile.A = a.Start + firstD * a.Depth + firstH * a.Height;
        tile.B = b.Start + firstD * b.Depth + firstH * b.Height;
        (tile.ADepth, tile.AHeight, tile.AStep) = (a.Depth, a.Height, a.Width);
        (tile.BDepth, tile.BHeight, tile.BStep, tile.BVector) = (b.Depth, b.Height, b.Width, L.Count);
        for (int kw = 0; kw < (Pass.TapsJoin ? 1 : width.Kernel); kw++)
        {
            var (from, to) = Pass.TapsJoin ? (0, widths) : Within(width.OutputsInside(kw, problem.Input.Width, problem.Output.Width), block.Width, widths);
            if (from >= to)
                continue;
            Tile tap = tile.Moved(from * a.Width + kw * a.Tap, from * b.Width + kw * b.Tap);
            tap.C = sum + kw * SumSteps.Tap;
            (tap.Depth, tap.Height, tap.Run) = (endD - firstD, endH - firstH, to - from);
            var (nextX, nextDy) = (x.Next(firstD, firstH, from, kw), dy.Next(firstD, firstH, from, 0));
            // Rows of positions that run on into each other are one.
            if (x.Continues(tap.Run) && dy.Continues(tap.Run))
                (tap.Run, tap.Height) = (tap.Run * tap.Height, 1);
            AddTiles(tap, Pass.TapsJoin ? unit.RowCount * width.Kernel : unit.RowCount, unit.LaneCount, nextX, nextDy);
        }
    }

    /// <summary>
    /// All tiles of a rectangle of weights: lanes outermost, as their panel of positions is the one that stays in the first cache. Each of the first
    /// tiles brings a line of every position of the next block on its way.
    /// </summary>
    private static void AddTiles(in Tile tap, int rows, int lanes, in WeightFetch x, in WeightFetch dy)
    {
        int line = 0;
        for (int lane = 0; lane < lanes; lane += 2 * L.Count)
        {
            Tile tile = tap;
            tile.Columns = Math.Min(2 * L.Count, lanes - lane);
            tile.B += lane;
            int most = Tile.RowsFor(tile.Columns > L.Count ? 2 : 1, tile.ARow), tiles = (rows - 1) / most + 1;
            for (int i = 0; i < tiles; i++, line++)
            {
                int row = Gather.Part(rows, i, tiles), count = Gather.Part(rows, i + 1, tiles) - row;
                tile.A = tap.A + row;
                tile.C = tap.C + row * tile.CRow + lane;
                if (x.Take(ref tile, line) || dy.Take(ref tile, line - x.Lines))
                    tile.Compute<L, FetchingForm>(count);
                else
                    tile.Compute<L, SpreadForm>(count);
            }
        }
    }

    private static (int First, int End) Within((int First, int End) range, int first, int count)
        => (Math.Max(range.First, first) - first, Math.Min(range.End, first + count) - first);
}
