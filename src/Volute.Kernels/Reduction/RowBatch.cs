namespace Volute.Kernels;

/// <summary>
/// Rows of the same width on their way into one row of partial results. Eight at a time are joined as a tree in registers, the results of up to 32
/// eights in sequence, and those in float64: rounding errors stay near those of pairwise summation.
/// </summary>
internal unsafe struct RowBatch<TReduction, L, T> where TReduction : unmanaged, IReduction where L : struct, ILanes<L, T> where T : unmanaged
{
    /// <summary>Rows joined at once.</summary>
    public const int Rows = 8;

    private const int Batches = 32;

    private readonly TReduction _reduction;
    private readonly T** _rows;
    private readonly T* _first, _second;
    private readonly WideRow<TReduction>* _sums;
    private long _width;
    private int _waiting;
    private double _joined;

    /// <summary>An empty batch.</summary>
    /// <param name="reduction">The reduction.</param>
    /// <param name="rows">Room for <see cref="Rows"/> pointers.</param>
    /// <param name="partials">Room for two rows of partial results, each of <paramref name="stride"/> elements, a multiple of the lanes.</param>
    /// <param name="stride">Elements between the two rows.</param>
    /// <param name="sums">Where they go in the end.</param>
    public RowBatch(TReduction reduction, T** rows, T* partials, int stride, WideRow<TReduction>* sums)
    {
        _reduction = reduction;
        _rows = rows;
        _first = partials;
        _second = partials + stride;
        _sums = sums;
    }

    /// <summary>Rows added that are not yet joined, 0..7: the place for the next one.</summary>
    public readonly int Waiting => _waiting;

    /// <summary>Adds a row of <paramref name="width"/> elements; it must stay as it is until it is joined.</summary>
    public void Add(T* row, long width)
    {
        _width = width;
        _rows[_waiting++] = row;
        if (_waiting == Rows)
            JoinEight();
    }

    /// <summary>Joins what waits, and hands everything on.</summary>
    public void Finish()
    {
        for (int i = 0; i < _waiting; i++)
            JoinOne(_rows[i]);
        _waiting = 0;
        HandOn();
    }

    private void JoinEight()
    {
        (L share, L weight) = Weights(_joined, Rows);
        T* r0 = _rows[0], r1 = _rows[1], r2 = _rows[2], r3 = _rows[3], r4 = _rows[4], r5 = _rows[5], r6 = _rows[6], r7 = _rows[7];
        T* toFirst = _first, toSecond = _second;
        bool begins = _joined == 0;
        long whole = _width - _width % L.Count;
        for (long i = 0; i < whole; i += L.Count)
        {
            Tree(L.Load(r0 + i), L.Load(r1 + i), L.Load(r2 + i), L.Load(r3 + i), L.Load(r4 + i), L.Load(r5 + i), L.Load(r6 + i), L.Load(r7 + i),
                out L first, out L second);
            Put(begins, toFirst + i, toSecond + i, first, second, share, weight);
        }
        // The lanes beyond the row's end hold zeros and end in the padding of the partial results.
        int rest = (int)(_width - whole);
        if (rest > 0)
        {
            Tree(L.Load(r0 + whole, rest), L.Load(r1 + whole, rest), L.Load(r2 + whole, rest), L.Load(r3 + whole, rest),
                L.Load(r4 + whole, rest), L.Load(r5 + whole, rest), L.Load(r6 + whole, rest), L.Load(r7 + whole, rest), out L first, out L second);
            Put(begins, toFirst + whole, toSecond + whole, first, second, share, weight);
        }
        _waiting = 0;
        _joined += Rows;
        if (_joined == Rows * Batches)
            HandOn();
    }

    private void JoinOne(T* row)
    {
        (L share, L weight) = Weights(_joined, 1);
        bool begins = _joined == 0;
        for (long i = 0; i < _width; i += L.Count)
        {
            L x = _width - i >= L.Count ? L.Load(row + i) : L.Load(row + i, (int)(_width - i));
            _reduction.Lift<L, T>(x, out L first, out L second);
            Put(begins, _first + i, _second + i, first, second, share, weight);
        }
        _joined++;
    }

    private readonly void Tree(L x0, L x1, L x2, L x3, L x4, L x5, L x6, L x7, out L first, out L second)
    {
        L half = L.Broadcast(0.5);
        Pair(x0, x1, half, out first, out second);
        Pair(x2, x3, half, out L first2, out L second2);
        Pair(x4, x5, half, out L first4, out L second4);
        Pair(x6, x7, half, out L first6, out L second6);
        _reduction.Join<L, T>(ref first, ref second, first2, second2, half, L.Broadcast(1));
        _reduction.Join<L, T>(ref first4, ref second4, first6, second6, half, L.Broadcast(1));
        _reduction.Join<L, T>(ref first, ref second, first4, second4, half, L.Broadcast(2));
    }

    private readonly void Pair(L a, L b, L half, out L first, out L second)
    {
        _reduction.Lift<L, T>(a, out first, out second);
        _reduction.Lift<L, T>(b, out L otherFirst, out L otherSecond);
        _reduction.Join<L, T>(ref first, ref second, otherFirst, otherSecond, half, half);
    }

    private readonly void Put(bool begins, T* toFirst, T* toSecond, L first, L second, L share, L weight)
    {
        if (!begins)
        {
            L oldFirst = L.Load(toFirst), oldSecond = TReduction.HasSecond ? L.Load(toSecond) : default;
            _reduction.Join<L, T>(ref oldFirst, ref oldSecond, first, second, share, weight);
            (first, second) = (oldFirst, oldSecond);
        }
        L.Store(first, toFirst);
        if (TReduction.HasSecond)
            L.Store(second, toSecond);
    }

    private void HandOn()
    {
        if (_joined > 0)
            _sums->Add(_first, _second, _width, _joined);
        _joined = 0;
    }

    private static (L Share, L Weight) Weights(double joined, double added)
        => (L.Broadcast(added / (joined + added)), L.Broadcast(joined * added / (joined + added)));
}
