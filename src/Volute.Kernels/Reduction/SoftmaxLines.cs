namespace Volute.Kernels;

/// <summary>The softmax of lines: one with its elements in the lanes, or as many abreast as there are lanes.</summary>
internal static unsafe class SoftmaxLines
{
    /// <summary>Vectors added in float32 before float64 takes over.</summary>
    private const int Block = 64;

    /// <summary>One line of contiguous elements, at least a vector of them; y may be x.</summary>
    /// <remarks>A remainder is a partial vector: what stands in its other lanes is never stored, and enters no sum.</remarks>
    public static void Along<L, T>(T* y, T* x, long length, bool logarithm) where L : struct, ILanes<L, T> where T : unmanaged
    {
        long whole = length - length % L.Count;
        int rest = (int)(length - whole);
        // The last, overlapping vector counts some elements twice, which no maximum minds.
        L largest = L.Load(x + length - L.Count);
        for (long i = 0; i < whole; i += L.Count)
            largest = L.Max(largest, L.Load(x + i));
        T top = L.Max(largest);
        L shift = L.Broadcast(&top);

        double total = 0;
        for (long start = 0; start < whole; start += Block * L.Count)
        {
            L sum = L.Broadcast(0);
            for (long i = start, end = Math.Min(whole, start + Block * L.Count); i < end; i += L.Count)
            {
                L value = L.Exp(L.Load(x + i) - shift);
                sum += value;
                if (!logarithm)
                    L.Store(value, y + i);
            }
            T partial = L.Sum(sum);
            total += Elements.Read(&partial);
        }
        if (rest > 0)
        {
            L value = L.Exp(L.Load(x + whole, rest) - shift);
            T* lanes = stackalloc T[L.Count];
            L.Store(value, lanes);
            for (int i = 0; i < rest; i++)
                total += Elements.Read(lanes + i);
            if (!logarithm)
                L.Store(value, y + whole, rest);
        }

        L factor = L.Broadcast(1 / total), subtracted = L.Broadcast(Math.Log(total));
        for (long i = 0; i < whole; i += L.Count)
            L.Store(logarithm ? L.Load(x + i) - shift - subtracted : L.Load(y + i) * factor, y + i);
        if (rest > 0)
            L.Store(logarithm ? L.Load(x + whole, rest) - shift - subtracted : L.Load(y + whole, rest) * factor, y + whole, rest);
    }

    /// <summary>
    /// Lines abreast, in place: element r of line i at rows[r·pitch + i]. The pitch is whole vectors: lanes beyond the width compute on what is
    /// there.
    /// </summary>
    public static void Abreast<L, T>(T* rows, long pitch, long width, long length, bool logarithm) where L : struct, ILanes<L, T> where T : unmanaged
    {
        for (long i = 0; i < width; i += L.Count)
        {
            T* column = rows + i;
            L shift = L.Load(column);
            for (long r = 1; r < length; r++)
                shift = L.Max(shift, L.Load(column + r * pitch));
            L total = L.Broadcast(0);
            for (long start = 0; start < length; start += Block)
            {
                L sum = L.Broadcast(0);
                for (long r = start, end = Math.Min(length, start + Block); r < end; r++)
                {
                    L difference = L.Load(column + r * pitch) - shift, value = L.Exp(difference);
                    sum += value;
                    L.Store(logarithm ? difference : value, column + r * pitch);
                }
                total += sum;
            }
            L factor = L.Broadcast(1) / total, subtracted = L.Log(total);
            for (long r = 0; r < length; r++)
            {
                L value = L.Load(column + r * pitch);
                L.Store(logarithm ? value - subtracted : value * factor, column + r * pitch);
            }
        }
    }
}
