namespace Volute.Training;

/// <summary>
/// Rows of a raster that come in bands of any height and are passed on in whole blocks, so that no compressed block is written twice.
/// </summary>
/// <param name="width">Pixels of a row.</param>
/// <param name="height">Rows of the raster.</param>
/// <param name="bands">Values of a pixel.</param>
/// <param name="most">The most rows that come at once.</param>
/// <param name="block">Rows of a block.</param>
/// <param name="pass">Given the first row and how many there are; it reads them by <see cref="Rows"/>.</param>
internal sealed class RasterRows<T>(int width, int height, int bands, int most, int block, Action<RasterRows<T>, int, int> pass)
{
    private readonly int capacity = Capacity(height, most, block);
    private readonly T[] values = new T[checked((int)Kernels.Sizes.Product([bands, Capacity(height, most, block), width], "the rows of a raster that wait for their block"))];
    private int first;

    /// <summary>How many rows wait at most.</summary>
    public static int Capacity(int height, int most, int block) => (int)Math.Min(height, (long)most + block);

    /// <summary>The values of one band in rows that are held.</summary>
    public Span<T> Rows(int band, int row, int count) => values.AsSpan((band * capacity + row - first) * width, count * width);

    /// <summary>All rows before <paramref name="end"/> are there.</summary>
    public void Complete(int end)
    {
        int ready = end == height ? end - first : (end - first) / block * block;
        for (int row = first; row < first + ready; row += block)
            pass(this, row, Math.Min(block, first + ready - row));
        if (ready == 0 || end == height)
            return;
        for (int band = 0; band < bands; band++)
            Rows(band, first + ready, end - first - ready).CopyTo(Rows(band, first, end - first - ready));
        first += ready;
    }
}
