using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>The output or the input pass on the team: a chunk is some bands (<see cref="PlanarGrid"/>).</summary>
internal unsafe struct PlanarChunks<L> : IChunks where L : struct, ILanes<L, float>
{
    public PlanarGrid Grid;
    public Units Bands;
    public float* Given, Sought;

    /// <summary>Weights as <see cref="WeightPacking"/> lays them for one lane, and where each term is read.</summary>
    public float* Weight;
    public int* Offsets;

    /// <summary>One number a sought channel, or null.</summary>
    public float* Bias;

    public Epilogue Epilogue;

    /// <summary>A band at work: its image and place, its positions, its planes, and where results wait to be joined to records.</summary>
    private struct Work
    {
        public int Image, D, H, W;
        public Extent Extent;
        public float* Planes, Results, Zeros;
        public int ResultStep, MostVectors;

        /// <summary>All phases of the width axis in one record, or each by itself.</summary>
        public bool Joined;
        public Interleaver<L> Records;
    }

    [SkipLocalsInit]
    public void Run(int chunk)
    {
        var gather = Grid.Gather;
        float* zeros = stackalloc float[PlanarTile.MaxRows];
        new Span<float>(zeros, PlanarTile.MaxRows).Clear();
        int phases = gather.Width.Length, resultStep = PlanarTile.MaxVectors * L.Count, resultRows = phases * gather.SoughtChannels;
        float* memory = Scratch.Get(Grid.PlaneCount + resultRows * resultStep + Interleaver<L>.TableVectors * L.Count + PlanarPlanes<L>.TableCount(Grid));
        Work work = new()
        {
            Planes = memory,
            Results = memory + Grid.PlaneCount,
            Zeros = zeros,
            ResultStep = resultStep,
            MostVectors = PlanarTile.VectorsFor(gather.BlockColumns),
            Joined = phases == 1 || (phases == gather.Width[0].Step && gather.SoughtStrides.Width == gather.SoughtChannels),
        };
        float* table = work.Results + resultRows * resultStep;
        work.Records = new(work.Joined ? resultRows : gather.SoughtChannels, (nint)(gather.Width[0].Step * gather.SoughtStrides.Width), table);
        PlanarPlanes<L> planes = new(Grid, Given, table + Interleaver<L>.TableVectors * L.Count);
        var (first, end) = Bands[chunk];
        for (int band = (int)first; band < end; band++)
        {
            (work.Image, work.D, work.H, work.W) = Grid[band];
            work.Extent = new(Math.Min(Grid.Band.Depth, gather.DepthRows - work.D), Math.Min(Grid.Band.Height, gather.HeightRows - work.H),
                Math.Min(Grid.Band.Width, gather.Columns - work.W));
            for (int group = 0; group < gather.Groups; group++)
            {
                planes.Fill(group, work.Image, work.D, work.H, work.W, work.Extent, work.Planes);
                Compute(work, group);
            }
            if (Epilogue.IsNone)
                continue;
            for (int d = work.D; d < work.D + work.Extent.Depth; d++)
            {
                int row = (work.Image * gather.DepthRows + d) * gather.HeightRows + work.H;
                gather.Apply(Epilogue, Sought, new(row, row + work.Extent.Height, work.W, work.W + work.Extent.Width, 0, gather.Groups * gather.Blocks));
            }
        }
    }

    /// <summary>All positions of a band for one group, slice by slice.</summary>
    private readonly void Compute(in Work work, int group)
    {
        foreach (ref readonly var depth in Grid.Gather.Depth.AsSpan())
            foreach (ref readonly var height in Grid.Gather.Height.AsSpan())
            {
                int rows = Math.Min(work.Extent.Height, height.Positions - work.H);
                for (int d = 0; d < Math.Min(work.Extent.Depth, depth.Positions - work.D) && rows > 0; d++)
                    ComputeSlice(work, group, depth, height, d, rows);
            }
    }

