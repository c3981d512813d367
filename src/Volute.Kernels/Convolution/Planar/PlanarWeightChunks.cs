namespace Volute.Kernels;

/// <summary>
/// The weight pass on the team: a chunk sums over some bands. Lanes hold positions: dw[o, k, i] is the product of two planes, that of dy and that of x moved
/// by the tap, and the lanes are summed when the chunk ends. Zeros stand in the planes of dy where a row of positions has ended.
/// </summary>
internal unsafe struct PlanarWeightChunks<L> : IChunks where L : struct, ILanes<L, float>
{
    // Vectors of positions, of one slice or of several, that meet all taps before the next ones do: their planes stay in the first cache.
    private const int BlockVectors = 64;

    public PlanarGrid Grid;
    public PlanarPlanes<L> Planes;
    public PlanarRows<L> Rows;
    public float* Dy;

    /// <summary>The end of dy.</summary>
    public float* End;

    /// <summary>Where x is read for each term of a weight.</summary>
    public int* Offsets;

    /// <summary>Terms of an output channel: taps times input channels of its group.</summary>
    public int Terms, Parts;

    /// <summary>Sums of a part: [part][(g,o)][k][i].</summary>
    public float* Sums;

    public readonly void Run(int part)
    {
        ref readonly Gather gather = ref Grid.Gather;
        int channels = gather.SoughtChannels, pairs = gather.Groups * channels * Terms;
        float* planes = Scratch.Get(Grid.PlaneCount + channels * Grid.DyChannelStep + (long)pairs * L.Count);
        float* dy = planes + Grid.PlaneCount, sums = dy + channels * Grid.DyChannelStep;
        new Span<float>(sums, pairs * L.Count).Clear();
        for (int band = Gather.Part(Grid.BandCount, part, Parts); band < Gather.Part(Grid.BandCount, part + 1, Parts); band++)
        {
            var (n, d, h, w) = Grid[band];
            Extent extent = Grid.ExtentOf(band);
            for (int group = 0; group < gather.Groups; group++)
            {
                Planes.Fill(group, n, d, h, w, extent, planes);
                FillDy(Dy + group * channels, n, d, h, w, extent, dy);
                float* groupSums = sums + (long)group * channels * Terms * L.Count;
                int vectors = ((extent.Height - 1) * Grid.Pitch + extent.Width - 1) / L.Count + 1, slices = Math.Max(1, BlockVectors / vectors);
                for (int z = 0; z < extent.Depth; z += slices)
                    for (int v = 0; v < vectors; v += BlockVectors)
                    {
                        int from = v * L.Count;
                        AddBlock(planes + z * Grid.SliceStep + from, dy + z * Grid.DySliceStep + from,
                            Math.Min(slices, extent.Depth - z), Math.Min(BlockVectors, vectors - v), groupSums);
                    }
            }
        }
        float* to = Sums + (long)part * pairs;
        for (int i = 0; i < pairs; i++)
            to[i] = L.Sum(L.Load(sums + (long)i * L.Count));
    }

    private readonly void FillDy(float* map, int n, int d, int h, int w, Extent extent, float* planes)
    {
        for (int z = 0; z < extent.Depth; z++, planes += Grid.DySliceStep)
        {
            for (int y = 0; y < extent.Height; y++)
                Rows.Fill(map + Grid.Gather.SoughtStrides.Offset(n, d + z, h + y), w, w + extent.Width, Grid.Pitch, End, planes + y * Grid.Pitch);
            for (int c = 0; c < Grid.Gather.SoughtChannels; c++)
                L.Store(default, planes + c * Grid.DyChannelStep + extent.Height * Grid.Pitch);
        }
    }

    /// <summary>Adds a run of vectors of some slices to the sums, [o][term][lane].</summary>
    private readonly void AddBlock(float* x, float* dy, int slices, int vectors, float* sums)
    {
        ref readonly Gather gather = ref Grid.Gather;
        int most = PlanarTile.VectorsFor(gather.BlockColumns), tiles = (Terms - 1) / most + 1;
        PlanarTile tile = new()
        {
            B = x,
            ARow = Grid.DyChannelStep,
            CRow = Terms * L.Count,
            Terms = vectors,
            Runs = slices,
            ARun = Grid.DySliceStep,
            BRun = Grid.SliceStep,
        };
        for (int channel = 0; channel < gather.SoughtChannels; channel += gather.BlockColumns)
        {
            tile.A = dy + channel * Grid.DyChannelStep;
            int rows = Math.Min(gather.BlockColumns, gather.SoughtChannels - channel);
            for (int i = 0; i < tiles; i++)
            {
                int term = Gather.Part(Terms, i, tiles);
                tile.Offsets = Offsets + term;
                tile.C = sums + (channel * Terms + term) * L.Count;
                tile.Compute<L, DotForm>(rows, Gather.Part(Terms, i + 1, tiles) - term);
            }
        }
    }
}

/// <summary>dw from the sums of the parts, always in the same order. A chunk is a run of weights.</summary>
internal unsafe struct PlanarWeightJoin<L> : IChunks where L : struct, ILanes<L, float>
{
    private const int ChunkWeights = 512;

    public float* Sums, Dw;
    public int Count, Parts;

    /// <summary>All chunks.</summary>
    public readonly int ChunkCount => (Count - 1) / ChunkWeights + 1;

    public readonly void Run(int chunk)
    {
        int end = Math.Min(Count, (chunk + 1) * ChunkWeights);
        for (int i = chunk * ChunkWeights; i < end; i += L.Count)
        {
            int count = Math.Min(L.Count, end - i);
            L sum = L.Load(Sums + i, count);
            for (int part = 1; part < Parts; part++)
                sum += L.Load(Sums + (long)part * Count + i, count);
            L.Store(sum, Dw + i, count);
        }
    }
}
