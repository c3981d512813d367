namespace Volute.Kernels;

/// <summary>Brings rows of a map into planes: channels apart, the residues of the stride apart, zeros outside the map.</summary>
internal readonly unsafe struct PlanarRows<L> where L : struct, ILanes<L, float>
{
    /// <summary>Elements of the table that the caller provides.</summary>
    public static int TableCount(int stride, int channels) => Interleaver.TableCount + stride * channels + L.Count;

    private readonly PlanarAxis _axis;
    private readonly int _channels, _slotStep, _channelStep;
    private readonly long _step;

    /// <summary>A record is all channels of Stride neighbouring positions, where these touch; else of one position.</summary>
    private readonly bool _joined;

    private readonly Interleaver<L> _records;
    private readonly int* _offsets;

    /// <param name="axis">The width axis.</param>
    /// <param name="channels">Channels of a position.</param>
    /// <param name="step">Elements of the map between neighbouring positions.</param>
    /// <param name="slotStep">Elements between the planes of neighbouring slots.</param>
    /// <param name="channelStep">Elements between the planes of neighbouring channels.</param>
    /// <param name="table">TableCount elements, aligned to a register, which <see cref="Prepare"/> writes.</param>
    public PlanarRows(in PlanarAxis axis, int channels, long step, int slotStep, int channelStep, float* table)
    {
        (_axis, _channels, _step, _slotStep, _channelStep) = (axis, channels, step, slotStep, channelStep);
        _joined = step == channels;
        _records = new(_joined ? axis.Stride * channels : channels, (nint)(axis.Stride * step), table);
        _offsets = (int*)(table + Interleaver.TableCount);
    }

    /// <summary>Writes the table; once for all rows.</summary>
    public void Prepare()
    {
        _records.Prepare(joins: false);
        new Span<int>(_offsets, _axis.Stride * _channels + L.Count).Fill(-1);
        for (int residue = 0; residue < (_joined ? _axis.Stride : 1); residue++)
        {
            int slot = _joined ? _axis.Slot(residue) : 0;
            for (int c = 0; c < _channels && slot >= 0; c++)
                _offsets[residue * _channels + c] = slot * _slotStep + c * _channelStep;
        }
    }

    /// <summary>
    /// Fills <paramref name="cells"/> numbers of all planes, <paramref name="planes"/> being that of channel 0 and slot 0. Number 0 of residue 0 is position
    /// <paramref name="first"/> of <paramref name="row"/>, of which positions 0..width−1 count; none where it is null. Nothing is read from <paramref name="end"/> on.
    /// </summary>
    public void Fill(float* row, long first, int width, int cells, float* end, float* planes)
    {
        if (row == null)
            Clear(planes, 0, _axis.Slots, 0, cells);
        else if (_joined)
            FillSlots(row, first, width, cells, end, planes, 0, _axis.Slots, 0, _axis.Stride - 1);
        for (int slot = 0; slot < _axis.Slots && row != null && !_joined; slot++)
            FillSlots(row, first, width, cells, end, planes, slot, slot + 1, _axis.Residue(slot), _axis.Residue(slot));
    }

    /// <summary>Slots whose records hold the residues from..to: whole records by registers, those that lie only partly inside singly, zeros around them.</summary>
    private void FillSlots(float* row, long first, int width, int cells, float* end, float* planes, int firstSlot, int endSlot, int from, int to)
    {
        int stride = _axis.Stride;
        long start = first + from, room = width - first - to;
        int begin = (int)Math.Clamp(start >= 0 ? 0 : (stride - 1 - start) / stride, 0, cells);
        int stop = room <= 0 ? begin : (int)Math.Clamp((room + stride - 1) / stride, begin, cells);
        Clear(planes, firstSlot, endSlot, 0, begin);
        if (from < to && begin > 0)
            FillCell(row, first, width, planes, begin - 1);
        if (stop > begin)
            _records.Split(row + (start + (long)begin * stride) * _step, end, stop - begin, planes + firstSlot * _slotStep + begin, _offsets);
        Clear(planes, firstSlot, endSlot, stop, cells);
        if (from < to && stop < cells)
            FillCell(row, first, width, planes, stop);
    }

    /// <summary>Zeros, and up to a register of them behind the last: what is written later sets it right.</summary>
    private void Clear(float* planes, int firstSlot, int endSlot, int begin, int stop)
    {
        for (int slot = firstSlot; slot < endSlot; slot++)
            for (int j = begin; j < stop; j += L.Count)
            {
                float* to = planes + slot * _slotStep + j;
                for (int c = 0; c < _channels; c++, to += _channelStep)
                    L.Store(default, to);
            }
    }

    /// <summary>One number of all slots, as far as it lies inside.</summary>
    private void FillCell(float* row, long first, int width, float* planes, int cell)
    {
        for (int slot = 0; slot < _axis.Slots; slot++)
        {
            long position = first + (long)cell * _axis.Stride + _axis.Residue(slot);
            float* to = planes + slot * _slotStep + cell, from = row + position * _step;
            for (int c = 0; c < _channels && position >= 0 && position < width; c++, to += _channelStep)
                *to = from[c];
        }
    }
}