    /// <summary>A slice: its rows are one run of positions, cut into tiles.</summary>
    private readonly void ComputeSlice(in Work work, int group, in GatherAxis depth, in GatherAxis height, int d, int rows)
    {
        int vectors = ((rows - 1) * Grid.Pitch + work.Extent.Width - 1) / L.Count + 1, tiles = (vectors - 1) / work.MostVectors + 1;
        for (int i = 0; i < tiles; i++)
        {
            int first = Gather.Part(vectors, i, tiles), count = Gather.Part(vectors, i + 1, tiles) - first;
            float* planes = work.Planes + d * Grid.SliceStep + first * L.Count;
            for (int phase = 0; phase < Grid.Gather.Width.Length; phase++)
                ComputeTile(work, group, depth, height, phase, planes, count);
            Write(work, group, depth, height, d, first * L.Count, count * L.Count);
        }
    }

    /// <summary>A run of positions for all sought channels of a group and one phase.</summary>
    private readonly void ComputeTile(in Work work, int group, in GatherAxis depth, in GatherAxis height, int phase, float* planes, int vectors)
    {
        var gather = Grid.Gather;
        ref readonly var width = ref gather.Width[phase];
        PlanarTile tile = new()
        {
            B = planes,
            C = work.Results + phase * gather.SoughtChannels * work.ResultStep,
            ARow = 1,
            CRow = work.ResultStep,
            Terms = depth.Window.Kernel * height.Window.Kernel * width.Window.Kernel * gather.Unit,
            Offsets = Offsets + gather.TapsBefore(depth, height, width) * gather.Unit,
        };
        for (int channel = 0; channel < gather.SoughtChannels; channel += gather.BlockColumns)
        {
            int rows = Math.Min(gather.BlockColumns, gather.SoughtChannels - channel);
            tile.A = Weight + gather.PanelOffset(depth, height, width, group, channel, 1);
            tile.Start = Bias == null ? work.Zeros : Bias + group * gather.SoughtChannels + channel;
            tile.Compute<L, SpreadForm>(rows, vectors);
            tile.C += rows * work.ResultStep;
        }
    }

    /// <summary>Positions first..first + count of a slice from their planes to the sought map; those between its rows are dropped.</summary>
    private readonly void Write(in Work work, int group, in GatherAxis depth, in GatherAxis height, int d, int first, int count)
    {
        var gather = Grid.Gather;
        var (row, column) = Math.DivRem(first, Grid.Pitch);
        long plane = gather.SoughtStrides.Offset(work.Image, depth.First + (long)(work.D + d) * depth.Step, 0) + group * gather.SoughtChannels;
        for (int at = 0; at < count && row < Math.Min(work.Extent.Height, height.Positions - work.H); at += Grid.Pitch - column, row++, column = 0)
        {
            int length = Math.Min(work.Extent.Width - column, count - at), begin = work.W + column;
            float* to = Sought + plane + (height.First + (work.H + row) * (long)height.Step) * gather.SoughtStrides.Height;
            for (int phase = 0; phase < (work.Joined ? 1 : gather.Width.Length); phase++)
            {
                ref readonly var width = ref gather.Width[phase];
                int end = Math.Min(begin + length, width.Positions);
                if (end <= begin)
                    continue;
                // The last record of joined phases may be shorter.
                long places = work.Joined ? Math.Min((long)end * width.Step, gather.Sought.Width) - (long)begin * width.Step : 0;
                nint step = (nint)(width.Step * gather.SoughtStrides.Width);
                nint limit = work.Joined && width.Step > 1 ? (nint)places * gather.SoughtChannels : (end - begin - 1) * step + gather.SoughtChannels;
                work.Records.Join(work.Results + phase * gather.SoughtChannels * work.ResultStep + at, work.ResultStep,
                    to + (width.First + (long)begin * width.Step) * gather.SoughtStrides.Width, limit);
            }
        }
    }
}
