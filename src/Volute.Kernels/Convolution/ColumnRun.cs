namespace Volute.Kernels;

/// <summary>Neighbouring positions of a row that meet the same taps, those inside the given map: positions First..End, taps FirstTap..EndTap.</summary>
internal readonly record struct ColumnRun(int First, int End, int FirstTap, int EndTap)
{
    /// <summary>All <paramref name="positions"/> of an axis on a given map of <paramref name="given"/>, in order.</summary>
    public static ColumnRun[] Cut(WindowAxis window, int given, int positions)
    {
        List<ColumnRun> runs = [];
        for (int first = 0, end; first < positions; first = end)
        {
            var (tap, endTap) = window.TapsInside(first, given);
            // As positions go on, taps enter before the first one and leave at the last one.
            int entry = tap > 0 ? window.OutputsInside(tap - 1, given, positions).First : positions;
            int exit = endTap > tap ? window.OutputsInside(endTap - 1, given, positions).End : positions;
            end = Math.Min(entry, exit);
            runs.Add(new(first, end, tap, endTap));
        }
        return [.. runs];
    }
}
