namespace Volute.Kernels;

/// <summary>A row of partial results in float64, with the number of elements behind each: what the float32 partial results are joined in.</summary>
internal unsafe struct WideRow<TReduction>(TReduction reduction, double* room, int stride) where TReduction : unmanaged, IReduction
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

    /// <summary>Elements behind each.</summary>
    public readonly double* Counts => room + 2 * stride;

    /// <summary>Joins <paramref name="width"/> partial results of <paramref name="count"/> elements each; a width beyond the length winds around the row.</summary>
    public readonly void Add<T>(T* first, T* second, long width, double count) where T : unmanaged
    {
        for (long start = 0; start < width; start += _length)
        {
            long end = Math.Min(_length, width - start);
            for (long i = 0; i < end; i++)
                Join(i, Elements.Read(first + start + i), TReduction.HasSecond ? Elements.Read(second + start + i) : 0, count);
        }
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

    /// <summary>The finished results.</summary>
    public readonly void Finish<T>(T* y, int count) where T : unmanaged
    {
        for (int i = 0; i < count; i++)
            Elements.Write(y + i, reduction.Finish(First[i], Second[i], Counts[i]));
    }

    private readonly void Join(long i, double otherFirst, double otherSecond, double count)
    {
        double joined = Counts[i], sum = joined + count;
        Lane64 first = new(otherFirst), second = new(otherSecond);
        if (joined != 0)
        {
            Lane64 oldFirst = Lane64.Load(First + i), oldSecond = Lane64.Load(Second + i);
            reduction.Join<Lane64, double>(ref oldFirst, ref oldSecond, first, second, new(count / sum), new(joined * count / sum));
            (first, second) = (oldFirst, oldSecond);
        }
        Lane64.Store(first, First + i);
        if (TReduction.HasSecond)
            Lane64.Store(second, Second + i);
        Counts[i] = sum;
    }
}

/// <summary>Single elements of float32 or float64 memory as float64.</summary>
internal static unsafe class Elements
{
    public static double Read<T>(T* source) where T : unmanaged => typeof(T) == typeof(float) ? *(float*)source : *(double*)source;

    public static void Write<T>(T* destination, double value) where T : unmanaged
    {
        if (typeof(T) == typeof(float))
            *(float*)destination = (float)value;
        else
            *(double*)destination = value;
    }
}
