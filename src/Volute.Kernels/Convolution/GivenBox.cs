namespace Volute.Kernels;

/// <summary>Where a pass reads its given map: in place, or in a <see cref="GivenBox{L}"/>.</summary>
/// <param name="Start">Position 0 of image 0, first channel of the block; in a box only those positions are there that were asked for.</param>
/// <param name="Strides">How it lies.</param>
/// <param name="IsPadded">Whether the positions that the width axis reads outside the map are there as zeros.</param>
internal readonly unsafe record struct GivenView(IntPtr Start, MapStrides Strides, bool IsPadded)
{
    /// <summary>A position.</summary>
    public float* At(long n, long d, long h) => (float*)Start + Strides.Offset(n, d, h);
}

/// <summary>Which windows a box is made for.</summary>
internal static class GivenBox
{
    // The most channels of a group that are copied for tiles of spread numbers, and the least elements between positions.
    private const int NarrowGroup = 64, FarApart = 256;

    // The most channels of a map that is copied though its positions lie side by side.
    private const int FewChannels = 4;

    // The most elements of a box as small as it gets, and its columns.
    private const double MostElements = 1 << 17;

    /// <summary>The least columns of sought positions that are worth a box.</summary>
    public const int LeastColumns = 28;

    /// <summary>
    /// Whether tiles that spread the numbers of a narrow group had better read them from a box: there are several taps, and
    /// positions so far apart that few of them share a page. Or there is one group of so few channels that to copy them costs nothing: with the padding beside
    /// them, no row of positions is cut at its borders.
    /// </summary>
    public static bool Serves(in ConvolutionProblem problem, Pass pass)
    {
        var (channels, step) = pass == Pass.Output ? (problem.GroupInputs, problem.InputStrides.Width) : (problem.GroupOutputs, problem.OutputStrides.Width);
        if (problem.Window.Taps == 1 || !Fits(problem.Window, channels))
            return false;
        return problem.Groups > 1 ? channels <= NarrowGroup && step >= FarApart : channels <= FewChannels && step == channels && problem.Window.Width.Kernel > 1;
    }

    /// <summary>Whether what a few positions read of so many channels fits the second cache.</summary>
    public static bool Fits(in Window window, int channels)
        => channels * (window.Width.Reach + (double)LeastColumns * window.Width.Stride) * window.Height.Reach * window.Depth.Reach <= MostElements;
}

/// <summary>
/// What some rows of sought positions read of a block's given channels, copied side by side into the first cache, with zeros where the width axis reads
/// padding. In the map the channels of a narrow group lie far apart, often by a power of two: neighbouring positions then drive each other out of the first
/// cache before all taps and sought channels have met them.
/// </summary>
internal readonly unsafe struct GivenBox<L> where L : struct, ILanes<L, float>
{
    // What is copied at a time, where a piece of a row is not more; rows that are wanted, as neighbouring ones read nearly the same.
    private const int Elements = 6144, WantedRows = 4;

    private readonly Gather _gather;
    private readonly float* _map;
    private readonly int _step;
    private readonly (long First, int Stride, int Span) _depth, _height, _width;

    /// <param name="gather">The pass.</param>
    /// <param name="map">The given map.</param>
    /// <param name="step">Elements between neighbouring positions of the box: the channels of a block, or more.</param>
    /// <param name="columns">The columns that will be asked for.</param>
    public GivenBox(in Gather gather, float* map, int step, int columns)
    {
        _gather = gather;
        _map = map;
        _step = step;
        (_depth, _height, _width) = (GatherAxis.Reads(gather.Depth), GatherAxis.Reads(gather.Height), GatherAxis.Reads(gather.Width));
        int depths = Math.Min(_depth.Span, gather.Given.Depth), places = Elements / step / depths;
        Columns = Math.Min(columns, Math.Max(GivenBox.LeastColumns, Fitting(_width, places / Math.Min(Reach(_height, Math.Min(WantedRows, gather.HeightRows)), gather.Given.Height))));
        int width = Reach(_width, Columns);
        Rows = Math.Clamp(Fitting(_height, places / width), 1, gather.HeightRows);
        Count = (long)width * depths * Math.Min(Reach(_height, Rows), gather.Given.Height) * step + L.Count;
    }

    /// <summary>Sought rows and columns for which a box is filled at a time.</summary>
    public int Rows { get; }

    /// <inheritdoc cref="Rows"/>
    public int Columns { get; }

    /// <summary>Elements of its memory.</summary>
    public long Count { get; }

    /// <summary>Copies <paramref name="channels"/> channels from <paramref name="channel"/> on for what positions of one slice read.</summary>
    public GivenView Fill(in ChunkSpan piece, int channel, int channels, float* memory)
    {
        var (rest, row) = Math.DivRem(piece.FirstRow, _gather.HeightRows);
        var (image, slice) = Math.DivRem(rest, _gather.DepthRows);
        var (firstD, endD) = Inside(_depth, slice, 1, _gather.Given.Depth);
        var (firstH, endH) = Inside(_height, row, piece.EndRow - piece.FirstRow, _gather.Given.Height);
        long first = _width.First + (long)piece.FirstColumn * _width.Stride;
        int columns = Reach(_width, piece.EndColumn - piece.FirstColumn);
        MapStrides strides = new(0, (long)(endH - firstH) * columns * _step, (long)columns * _step, _step);
        int begin = (int)Math.Clamp(-first, 0, columns), end = (int)Math.Clamp(_gather.Given.Width - first, begin, columns);
        float* to = memory;
        for (int depth = firstD; depth < endD; depth++)
            for (int height = firstH; height < endH; height++, to += strides.Height)
            {
                new Span<float>(to, begin * _step).Clear();
                Copy(_map + channel + _gather.GivenStrides.Offset(image, depth, height, first + begin), to + begin * _step, end - begin, channels);
                new Span<float>(to + end * _step, (columns - end) * _step).Clear();
            }
        return new((IntPtr)(memory - strides.Offset(0, firstD, firstH, first)), strides, IsPadded: true);
    }

    /// <summary>Neighbouring positions. The next block's channels, which follow, are asked for on the way where they are far.</summary>
    private void Copy(float* from, float* to, int positions, int channels)
    {
        if (_gather.GivenStrides.Width == channels && _step == channels)
        {
            new ReadOnlySpan<float>(from, positions * channels).CopyTo(new(to, positions * channels));
            return;
        }
        int whole = channels - channels % L.Count, rest = channels - whole;
        for (int i = 0; i < positions; i++, from += _gather.GivenStrides.Width, to += _step)
        {
            for (int c = 0; c < whole; c += L.Count)
                L.Store(L.Load(from + c), to + c);
            if (_gather.IsFar)
                LineFetch.Ask<L>(from + channels, 0, 1, channels);
            // Zeros behind the last channel: where positions touch, the next one overwrites them.
            if (rest > 0)
                L.Store(L.Load(from + whole, rest), to + whole);
        }
    }

    private static int Reach((long First, int Stride, int Span) axis, int positions) => checked((positions - 1) * axis.Stride + axis.Span);

    /// <summary>The positions that read no more than so many.</summary>
    private static int Fitting((long First, int Stride, int Span) axis, int reads) => reads < axis.Span ? 0 : (reads - axis.Span) / axis.Stride + 1;

    private static (int First, int End) Inside((long First, int Stride, int Span) axis, int position, int positions, int given)
    {
        long from = axis.First + (long)position * axis.Stride;
        int first = (int)Math.Clamp(from, 0, given);
        return (first, (int)Math.Clamp(from + Reach(axis, positions), first, given));
    }
}
