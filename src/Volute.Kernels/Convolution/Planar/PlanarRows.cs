namespace Volute.Kernels;

/// <summary>Brings rows of a map into planes: channels apart, the residues of the stride apart, zeros outside the map.</summary>
internal readonly unsafe struct PlanarRows<L> where L : struct, ILanes<L, float>
{
    /// <summary>Elements of memory that the caller provides for one of these.</summary>
    public static int TableCount(in PlanarAxis axis, int channels) => Interleaver<L>.TableVectors * L.Count + axis.Stride * channels;

    private readonly PlanarAxis _axis;
    private readonly int _channels, _pitch, _slotStep, _channelStep;
    private readonly long _step;

    /// <summary>A record is all channels of Stride neighbouring positions, where these touch; else of one position.</summary>
    private readonly bool _joined;

    private readonly Interleaver<L> _records;
    private readonly int* _offsets;

    /// <param name="axis">The width axis.</param>
    /// <param name="channels">Channels of a position.</param>
    /// <param name="step">Elements of the map between neighbouring positions.</param>
    /// <param name="pitch">Elements of a plane's row.</param>
    /// <param name="slotStep">Elements between the planes of neighbouring slots.</param>
    /// <param name="channelStep">Elements between the planes of neighbouring channels.</param>
    /// <param name="table">TableCount elements, aligned to a register.</param>
    public PlanarRows(in PlanarAxis axis, int channels, long step, int pitch, int slotStep, int channelStep, float* table)
    {
        (_axis, _channels, _step, _pitch, _slotStep, _channelStep) = (axis, channels, step, pitch, slotStep, channelStep);
        _joined = step == channels;
        _records = new(_joined ? axis.Stride * channels : channels, (nint)(axis.Stride * step), table);
        _offsets = (int*)(table + Interleaver<L>.TableVectors * L.Count);
        for (int residue = 0; residue < (_joined ? axis.Stride : 1); residue++)
        {
            int slot = _joined ? axis.Slot(residue) : 0;
            for (int c = 0; c < channels; c++)
                _offsets[residue * channels + c] = slot < 0 ? -1 : slot * slotStep + c * channelStep;
        }
    }

    /// <summary>
    /// Fills a row of all planes, <paramref name="planes"/> being that of channel 0 and slot 0. Number 0 of residue 0 is position
    /// <paramref name="first"/> of <paramref name="row"/>, of which positions 0..width−1 count; none where it is null. Nothing is read from <paramref name="end"/> on.
    /// </summary>
    public void Fill(float* row, long first, int width, float* end, float* planes)
    {
        width = row == null ? 0 : width;
        if (_joined)
            FillPart(row, first, width, end, planes, 0, _axis.Slots, 0, _axis.Stride - 1);
        for (int slot = 0; slot < (_joined ? 0 : _axis.Slots); slot++)
            FillPart(row, first, width, end, planes, slot, slot + 1, _axis.Residue(slot), _axis.Residue(slot));
    }

    /// <summary>The slots firstSlot..endSlot, whose records hold the residues from..to: whole records by registers, the cells before and after them singly.</summary>
    private void FillPart(float* row, long first, int width, float* end, float* planes, int firstSlot, int endSlot, int from, int to)
    {
        int stride = _axis.Stride;
        long start = first + from;
        int begin = (int)Math.Clamp(start >= 0 ? 0 : (stride - 1 - start) / stride, 0, _pitch);
        int stop = (int)Math.Clamp((width - first - to + stride - 1) / stride, begin, _pitch);
        if (width <= first + to)
            stop = begin;
        FillCells(row, first, width, planes, firstSlot, endSlot, 0, begin);
        if (stop > begin)
            _records.Split(row + (start + (long)begin * stride) * _step, end, stop - begin, planes + firstSlot * _slotStep + begin, _offsets);
        FillCells(row, first, width, planes, firstSlot, endSlot, stop, _pitch);
    }

    private void FillCells(float* row, long first, int width, float* planes, int firstSlot, int endSlot, int begin, int stop)
    {
        for (int slot = firstSlot; slot < endSlot; slot++)
            for (int j = begin; j < stop; j++)
            {
                long position = first + (long)j * _axis.Stride + _axis.Residue(slot);
                float* to = planes + slot * _slotStep + j, from = row + position * _step;
                bool inside = position >= 0 && position < width;
                for (int c = 0; c < _channels; c++, to += _channelStep)
                    *to = inside ? from[c] : 0;
            }
    }
}
