using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>What every <see cref="Interleaver{L}"/> needs at most.</summary>
internal static class Interleaver
{
    /// <summary>Elements of a table, for up to 16 lanes.</summary>
    public const int TableCount = 8 * 9 * 16;
}

/// <summary>
/// Records of a few elements, side by side in memory, and planes, in which one element of all records lies side by side: from one to the other by registers.
/// </summary>
/// <remarks>
/// Records of at most half a register that touch: each vector of the result is picked together from the vectors that hold its lanes. Others are taken in
/// squares, a register a record (longer ones in blocks of a register), which are transposed: the bits of the register's number are exchanged with those
/// of the lane, one after another. What is left over at the end is read up to the memory's end, and masked when stored.
/// </remarks>
internal readonly unsafe struct Interleaver<L> where L : struct, ILanes<L, float>
{
    // The table of a square: indices that flip one bit of the lane, and from here on the masks of these bits.
    private const int Masks = 4;

    private readonly float* _table;
    private readonly int _elements;
    private readonly nint _step;
    private readonly bool _picks;

    /// <summary>For records of <paramref name="elements"/> elements that begin <paramref name="step"/> apart, with the table that <see cref="Prepare"/> wrote.</summary>
    public Interleaver(int elements, nint step, float* table)
    {
        _table = table;
        (_elements, _step, _picks) = (elements, step, elements == step && 2 * elements <= L.Count);
    }

    /// <summary>Writes the table, <see cref="Interleaver.TableCount"/> elements, for one of the two ways.</summary>
    public void Prepare(bool joins)
    {
        int* to = (int*)_table;
        int elements = _elements;
        if (!_picks)
        {
            for (int bit = 0; 1 << bit < L.Count; bit++)
                for (int lane = 0; lane < L.Count; lane++)
                {
                    to[bit * L.Count + lane] = lane ^ 1 << bit;
                    to[(Masks + bit) * L.Count + lane] = (lane >> bit & 1) == 0 ? 0 : -1;
                }
            return;
        }
        // For each vector of the result: the lane that each of its lanes comes from, and for each vector given which lanes come from it.
        for (int result = 0; result < elements; result++, to += (elements + 1) * L.Count)
            for (int lane = 0; lane < L.Count; lane++)
            {
                var (from, at) = joins ? ((result * L.Count + lane) % elements, (result * L.Count + lane) / elements) : Math.DivRem(lane * elements + result, L.Count);
                to[lane] = at;
                for (int given = 0; given < elements; given++)
                    to[(given + 1) * L.Count + lane] = given == from ? -1 : 0;
            }
    }

    /// <summary>
    /// Records 0..count−1 at <paramref name="records"/> to planes: element e of record j goes to planes[offsets[e] + j], or nowhere where the offset is
    /// negative; behind the elements' offsets there is a register of negative ones. Nothing is read from <paramref name="end"/> on; up to a register
    /// behind the last record of each plane is overwritten.
    /// </summary>
    public void Split(float* records, float* end, int count, float* planes, int* offsets)
    {
        if (_picks)
        {
            SplitByPicks(records, end, count, planes, offsets);
            return;
        }
        for (int first = 0; first < _elements; first += L.Count)
            SplitBySquares(records + first, end, count, planes, offsets + first);
    }

    /// <summary>
    /// Planes, <paramref name="planeStep"/> apart, to records at <paramref name="records"/>, of which no more than <paramref name="limit"/> elements
    /// of memory are written: it may end within a record. Planes are read to the end of a register, and up to a whole register of them.
    /// </summary>
    public void Join(float* planes, nint planeStep, float* records, nint limit)
    {
        if (_picks)
        {
            JoinByPicks(planes, planeStep, records, records + limit);
            return;
        }
        for (int first = 0; first < _elements; first += L.Count)
            JoinBySquares(planes + first * planeStep, planeStep, records + first, records + limit, Math.Min(L.Count, _elements - first));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    private void SplitByPicks(float* records, float* end, int count, float* planes, int* offsets)
    {
        int elements = _elements;
        float* rest = stackalloc float[elements * L.Count];
        for (int first = 0; first < count; first += L.Count, records += elements * L.Count)
        {
            float* from = records;
            if (end - records < elements * L.Count)
                Buffer.MemoryCopy(records, from = rest, elements * L.Count * sizeof(float), (end - records) * sizeof(float));
            float* table = _table;
            for (int e = 0; e < elements; e++, table += (elements + 1) * L.Count)
            {
                if (offsets[e] >= 0)
                    L.Store(Pick(table, from, L.Count, elements), planes + offsets[e] + first);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void JoinByPicks(float* planes, nint planeStep, float* records, float* end)
    {
        int elements = _elements;
        for (; ; planes += L.Count)
        {
            float* table = _table;
            for (int v = 0; v < elements; v++, table += (elements + 1) * L.Count, records += L.Count)
            {
                if (records >= end)
                    return;
                L value = Pick(table, planes, planeStep, elements);
                if (end - records >= L.Count)
                    L.Store(value, records);
                else
                    L.Store(value, records, (int)(end - records));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Pick(float* table, float* from, nint step, int count)
    {
        L lanes = L.Load(table), value = L.Permute(L.Load(from), lanes);
        table += L.Count;
        for (int i = 1; i < count; i++)
        {
            table += L.Count;
            from += step;
            value = L.Select(L.Load(table), L.Permute(L.Load(from), lanes), value);
        }
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    private void SplitBySquares(float* records, float* end, int count, float* planes, int* offsets)
    {
        float* square = stackalloc float[L.Count * L.Count];
        for (int first = 0; first < count; first += L.Count)
        {
            for (int i = 0; i < L.Count; i++, records += _step)
            {
                nint left = (nint)(end - records);
                L.Store(left >= L.Count ? L.Load(records) : L.Load(records, (int)Math.Max(left, 0)), square + i * L.Count);
            }
            Transpose(square);
            for (int i = 0; i < L.Count; i++)
            {
                if (offsets[i] >= 0)
                    L.Store(L.Load(square + i * L.Count), planes + offsets[i] + first);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    private void JoinBySquares(float* planes, nint planeStep, float* records, float* end, int elements)
    {
        float* square = stackalloc float[L.Count * L.Count];
        // Records that touch are written in order: what a whole register writes too much, the next one sets right.
        bool touch = _step == _elements && _elements <= L.Count;
        for (; records < end; planes += L.Count)
        {
            for (int i = 0; i < L.Count; i++)
                L.Store(L.Load(planes + i * planeStep), square + i * L.Count);
            Transpose(square);
            for (int i = 0; i < L.Count && records < end; i++, records += _step)
            {
                L value = L.Load(square + i * L.Count);
                if (touch && end - records >= L.Count)
                    L.Store(value, records);
                else
                    L.Store(value, records, (int)Math.Min(end - records, elements));
            }
        }
    }

    /// <summary>Exchanges all bits of a row's number with those of the lane: two at a time, and the last one where it is left over.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Transpose(float* square)
    {
        int bit = 0, step = L.Count;
        for (; 4 * step <= L.Count * L.Count; bit += 2, step *= 4)
        {
            L turn = Turn(bit), mask = Mask(bit), next = Turn(bit + 1), nextMask = Mask(bit + 1);
            for (int i = 0; i < L.Count * L.Count; i += 4 * step)
                for (int j = i; j < i + step; j += L.Count)
                {
                    float* at = square + j;
                    L a = L.Load(at), b = L.Load(at + step), c = L.Load(at + 2 * step), d = L.Load(at + 3 * step);
                    Exchange(ref a, ref b, turn, mask);
                    Exchange(ref c, ref d, turn, mask);
                    Exchange(ref a, ref c, next, nextMask);
                    Exchange(ref b, ref d, next, nextMask);
                    L.Store(a, at);
                    L.Store(b, at + step);
                    L.Store(c, at + 2 * step);
                    L.Store(d, at + 3 * step);
                }
        }
        if (2 * step > L.Count * L.Count)
            return;
        L last = Turn(bit), lastMask = Mask(bit);
        for (float* at = square, end = square + step; at < end; at += L.Count)
        {
            L a = L.Load(at), b = L.Load(at + step);
            Exchange(ref a, ref b, last, lastMask);
            L.Store(a, at);
            L.Store(b, at + step);
        }
    }

    private L Turn(int bit) => L.Load(_table + bit * L.Count);

    private L Mask(int bit) => L.Load(_table + (Masks + bit) * L.Count);

    /// <summary>A bit of the row's number, in which a and b differ, against a bit of the lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Exchange(ref L a, ref L b, L turn, L mask)
    {
        L x = L.Permute(a, turn), y = L.Permute(b, turn);
        a = L.Select(mask, y, a);
        b = L.Select(mask, b, x);
    }
}
