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

    // Records from far that squares ask for ahead: while planes are at work, nothing else does.
    private const int Ahead = 128;

    private readonly float* _table;
    private readonly int _elements;
    private readonly nint _step, _ahead;
    private readonly bool _picks;

    /// <summary>For records of <paramref name="elements"/> elements that begin <paramref name="step"/> apart, with the table that <see cref="Prepare"/> wrote.</summary>
    /// <param name="elements">Elements of a record.</param>
    /// <param name="step">Elements between neighbouring records.</param>
    /// <param name="table">The table.</param>
    /// <param name="ahead">How far from a record, in elements, a square asks for what will be read later; 0 for some records behind it.</param>
    public Interleaver(int elements, nint step, float* table, nint ahead = 0)
    {
        _table = table;
        (_elements, _step, _picks) = (elements, step, elements == step && 2 * elements <= L.Count);
        _ahead = ahead == 0 ? Ahead * step : ahead;
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
        switch (_picks ? _elements : 0)
        {
            case 1: SplitByPicks<Count1>(records, end, count, planes, offsets); return;
            case 2: SplitByPicks<Count2>(records, end, count, planes, offsets); return;
            case 3: SplitByPicks<Count3>(records, end, count, planes, offsets); return;
            case 4: SplitByPicks<Count4>(records, end, count, planes, offsets); return;
            case 5: SplitByPicks<Count5>(records, end, count, planes, offsets); return;
            case 6: SplitByPicks<Count6>(records, end, count, planes, offsets); return;
            case 7: SplitByPicks<Count7>(records, end, count, planes, offsets); return;
            case 8: SplitByPicks<Count8>(records, end, count, planes, offsets); return;
        }
        for (int j = 0; j < count; j += L.Count, records += L.Count * _step)
            for (int first = 0; first < _elements; first += L.Count)
                SplitSquare(records + first, end, planes + j, offsets + first);
    }

    /// <summary>
    /// Planes, <paramref name="planeStep"/> apart, to records at <paramref name="records"/>, of which no more than <paramref name="limit"/> elements
    /// of memory are written: it may end within a record. Planes are read to the end of a register, and up to a whole register of them.
    /// </summary>
    public void Join(float* planes, nint planeStep, float* records, nint limit)
    {
        switch (_picks ? _elements : 0)
        {
            case 1: JoinByPicks<Count1>(planes, planeStep, records, records + limit); return;
            case 2: JoinByPicks<Count2>(planes, planeStep, records, records + limit); return;
            case 3: JoinByPicks<Count3>(planes, planeStep, records, records + limit); return;
            case 4: JoinByPicks<Count4>(planes, planeStep, records, records + limit); return;
            case 5: JoinByPicks<Count5>(planes, planeStep, records, records + limit); return;
            case 6: JoinByPicks<Count6>(planes, planeStep, records, records + limit); return;
            case 7: JoinByPicks<Count7>(planes, planeStep, records, records + limit); return;
            case 8: JoinByPicks<Count8>(planes, planeStep, records, records + limit); return;
        }
        for (float* end = records + limit; records < end; records += L.Count * _step, planes += L.Count)
            for (int first = 0; first < _elements; first += L.Count)
                JoinSquare(planes + first * planeStep, planeStep, records + first, end, Math.Min(L.Count, _elements - first));
    }

    [MethodImpl(Compiled.AtOnce)]
    [SkipLocalsInit]
    private void SplitByPicks<N>(float* records, float* end, int count, float* planes, int* offsets) where N : struct, ICount
    {
        float* rest = stackalloc float[N.Value * L.Count];
        for (int first = 0; first < count; first += L.Count, records += N.Value * L.Count)
        {
            float* from = records;
            if (end - records < N.Value * L.Count)
                Buffer.MemoryCopy(records, from = rest, N.Value * L.Count * sizeof(float), (end - records) * sizeof(float));
            float* table = _table;
            for (int e = 0; e < N.Value; e++, table += (N.Value + 1) * L.Count)
            {
                if (offsets[e] >= 0)
                    L.Store(Pick<N>(table, from, L.Count), planes + offsets[e] + first);
            }
        }
    }

    [MethodImpl(Compiled.AtOnce)]
    private void JoinByPicks<N>(float* planes, nint planeStep, float* records, float* end) where N : struct, ICount
    {
        for (; ; planes += L.Count)
        {
            float* table = _table;
            for (int v = 0; v < N.Value; v++, table += (N.Value + 1) * L.Count, records += L.Count)
            {
                if (records >= end)
                    return;
                L value = Pick<N>(table, planes, planeStep);
                if (end - records >= L.Count)
                    L.Store(value, records);
                else
                    L.Store(value, records, (int)(end - records));
            }
        }
    }

    /// <summary>A vector of the result from N given ones, <paramref name="step"/> apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Pick<N>(float* table, float* from, nint step) where N : struct, ICount
    {
        L lanes = L.Load(table), value = L.Permute(L.Load(from), lanes);
        if (N.Value > 1)
            value = L.Select(L.Load(table + 2 * L.Count), L.Permute(L.Load(from + step), lanes), value);
        if (N.Value > 2)
            value = L.Select(L.Load(table + 3 * L.Count), L.Permute(L.Load(from + 2 * step), lanes), value);
        if (N.Value > 3)
            value = L.Select(L.Load(table + 4 * L.Count), L.Permute(L.Load(from + 3 * step), lanes), value);
        if (N.Value > 4)
            value = L.Select(L.Load(table + 5 * L.Count), L.Permute(L.Load(from + 4 * step), lanes), value);
        if (N.Value > 5)
            value = L.Select(L.Load(table + 6 * L.Count), L.Permute(L.Load(from + 5 * step), lanes), value);
        if (N.Value > 6)
            value = L.Select(L.Load(table + 7 * L.Count), L.Permute(L.Load(from + 6 * step), lanes), value);
        if (N.Value > 7)
            value = L.Select(L.Load(table + 8 * L.Count), L.Permute(L.Load(from + 7 * step), lanes), value);
        return value;
    }

    [MethodImpl(Compiled.AtOnce)]
    [SkipLocalsInit]
    private void SplitSquare(float* records, float* end, float* planes, int* offsets)
    {
        float* room = stackalloc float[L.Count * (L.Count + 1)], square = Aligned(room);
        for (int i = 0; i < L.Count; i++, records += _step)
        {
            L.Prefetch(records + _ahead);
            nint left = (nint)(end - records);
            L.Store(left >= L.Count ? L.Load(records) : L.Load(records, (int)Math.Max(left, 0)), square + i * L.Count);
        }
        Transpose(square);
        for (int i = 0; i < L.Count; i++)
        {
            if (offsets[i] >= 0)
                L.Store(L.Load(square + i * L.Count), planes + offsets[i]);
        }
    }

    [MethodImpl(Compiled.AtOnce)]
    [SkipLocalsInit]
    private void JoinSquare(float* planes, nint planeStep, float* records, float* end, int elements)
    {
        float* room = stackalloc float[L.Count * (L.Count + 1)], square = Aligned(room);
        for (int i = 0; i < L.Count; i++)
            L.Store(L.Load(planes + i * planeStep), square + i * L.Count);
        Transpose(square);
        // Records that touch are written in order: what a whole register writes too much, the next one sets right.
        bool whole = elements == L.Count || (_step == _elements && _elements < L.Count);
        for (int i = 0; i < L.Count && records < end; i++, records += _step)
        {
            L value = L.Load(square + i * L.Count);
            if (whole && end - records >= L.Count)
                L.Store(value, records);
            else
                L.Store(value, records, (int)Math.Min(end - records, elements));
        }
    }

    /// <summary>The first whole register from <paramref name="room"/> on: rows across lines of the cache cannot be read soon after they are written.</summary>
    private static float* Aligned(float* room)
    {
        nuint bytes = (nuint)L.Count * sizeof(float);
        return (float*)(((nuint)room + bytes - 1) / bytes * bytes);
    }

    /// <summary>Exchanges all bits of a row's number with those of the lane: two at a time, and the last one where it is left over.</summary>
    [MethodImpl(Compiled.AtOnce)]
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
