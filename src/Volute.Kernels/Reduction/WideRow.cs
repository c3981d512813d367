using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>A row of partial results in float64, with the number of elements behind each: what the float32 partial results are joined in.</summary>
internal unsafe struct WideRow<TReduction>(TReduction reduction, double* room, int stride) where TReduction : struct, IReduction
{
    private int _length;

    /// <summary>Numbers that a row of <paramref name="length"/> partial results takes.</summary>
    public static int Room(int length) => 3 * length;

    /// <summary>Empties the row and sets its length, at most the stride.</summary>
    public void Clear(int length)
    {
        _length = length;
        new Span<double>(Counts, length).Clear();
    }

    /// <summary>First numbers.</summary>
    public readonly double* First => room;

    /// <summary>Second numbers.</summary>
    public readonly double* Second => room + stride;

    /// <summary>Elements behind each; after <see cref="Finish"/>, the results.</summary>
    public readonly double* Counts => room + 2 * stride;

    /// <summary>
    /// Joins <paramref name="width"/> partial results of <paramref name="count"/> elements each; a width beyond the length winds around the row.
    /// </summary>
    public readonly void Add(double* first, double* second, long width, double count)
    {
        // Neighbours mostly have as many elements: two divisions serve them all.
        double joined = 0, share = 1, weight = 0;
        for (long start = 0; start < width; start += _length)
        {
            int end = (int)Math.Min(_length, width - start);
            for (int i = 0; i < end; i++)
            {
                if (Counts[i] != joined)
                    (joined, share, weight) = (Counts[i], count / (Counts[i] + count), Counts[i] * count / (Counts[i] + count));
                Join(i, first[start + i], TReduction.HasSecond ? second[start + i] : 0, count, share, weight);
            }
        }
    }

    /// <summary>Joins a power of two of partial results of <paramref name="count"/> elements each to the row's first: as a tree, in place.</summary>
    public readonly void AddTree(double* first, double* second, int width, double count)
    {
        for (int half = width / 2; half > 0; half /= 2, count *= 2)
        {
            for (int i = 0; i < half; i++)
            {
                Lane64 one = new(first[i]), two = new(TReduction.HasSecond ? second[i] : 0);
                Lane64 otherTwo = new(TReduction.HasSecond ? second[i + half] : 0);
                reduction.Join<Lane64, double>(ref one, ref two, new(first[i + half]), otherTwo, new(0.5), new(count / 2));
                Lane64.Store(one, first + i);
                if (TReduction.HasSecond)
                    Lane64.Store(two, second + i);
            }
        }
        Join(0, *first, TReduction.HasSecond ? *second : 0, count);
    }

    /// <summary>Joins the results beyond <paramref name="period"/> to those before: i to i mod period.</summary>
    public readonly void Fold(int period)
    {
        for (int i = period; i < _length; i++)
        {
            if (Counts[i] != 0)
                Join(i % period, First[i], Second[i], Counts[i]);
        }
    }

    /// <summary>Copies the first <paramref name="count"/> partial results to another room.</summary>
    public readonly void CopyTo(double* destination, int destinationStride, int count)
    {
        for (int i = 0; i < count; i++)
        {
            destination[i] = First[i];
            if (TReduction.HasSecond)
                destination[destinationStride + i] = Second[i];
            destination[2 * destinationStride + i] = Counts[i];
        }
    }

    /// <summary>Finishes the first <paramref name="count"/> results.</summary>
    public readonly void Finish(int count)
    {
        for (int i = 0; i < count; i++)
            Lane64.Store(reduction.Finish<Lane64, double>(new(First[i]), new(TReduction.HasSecond ? Second[i] : 0), Counts[i]), Counts + i);
    }

    private readonly void Join(int i, double otherFirst, double otherSecond, double count)
        => Join(i, otherFirst, otherSecond, count, count / (Counts[i] + count), Counts[i] * count / (Counts[i] + count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Join(int i, double otherFirst, double otherSecond, double count, double share, double weight)
    {
        Lane64 first = new(otherFirst), second = new(otherSecond);
        if (Counts[i] != 0)
        {
            Lane64 oldFirst = Lane64.Load(First + i), oldSecond = Lane64.Load(Second + i);
            reduction.Join<Lane64, double>(ref oldFirst, ref oldSecond, first, second, new(share), new(weight));
            (first, second) = (oldFirst, oldSecond);
        }
        Lane64.Store(first, First + i);
        if (TReduction.HasSecond)
            Lane64.Store(second, Second + i);
        Counts[i] += count;
    }
}
