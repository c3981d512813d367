using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>
/// Rows of the same width on their way into one row of partial results. Eight at a time are joined as a tree in registers, the results of up to 32
/// eights in sequence, and those in float64: rounding errors stay near those of pairwise summation.
/// </summary>
internal unsafe struct RowBatch<TReduction, L, T> where TReduction : unmanaged, IReduction where L : struct, ILanes<L, T> where T : unmanaged
{
    /// <summary>Rows joined at once.</summary>
    public const int Rows = Eight.Count;

    private const int Batches = 32;

    private readonly TReduction _reduction;
    private readonly T** _rows;
    private readonly T* _first, _second;
    private readonly double* _wide;
    private readonly int _stride;
    private readonly WideRow<TReduction>* _sums;
    private long _width;
    private int _waiting;
    private double _joined, _added;

    /// <summary>An empty batch.</summary>
    /// <param name="reduction">The reduction.</param>
    /// <param name="rows">Room for <see cref="Rows"/> pointers.</param>
    /// <param name="partials">Room for two rows of partial results, each of <paramref name="stride"/> elements, a multiple of the lanes.</param>
    /// <param name="stride">Elements between the two rows.</param>
    /// <param name="wide">Room for two rows of float64.</param>
    /// <param name="sums">Where they go in the end.</param>
    public RowBatch(TReduction reduction, T** rows, T* partials, int stride, double* wide, WideRow<TReduction>* sums)
    {
        _reduction = reduction;
        _rows = rows;
        _first = partials;
        _second = partials + stride;
        _wide = wide;
        _stride = stride;
        _sums = sums;
    }

    /// <summary>Rows added that are not yet joined, 0..7: the place for the next one.</summary>
    public readonly int Waiting => _waiting;

    /// <summary>Rows added since the batch was empty.</summary>
    public readonly double Added => _added;

    /// <summary>Whether nothing was handed on since.</summary>
    public readonly bool HoldsAll => _joined == _added;

    /// <summary>Adds rows of <paramref name="width"/> elements, one behind the other; they must stay as they are until they are joined.</summary>
    public void Add(T* rows, long width, long count = 1)
    {
        _width = width;
        _added += count;
        while (count > 0)
        {
            int taken = (int)Math.Min(count, Rows - _waiting);
            for (int i = 0; i < taken; i++, rows += width)
                _rows[_waiting + i] = rows;
            _waiting += taken;
            count -= taken;
            if (_waiting == Rows)
                JoinEight();
        }
    }

    /// <summary>Joins the rows that wait.</summary>
    public void JoinWaiting()
    {
        for (int i = 0; i < _waiting; i++)
            JoinOne(_rows[i]);
        _waiting = 0;
    }

    /// <summary>Hands everything on; the batch is then empty.</summary>
    public void Finish()
    {
        JoinWaiting();
        HandOn();
        _added = 0;
    }

    /// <summary>
    /// Finishes what is joined where it is, instead of handing it on; the batch is then empty. The results are in <paramref name="results"/>.
    /// </summary>
    public void FinishHere(T* results, out T* first)
    {
        for (long i = 0; i < _width; i += L.Count)
            L.Store(_reduction.Finish<L, T>(L.Load(_first + i), TReduction.HasSecond ? L.Load(_second + i) : default, _joined), results + i);
        first = _first;
        _joined = _added = 0;
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
            Eight.Join<TReduction, L, T>(_reduction, L.Load(r0 + i), L.Load(r1 + i), L.Load(r2 + i), L.Load(r3 + i), L.Load(r4 + i), L.Load(r5 + i),
                L.Load(r6 + i), L.Load(r7 + i), out L first, out L second);
            Put(begins, toFirst + i, toSecond + i, first, second, share, weight);
        }
        // The lanes beyond the row's end hold zeros and end in the padding of the partial results.
        int rest = (int)(_width - whole);
        if (rest > 0)
        {
            Eight.Join<TReduction, L, T>(_reduction, L.Load(r0 + whole, rest), L.Load(r1 + whole, rest), L.Load(r2 + whole, rest),
                L.Load(r3 + whole, rest), L.Load(r4 + whole, rest), L.Load(r5 + whole, rest), L.Load(r6 + whole, rest),
                L.Load(r7 + whole, rest), out L first, out L second);
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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
        {
            Elements.Widen<L, T>(_wide, _first, _width);
            if (TReduction.HasSecond)
                Elements.Widen<L, T>(_wide + _stride, _second, _width);
            _sums->Add(_wide, _wide + _stride, _width, _joined);
        }
        _joined = 0;
    }

    private static (L Share, L Weight) Weights(double joined, double added)
        => (L.Broadcast(added / (joined + added)), L.Broadcast(joined * added / (joined + added)));
}
