namespace Volute.Kernels;

/// <summary>
/// How maps are cut into bands, boxes of sought positions of one image, and how the given map of a band lies in planes:
/// [given channel][depth slot][depth][height slot][width slot][height][width], zeros where the padding is.
/// </summary>
/// <remarks>
/// The positions of a slice of a band are numbered through, over its rows with the planes' pitch: then a tap is one distance for all of them. The
/// positions between the rows are computed too, and dropped.
/// </remarks>
internal readonly unsafe struct PlanarGrid
{
    // Elements of the planes of a band; the least columns to which it is cut for them; bands wanted where there is work for them.
    private const int PlaneElements = 1 << 17, LeastColumns = 64, Bands = 64;

    // Results that wait together, in the first cache.
    private const int Results = 1 << 13;

    // Register operations that a band is worth.
    private const double BandWork = 16384;

    // The least multiply-adds and positions of a part of the weight pass: each ends with a sum of lanes for every weight.
    private const double PartWork = 1 << 19, PartPositions = 768;

    /// <summary>The phases, maps and channels.</summary>
    public readonly Gather Gather;

    public readonly PlanarAxis Depth, Height, Width;

    /// <summary>Sought positions of a band, counted in each phase alike.</summary>
    public readonly Extent Band;

    /// <summary>Steps in the planes: between rows, width slots, height slots, slices, depth slots and channels.</summary>
    public readonly int Pitch, WidthStep, HeightStep, SliceStep, DepthStep, ChannelStep;

    /// <summary>Steps in the planes of dy, [channel][depth][height][width] with the same pitch; of the weight pass.</summary>
    public readonly int DySliceStep, DyChannelStep;

    /// <summary>
    /// Rows, or columns of one row, whose results wait together in [sought channel of a phase][position], with ResultStep between channels; what is
    /// computed at a time.
    /// </summary>
    public readonly int RunRows, RunColumns, ResultStep, ResultCount;

    private readonly int _parts, _batch, _depthBands, _heightBands, _widthBands;

    /// <summary>Cuts the output or the input pass; the weight pass is cut as the output pass is, with the planes of dy beside those of x.</summary>
    public PlanarGrid(in ConvolutionProblem problem, Pass pass)
    {
        int sought = pass == Pass.Input ? problem.GroupInputs : problem.GroupOutputs, blocks = (sought - 1) / PlanarTile.MaxRows + 1;
        Gather = new(problem, pass == Pass.Input ? pass : Pass.Output, (sought - 1) / blocks + 1, joined: false);
        (Depth, Height, Width) = (PlanarAxis.Of(Gather.Depth), PlanarAxis.Of(Gather.Height), PlanarAxis.Of(Gather.Width));
        _batch = problem.Batch;
        Extent all = new(Gather.DepthRows, Gather.HeightRows, Gather.Columns);
        double positions = _batch * (double)all.Count, bands = pass == Pass.Weight ? Math.Min(problem.Multiplies / PartWork, positions / PartPositions)
            : problem.Multiplies / (BandWork * Isa.Lanes);
        _parts = (int)Math.Clamp(bands, 1, Bands);
        long most = (long)Math.Max(LeastColumns, Math.Min(positions / _parts, int.MaxValue));
        int extra = pass == Pass.Weight ? sought : 0;
        int columns = (int)Math.Min(all.Width, most);
        while (columns > LeastColumns && Elements(new(1, 1, columns), extra) > PlaneElements)
            columns = Math.Max(LeastColumns, columns - columns / 8);
        _widthBands = (all.Width - 1) / columns + 1;
        Band = Grow(all, new(1, 1, Even(all.Width, _widthBands)), most, extra);
        (_depthBands, _heightBands) = ((all.Depth - 1) / Band.Depth + 1, (all.Height - 1) / Band.Height + 1);
        Band = Band with { Depth = Even(all.Depth, _depthBands), Height = Even(all.Height, _heightBands) };
        (Pitch, int rows) = (Width.Cells(Band.Width), Height.Cells(Band.Height));
        // Behind each plane a register may be read and written.
        WidthStep = rows * Pitch + Isa.Lanes;
        HeightStep = WidthStep * Width.Slots;
        SliceStep = HeightStep * Height.Slots;
        DepthStep = SliceStep * Depth.Cells(Band.Depth);
        ChannelStep = Step(DepthStep * Depth.Slots);
        DySliceStep = Band.Height * Pitch + Isa.Lanes;
        DyChannelStep = Step(DySliceStep * Band.Depth);
        int channels = sought * Gather.Width.Length;
        RunColumns = Math.Min(Band.Width, Math.Max(LeastColumns, Results / channels / LeastColumns * LeastColumns));
        // Rows run together unless what lies between them is more than what would be left over of each row's last register.
        bool apart = RunColumns < Band.Width || (Band.Width + Isa.Lanes - 1) / Isa.Lanes * Isa.Lanes * 1.5 < Pitch;
        RunRows = apart ? 1 : Math.Clamp(Results / channels / Pitch, 1, Band.Height);
        ResultStep = Step((RunRows - 1) * Pitch + RunColumns + Isa.Lanes);
        ResultCount = (channels + Isa.Lanes) * ResultStep;
    }

    /// <summary>All bands.</summary>
    public int BandCount => checked(_batch * _depthBands * _heightBands * _widthBands);

    /// <summary>Parts of the weight pass: bands, or several of them where they are small.</summary>
    public int Parts => Math.Min(BandCount, _parts);

    /// <summary>Elements of the planes of all given channels of a group.</summary>
    public int PlaneCount => ChannelStep * Gather.GivenChannels;

    /// <summary>The image of a band and its first position.</summary>
    public (int Image, int Depth, int Height, int Width) this[int band]
    {
        get
        {
            (int rest, int w) = Math.DivRem(band, _widthBands);
            (rest, int h) = Math.DivRem(rest, _heightBands);
            var (n, d) = Math.DivRem(rest, _depthBands);
            return (n, d * Band.Depth, h * Band.Height, w * Band.Width);
        }
    }

    /// <summary>The positions of a band; fewer at the maps' end.</summary>
    public Extent ExtentOf(int band)
    {
        var (_, d, h, w) = this[band];
        return new(Math.Min(Band.Depth, Gather.DepthRows - d), Math.Min(Band.Height, Gather.HeightRows - h), Math.Min(Band.Width, Gather.Columns - w));
    }

    /// <summary>Where the terms of a sought position are read, from its number in its slice on: [phase][tap][given channel].</summary>
    public void WriteOffsets(int* offsets)
    {
        foreach (ref readonly var depth in Gather.Depth.AsSpan())
            foreach (ref readonly var height in Gather.Height.AsSpan())
                foreach (ref readonly var width in Gather.Width.AsSpan())
                {
                    int* to = offsets + Gather.TapsBefore(depth, height, width) * Gather.Unit;
                    for (int d = 0; d < depth.Window.Kernel; d++)
                        for (int h = 0; h < height.Window.Kernel; h++)
                            for (int w = 0; w < width.Window.Kernel; w++)
                            {
                                var ((slotD, cellD), (slotH, cellH), (slotW, cellW)) = (Depth.Place(depth, d), Height.Place(height, h), Width.Place(width, w));
                                int tap = slotD * DepthStep + cellD * SliceStep + slotH * HeightStep + cellH * Pitch + slotW * WidthStep + cellW;
                                for (int c = 0; c < Gather.Unit; c++)
                                    *to++ = tap + c * ChannelStep;
                            }
                }
    }

    /// <summary>A step between planes that does not drive their rows into the same lines of the cache.</summary>
    public static int Step(int elements) => elements / 32 * 32 + 48;

    private static int Even(int count, int parts) => (count - 1) / parts + 1;

    /// <summary>Elements of all planes, dy's of <paramref name="extra"/> channels among them.</summary>
    private double Elements(Extent band, int extra)
    {
        double pitch = Width.Cells(band.Width), slice = (double)Height.Cells(band.Height) * pitch * Width.Slots * Height.Slots;
        return slice * Depth.Cells(band.Depth) * Depth.Slots * Gather.GivenChannels + pitch * band.Height * band.Depth * extra;
    }

    /// <summary>Lengthens depth and height, first where most is read twice, as long as the planes keep their size and bands remain.</summary>
    private Extent Grow(Extent all, Extent band, long most, int extra)
    {
        bool deeper = true, higher = true;
        while (deeper || higher)
        {
            double depth = (Depth.Span - 1) / ((double)band.Depth * Depth.Stride), height = (Height.Span - 1) / ((double)band.Height * Height.Stride);
            bool byDepth = deeper && (!higher || depth > height);
            Extent next = byDepth ? band with { Depth = Longer(band.Depth, all.Depth) } : band with { Height = Longer(band.Height, all.Height) };
            if (next != band && next.Count <= most && Elements(next, extra) <= PlaneElements)
                band = next;
            else if (byDepth)
                deeper = false;
            else
                higher = false;
        }
        return band;
    }

    private static int Longer(int length, int all) => (int)Math.Min(all, length + length / 4L + 1);
}
