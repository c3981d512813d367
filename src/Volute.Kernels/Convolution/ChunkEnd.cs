namespace Volute.Kernels;

/// <summary>What a chunk ends with while its results are in cache: the epilogue on each run of them and, where they are wanted, the moments of what comes out.</summary>
/// <remarks>
/// Lanes hold channels; positions are joined as a reduction of the whole map would join them (<see cref="RowBatch{TReduction, L, T}"/>): eight at a time, the
/// means and squared differences of up to 32 eights one after another, and those in float64. Every part of the positions has a place of its own for its
/// moments: the bits do not depend on who took which chunk.
/// </remarks>
internal unsafe ref struct ChunkEnd<L> where L : struct, ILanes<L, float>
{
    // Numbers to which channels are padded, and bytes for the row of sums and the pointers to rows that wait.
    private const int Pad = 16, Head = 128;

    private readonly Epilogue _epilogue;
    private readonly int _part, _channel, _channels, _stride;
    private readonly float* _results;
    private readonly WideRow<VarianceReduction>* _sums;
    private RowBatch<VarianceReduction, L, float> _rows;

    /// <summary>The end of one chunk.</summary>
    /// <param name="epilogue">The epilogue.</param>
    /// <param name="part">Which part of all positions the chunk's are; others may have their other channels.</param>
    /// <param name="channel">The first of its channels.</param>
    /// <param name="channels">How many.</param>
    /// <param name="room"><see cref="RoomBytes"/> bytes.</param>
    public ChunkEnd(in Epilogue epilogue, int part, int channel, int channels, byte* room)
    {
        (_epilogue, _part, _channel, _channels, _stride) = (epilogue, part, channel, channels, Stride(channels));
        if (epilogue.Parts == null)
            return;
        _results = (float*)(room + Head);
        float* partials = _results + _stride;
        double* widened = (double*)(partials + 2 * _stride), wide = widened + 2 * _stride;
        _sums = (WideRow<VarianceReduction>*)room;
        *_sums = new(default, wide, _stride);
        _sums->Clear(channels);
        _rows = new(default, (float**)(room + Head / 2), partials, _stride, widened, _sums);
    }

    /// <summary>Memory that a chunk of so many channels takes: none where no moments are wanted.</summary>
    public static int RoomBytes(in Epilogue epilogue, int channels) => epilogue.Parts == null ? 0 : Head + Stride(channels) * (3 * sizeof(float) + 5 * sizeof(double));

    /// <summary>Works on <paramref name="count"/> elements lying side by side: whole positions of the chunk's channels.</summary>
    public void Apply(void* values, long count)
    {
        if (_epilogue.HasMaps)
            _epilogue.Apply(values, _channel, count);
        if (_epilogue.Parts != null)
            _rows.Add((float*)values, _channels, count / _channels);
    }

    /// <summary>Writes the moments to their place.</summary>
    public void Finish()
    {
        if (_epilogue.Parts == null)
            return;
        _rows.JoinWaiting();
        double count = _rows.Added;
        float* means;
        if (_rows.HoldsAll)
            _rows.FinishHere(_results, out means);
        else
        {
            _rows.Finish();
            _sums->Finish(_channels);
            means = _results + _stride;
            Elements.Narrow<L, float>(_results, _sums->Counts, _channels);
            Elements.Narrow<L, float>(means, _sums->First, _channels);
        }
        float* part = _epilogue.Parts + (long)_part * MomentParts.Length(_epilogue.Channels);
        // Of the chunks that share these positions, one has the first channel.
        if (_channel == 0)
            *part = (float)count;
        new ReadOnlySpan<float>(means, _channels).CopyTo(new(MomentParts.Means(part) + _channel, _channels));
        new ReadOnlySpan<float>(_results, _channels).CopyTo(new(MomentParts.Variances(part, _epilogue.Channels) + _channel, _channels));
    }

    private static int Stride(int channels) => (channels + Pad - 1) / Pad * Pad;
}
