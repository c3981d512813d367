using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>The output or the input pass on the team: a chunk is some bands (<see cref="PlanarGrid"/>).</summary>
internal unsafe struct PlanarChunks<L> : IChunks where L : struct, ILanes<L, float>
{
    public PlanarGrid Grid;
    public Units Bands;
    public float* Given, Sought;

    /// <summary>Weights as <see cref="WeightPacking{L}"/> lays them for one lane, and where each term is read.</summary>
    public float* Weight;
    public int* Offsets;

    /// <summary>One number a sought channel, or null.</summary>
    public float* Bias;

    public Epilogue Epilogue;

    /// <summary>From the given map to planes, and from results to the sought map.</summary>
    public PlanarPlanes<L> Planes;
    public Interleaver<L> Records;

    /// <summary>A band at work: its image and place, its positions, its planes, and where results wait.</summary>
    private struct Work
    {
        public int Image, D, H, W;
        public Extent Extent;
        public float* Planes, Results, Zeros;
    }

    /// <summary>Whether all phases of the width axis make one record, or each makes its own.</summary>
    public static bool Joins(in Gather gather)
        => gather.Width.Length == 1 || (gather.Width.Length == gather.Width[0].Step && gather.SoughtStrides.Width == gather.SoughtChannels);

    [SkipLocalsInit]
    public void Run(int chunk)
    {
        ref readonly Gather gather = ref Grid.Gather;
        float* zeros = stackalloc float[PlanarTile.MaxRows];
        new Span<float>(zeros, PlanarTile.MaxRows).Clear();
        float* memory = Scratch.Get(Grid.PlaneCount + Grid.ResultCount);
        Work work = new() { Planes = memory, Results = memory + Grid.PlaneCount, Zeros = zeros };
        var (first, end) = Bands[chunk];
        for (int band = (int)first; band < end; band++)
        {
            (work.Image, work.D, work.H, work.W) = Grid[band];
            work.Extent = Grid.ExtentOf(band);
            for (int group = 0; group < gather.Groups; group++)
            {
                Planes.Fill(group, work.Image, work.D, work.H, work.W, work.Extent, work.Planes);
                Compute(work, group);
            }
            if (!Epilogue.IsNone)
                End(work, band);
        }
    }

    /// <summary>The epilogue on a band, which is a part of its own.</summary>
    [SkipLocalsInit]
    private readonly void End(in Work work, int band)
    {
        ref readonly Gather gather = ref Grid.Gather;
        byte* room = stackalloc byte[ChunkEnd<L>.RoomBytes(Epilogue, Epilogue.Channels)];
        ChunkEnd<L> end = new(Epilogue, band, 0, Epilogue.Channels, room);
        for (int d = work.D; d < work.D + work.Extent.Depth; d++)
        {
            int row = (work.Image * gather.DepthRows + d) * gather.HeightRows + work.H;
            gather.Apply(ref end, Sought, new(band, row, row + work.Extent.Height, work.W, work.W + work.Extent.Width, 0, gather.Groups * gather.Blocks));
        }
        end.Finish();
    }

    /// <summary>All positions of a band for one group, some rows of a slice or a part of one at a time.</summary>
    private readonly void Compute(in Work work, int group)
    {
        foreach (ref readonly var depth in Grid.Gather.Depth.AsSpan())
            foreach (ref readonly var height in Grid.Gather.Height.AsSpan())
            {
                int slices = Math.Min(work.Extent.Depth, depth.Positions - work.D), rows = Math.Min(work.Extent.Height, height.Positions - work.H);
                for (int d = 0; d < slices; d++)
                    for (int h = 0; h < rows; h += Grid.RunRows)
                        for (int w = 0; w < work.Extent.Width; w += Grid.RunColumns)
                            ComputeRun(work, group, depth, height, d, h, w, Math.Min(Grid.RunRows, rows - h), Math.Min(Grid.RunColumns, work.Extent.Width - w));
            }
    }

    /// <summary>Some rows of a slice, or a part of one: one run of positions, cut into tiles, then row by row to the sought map.</summary>
    private readonly void ComputeRun(in Work work, int group, in GatherAxis depth, in GatherAxis height, int d, int h, int w, int rows, int columns)
    {
        ref readonly Gather gather = ref Grid.Gather;
        int vectors = ((rows - 1) * Grid.Pitch + columns - 1) / L.Count + 1, tiles = (vectors - 1) / PlanarTile.VectorsFor(gather.BlockColumns) + 1;
        float* planes = work.Planes + d * Grid.SliceStep + h * Grid.Pitch + w;
        PlanarTile tile = new() { ARow = 1, CRow = Grid.ResultStep, Runs = 1 };
        for (int i = 0; i < tiles; i++)
        {
            int first = Gather.Part(vectors, i, tiles), count = Gather.Part(vectors, i + 1, tiles) - first;
            tile.B = planes + first * L.Count;
            tile.C = work.Results + first * L.Count;
            foreach (ref readonly var width in gather.Width.AsSpan())
            {
                tile.Terms = depth.Window.Kernel * height.Window.Kernel * width.Window.Kernel * gather.Unit;
                tile.Offsets = Offsets + gather.TapsBefore(depth, height, width) * gather.Unit;
                for (int channel = 0; channel < gather.SoughtChannels; channel += gather.BlockColumns)
                {
                    int sought = Math.Min(gather.BlockColumns, gather.SoughtChannels - channel);
                    tile.A = Weight + gather.PanelOffset(depth, height, width, group, channel, 1);
                    tile.Start = Bias == null ? work.Zeros : Bias + group * gather.SoughtChannels + channel;
                    tile.Compute<L, SpreadForm>(sought, count);
                    tile.C += sought * Grid.ResultStep;
                }
            }
        }
        for (int row = 0; row < rows; row++)
            WriteRow(work, group, depth, height, d, h + row, w, columns, work.Results + row * Grid.Pitch);
    }

    /// <summary>Columns w..w + columns of a row of the band, from the results to the sought map.</summary>
    private readonly void WriteRow(in Work work, int group, in GatherAxis depth, in GatherAxis height, int d, int h, int w, int columns, float* results)
    {
        ref readonly Gather gather = ref Grid.Gather;
        float* to = Sought + group * gather.SoughtChannels + gather.SoughtStrides.Offset(
            work.Image, depth.First + (work.D + d) * (long)depth.Step, height.First + (work.H + h) * (long)height.Step);
        bool joins = Joins(gather);
        int begin = work.W + w;
        foreach (ref readonly var width in gather.Width.AsSpan())
        {
            int end = Math.Min(begin + columns, width.Positions);
            nint step = (nint)(width.Step * gather.SoughtStrides.Width), limit = (end - begin - 1) * step + gather.SoughtChannels;
            // The last record of joined phases may be shorter.
            if (joins && width.Step > 1)
                limit = (nint)(Math.Min((long)end * width.Step, gather.Sought.Width) - (long)begin * width.Step) * gather.SoughtChannels;
            if (end > begin)
                Records.Join(results, Grid.ResultStep, to + (width.First + (long)begin * width.Step) * gather.SoughtStrides.Width, limit);
            if (joins)
                return;
            results += gather.SoughtChannels * Grid.ResultStep;
        }
    }
}
