namespace Volute.Formats;

/// <summary>
/// The five row filters of PNG (specification, section 9): a byte is stored as its difference from a prediction made of the byte
/// <c>a</c> one pixel to the left, <c>b</c> above and <c>c</c> above left, each 0 outside of the picture.
/// </summary>
internal static class PngFilters
{
    public const int None = 0, Sub = 1, Up = 2, Average = 3, Paeth = 4, Count = 5;

    /// <summary>Turns the stored bytes of <paramref name="row"/> back into pixels; false for an unknown filter.</summary>
    public static bool Undo(int filter, Span<byte> row, ReadOnlySpan<byte> above, int step)
    {
        switch (filter)
        {
            case None:
                return true;
            case Sub:
                for (int i = step; i < row.Length; i++)
                    row[i] += row[i - step];
                return true;
            case Up:
                for (int i = 0; i < row.Length; i++)
                    row[i] += above[i];
                return true;
            case Average:
                for (int i = 0; i < row.Length; i++)
                    row[i] += (byte)(((i < step ? 0 : row[i - step]) + above[i]) >> 1);
                return true;
            case Paeth:
                for (int i = 0; i < row.Length; i++)
                    row[i] += i < step ? above[i] : Predict(row[i - step], above[i], above[i - step]);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Writes the filtered <paramref name="row"/> to <paramref name="result"/>; returns the sum of its bytes as signed magnitudes.</summary>
    public static long Apply(int filter, ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, int step, Span<byte> result)
    {
        // The first pixel has nothing to its left.
        int first = Math.Min(step, row.Length);
        for (int i = 0; i < first; i++)
            result[i] = (byte)(row[i] - filter switch { None or Sub => 0, Average => above[i] >> 1, _ => above[i] });
        ReadOnlySpan<byte> x = row[first..], a = row[..^first], b = above[first..], c = above[..^first];
        Span<byte> rest = result[first..row.Length];
        switch (filter)
        {
            case None:
                x.CopyTo(rest);
                break;
            case Sub:
                for (int i = 0; i < rest.Length; i++)
                    rest[i] = (byte)(x[i] - a[i]);
                break;
            case Up:
                for (int i = 0; i < rest.Length; i++)
                    rest[i] = (byte)(x[i] - b[i]);
                break;
            case Average:
                for (int i = 0; i < rest.Length; i++)
                    rest[i] = (byte)(x[i] - ((a[i] + b[i]) >> 1));
                break;
            default:
                for (int i = 0; i < rest.Length; i++)
                    rest[i] = (byte)(x[i] - Predict(a[i], b[i], c[i]));
                break;
        }
        long sum = 0;
        foreach (byte difference in result[..row.Length])
            sum += Math.Abs((int)(sbyte)difference);
        return sum;
    }

    /// <summary>Whichever of a, b, c is nearest to a + b − c; ties go in that order.</summary>
    private static byte Predict(byte a, byte b, byte c)
    {
        int toA = Math.Abs(b - c), toB = Math.Abs(a - c), toC = Math.Abs(a + b - 2 * c);
        return toA <= toB && toA <= toC ? a : toB <= toC ? b : c;
    }
}
