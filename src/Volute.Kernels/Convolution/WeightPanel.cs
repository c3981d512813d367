namespace Volute.Kernels;

/// <summary>
/// Some channels of one map at a block of positions, as the tiles of the weight pass read them: position (d, h, w) of the block under tap kw of a
/// kernel row is at Start + d·Depth + h·Height + w·Width + kw·Tap. The map itself where its positions lie well for the first cache, else a copy.
/// </summary>
internal unsafe struct WeightPanel<L> where L : struct, ILanes<L, float>
{
    /// <summary>Positions are copied apart from each other's sets of the first cache where they lie a multiple of so many elements apart.</summary>
    private const int Unkind = 32 * Tile.Line;

    private readonly float* _map, _end, _memory;
    private readonly Extent _extent;
    private readonly MapStrides _strides;
    private readonly WindowAxis _depth, _height, _width;
    private readonly bool _copies, _overreads;

    public float* Start;
    public nint Depth, Height, Width, Tap;

    private float* _next;
    private int _lines, _channels;

    /// <param name="map">x, or dy.</param>
    /// <param name="end">The end of its memory.</param>
    /// <param name="extent">Its positions.</param>
    /// <param name="strides">How it lies.</param>
    /// <param name="window">The window that its positions are taken through; the empty one for dy.</param>
    /// <param name="channels">Channels of a group.</param>
    /// <param name="joins">Whether zeros are wanted where the taps of a row leave the map, and all channels of those taps side by side.</param>
    /// <param name="lanes">Whether lanes hold the channels: vectors of them are read whole.</param>
    /// <param name="memory">Room for <see cref="Count"/> elements.</param>
    public WeightPanel(float* map, float* end, Extent extent, MapStrides strides, in Window window, int channels, bool joins, bool lanes, float* memory)
    {
        _map = map;
        _memory = memory;
        (_extent, _strides) = (extent, strides);
        (_depth, _height, _width) = (window.Depth, window.Height, window.Width);
        _copies = joins ? _strides.Width != channels : _strides.Width * _width.Stride % Unkind == 0;
        _overreads = lanes && channels % L.Count != 0;
        _end = end;
        Joins = joins;
    }

    /// <summary>Whether the channels of neighbouring taps lie side by side.</summary>
    public bool Joins { get; }

    /// <summary>Elements of memory for a block of a pass.</summary>
    public static long Count(in WeightPass pass, in WindowAxis width, int channels, bool joins)
        => (long)pass.BlockDepth * pass.BlockHeight * Columns(width, pass.BlockWidth) * Step(channels, joins) + L.Count;

    /// <summary>Steps of the map between neighbouring positions, and between taps.</summary>
    private readonly (nint Depth, nint Height, nint Width, nint Tap) MapSteps
        => ((nint)(_depth.Stride * _strides.Depth), (nint)(_height.Stride * _strides.Height), (nint)(_width.Stride * _strides.Width),
            _width.Kernel == 1 ? 0 : (nint)(_width.Dilation * _strides.Width));

    /// <summary>Takes <paramref name="channels"/> channels at a block under a kernel row; <paramref name="next"/> is the block to come.</summary>
    public void Take(in WeightBlock block, in WeightBlock next, int kernelDepth, int kernelHeight, int channel, int channels)
    {
        _channels = channels;
        _next = Place(next, kernelDepth, kernelHeight, channel);
        _lines = (channels * (Joins ? _width.Kernel : 1) - 1) / Tile.Line + 1;
        if (!_copies && !(Joins && Leaves(block)) && !(_overreads && PassesEnd(block, kernelDepth, kernelHeight, channel, channels)))
        {
            Start = Place(block, kernelDepth, kernelHeight, channel);
            (Depth, Height, Width, Tap) = MapSteps;
            return;
        }
        int columns = Columns(_width, block.Widths), step = Step(channels, Joins);
        Start = _memory;
        Height = columns * step;
        Depth = block.Heights * Height;
        (Width, Tap) = _width.Kernel == 1 ? (step, 0) : (_width.Stride * step, _width.Dilation * step);
        for (int d = 0; d < block.Depths; d++)
        {
            long depth = _depth.Position(block.Depth + d, kernelDepth);
            for (int h = 0; h < block.Heights; h++)
            {
                long height = _height.Position(block.Height + h, kernelHeight);
                // Rows outside are never read.
                if (depth < 0 || depth >= _extent.Depth || height < 0 || height >= _extent.Height)
                    continue;
                float* row = _map + channel + _strides.Offset(block.Image, depth, height);
                CopyRow(row, Start + d * Depth + h * Height, _width.Position(block.Width, 0), columns, channels, step);
            }
        }
    }

