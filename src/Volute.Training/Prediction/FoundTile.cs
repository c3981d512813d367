namespace Volute.Training;

/// <summary>What a network found in one tile of a raster.</summary>
/// <param name="y">Its rows.</param>
/// <param name="x">Its columns.</param>
/// <param name="endsRows">Whether it is the last one of its rows.</param>
/// <param name="missing">For each pixel kept whether the raster holds nothing there; empty where all are there.</param>
/// <param name="scores">[outputs, seen rows, seen columns]; empty where nothing is there at all.</param>
/// <param name="size">Seen rows and columns.</param>
/// <param name="meaning">What scores say.</param>
internal sealed class FoundTile(Tile y, Tile x, bool endsRows, bool[] missing, float[] scores, (int Height, int Width) size, PixelScores meaning)
{
    private readonly int pixels = size.Height * size.Width;

    /// <summary>The first row kept.</summary>
    public int Row => y.Keep;

    /// <summary>How many rows are kept.</summary>
    public int Rows => y.Count;

    /// <summary>The first column kept.</summary>
    public int Column => x.Keep;

    /// <summary>How many columns are kept.</summary>
    public int Columns => x.Count;

    /// <summary>Whether it is the last one of its rows.</summary>
    public bool EndsRows => endsRows;

    /// <summary>The class of each pixel kept of a row, counted from the first row kept; <see cref="ClassRaster.Nothing"/> where the raster holds nothing.</summary>
    public void ReadClasses(int row, Span<byte> found)
    {
        int first = First(row);
        for (int i = 0; i < x.Count; i++)
            found[i] = IsMissing(row, i) ? ClassRaster.Nothing : (byte)meaning.Class(scores, first + i, pixels);
    }

    /// <summary>The probabilities of a row's pixels, turned from scores once: [outputs, …] with this many from one output to the next.</summary>
    /// <param name="row">From the first row kept.</param>
    /// <param name="column">From the first column kept.</param>
    /// <param name="first">Where the pixel's first output lies.</param>
    /// <param name="stride">From one output to the next.</param>
    /// <returns>All of them; empty where the raster holds nothing.</returns>
    public ReadOnlySpan<float> Soften(int row, int column, out int first, out int stride)
    {
        (first, stride) = (First(row) + column, pixels);
        if (IsMissing(row, column))
            return [];
        meaning.Soften(scores, first, pixels);
        return scores;
    }

    private bool IsMissing(int row, int column) => missing.Length > 0 && missing[row * x.Count + column];

    private int First(int row) => (y.Skip + row) * size.Width + x.Skip;
}