    /// <summary>Whether some tap of a block leaves the rows of the map.</summary>
    private readonly bool Leaves(in WeightBlock block)
    {
        long first = _width.Position(block.Width, 0);
        return first < 0 || first + Columns(_width, block.Widths) > _extent.Width;
    }

    /// <summary>Whether whole vectors of channels may reach beyond the end of the map's memory: those of its last position do.</summary>
    private readonly bool PassesEnd(in WeightBlock block, int kernelDepth, int kernelHeight, int channel, int channels)
    {
        long depth = Math.Min(_depth.Position(block.Depth + block.Depths - 1L, kernelDepth), _extent.Depth - 1);
        long height = Math.Min(_height.Position(block.Height + block.Heights - 1L, kernelHeight), _extent.Height - 1);
        int lanes = (channels + L.Count - 1) / L.Count * L.Count;
        return _map + channel + _strides.Offset(block.Image, depth, height, _extent.Width - 1) + lanes > _end;
    }

    /// <summary>What the next block reads of the map from its position (<paramref name="d"/>, <paramref name="h"/>, <paramref name="w"/>) on.</summary>
    public readonly WeightFetch Next(int d, int h, int w, int tap)
    {
        var (depth, height, width, between) = MapSteps;
        return new(_next + d * depth + h * height + w * width + tap * between, depth, height, width, _lines, width == _channels);
    }

    /// <summary>Whether a row of <paramref name="run"/> positions runs on into the next, here and in the map.</summary>
    public readonly bool Continues(int run) => run * Width == Height && run * MapSteps.Width == MapSteps.Height;

    private readonly float* Place(in WeightBlock block, int kernelDepth, int kernelHeight, int channel)
        => _map + channel + _strides.Offset(block.Image, _depth.Position(block.Depth, kernelDepth), _height.Position(block.Height, kernelHeight))
            + _width.Position(block.Width, 0) * _strides.Width;

    /// <summary>Positions of a row from <paramref name="first"/> on, those outside as zeros.</summary>
    private readonly void CopyRow(float* row, float* to, long first, int columns, int channels, int step)
    {
        if (Joins)
        {
            int begin = (int)Math.Clamp(-first, 0, columns), end = (int)Math.Clamp(_extent.Width - first, begin, columns);
            new Span<float>(to, begin * step).Clear();
            if (_strides.Width == step)
                new ReadOnlySpan<float>(row + (first + begin) * step, (end - begin) * step).CopyTo(new(to + begin * step, (end - begin) * step));
            else
                CopyPositions(row, to + begin * step, first + begin, 1, end - begin, channels, step);
            new Span<float>(to + end * step, (columns - end) * step).Clear();
            return;
        }
        CopyPositions(row, to, first, _width.Kernel == 1 ? _width.Stride : 1, columns, channels, step);
    }

    private readonly void CopyPositions(float* row, float* to, long first, int stride, int columns, int channels, int step)
    {
        int whole = channels - channels % L.Count, rest = channels - whole;
        for (int column = 0; column < columns; column++, to += step)
        {
            long position = first + (long)column * stride;
            if (position < 0 || position >= _extent.Width)
                continue;
            float* from = row + position * _strides.Width;
            for (int c = 0; c < whole; c += L.Count)
                L.Store(L.Load(from + c), to + c);
            // The lanes behind the last channel become zeros; where channels of taps join, what follows overwrites them.
            if (rest > 0)
                L.Store(L.Load(from + whole, rest), to + whole);
        }
    }

    /// <summary>Columns of a map that so many positions reach; under one tap only those that it meets.</summary>
    private static int Columns(in WindowAxis width, int positions)
        => width.Kernel == 1 ? positions : checked((int)((positions - 1) * (long)width.Stride + width.Reach));

    /// <summary>Elements between copied positions: an odd number of lines, so that neighbours use all sets of the first cache.</summary>
    private static int Step(int channels, bool joins) => joins ? channels : ((channels - 1) / Tile.Line + 1 | 1) * Tile.Line;
}
