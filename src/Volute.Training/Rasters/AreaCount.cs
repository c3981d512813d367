using Volute.Formats;

namespace Volute.Training;

/// <summary>
/// Adds up ground by reference and predicted class, in blocks of rasters. Each row of pixels counts with its own area, so that degrees are
/// measured rightly.
/// </summary>
internal sealed class AreaCount
{
    private const long MostNumbers = 1 << 26;

    private readonly int classes, side;
    private readonly string unit;
    private readonly List<Block> blocks = [];
    private Dictionary<(int Row, int Column), Block> current = [];
    private GroundArea ground = new(RasterPlace.None);
    private string name = "";
    private int width, height, number;

    /// <param name="classes">How many classes there are.</param>
    /// <param name="side">Pixels along a block's side.</param>
    /// <param name="unit">What the areas of all rasters are measured in, <see cref="GroundArea.Unit"/>.</param>
    /// <exception cref="InvalidArgumentException">Blocks of no pixel.</exception>
    public AreaCount(int classes, int side, string unit)
    {
        if (side < 1)
            throw new InvalidArgumentException($"blocks need at least 1 pixel along each side, got {side}");
        (this.classes, this.side, this.unit) = (classes, side, unit);
    }

    /// <summary>The mean area of a pixel of the raster that was begun last.</summary>
    public double PixelArea { get; private set; }

    /// <summary>The next raster.</summary>
    public void Begin(string name, RasterPlace place, int width, int height)
    {
        (this.name, this.width, this.height, number, current) = (name, width, height, number + 1, []);
        ground = new GroundArea(place);
        PixelArea = ground.In(unit, Outline.Of(0, 0, width, height)) / ((double)width * height);
    }

    /// <summary>Adds a part of a row.</summary>
    /// <param name="row">Its row.</param>
    /// <param name="column">Its first column.</param>
    /// <param name="predicted">Classes.</param>
    /// <param name="reference">Classes, <see cref="LabelMap.Ignored"/> for pixels that do not count.</param>
    /// <exception cref="LimitException">More blocks than have room.</exception>
    public void Add(int row, int column, ReadOnlySpan<int> predicted, ReadOnlySpan<int> reference)
    {
        double pixel = ground.In(unit, Outline.Of(0, row, width, row + 1)) / width;
        while (!reference.IsEmpty)
        {
            int count = Math.Min(reference.Length, side - column % side);
            if (reference[..count].ContainsAnyExcept(LabelMap.Ignored))
                Add(At(row / side, column / side), pixel, predicted[..count], reference[..count]);
            predicted = predicted[count..];
            reference = reference[count..];
            column += count;
        }
    }

    /// <summary>Adds a raster that is in memory.</summary>
    public void Add(Sample sample, RasterPlace place, int[] predicted)
    {
        int rows = sample.LabelShape[0], columns = sample.LabelShape[1];
        Begin(sample.Name, place, columns, rows);
        for (int row = 0; row < rows; row++)
            Add(row, 0, predicted.AsSpan(row * columns, columns), sample.Labels.AsSpan(row * columns, columns));
    }

    /// <summary>The pixels of a block by reference and predicted class.</summary>
    public readonly record struct Counted(string Name, Box Part, Confusion Counts);

    /// <summary>Each block that has pixels, raster after raster and row after row.</summary>
    public IEnumerable<Counted> Counts => Ordered.Select(block => new Counted($"{block.Case} {block.Row},{block.Column}",
        new([0, block.Row * side, block.Column * side], [1, Math.Min(side, block.Height - block.Row * side), Math.Min(side, block.Width - block.Column * side)]), block.Counts));

    /// <summary>The pixels of all blocks together.</summary>
    public Confusion Total
    {
        get
        {
            Confusion total = new(classes);
            foreach (Block block in blocks)
                total.Add(block.Counts);
            return total;
        }
    }

    /// <summary>All that was added.</summary>
    public AreaScores Score() => new()
    {
        Unit = unit,
        BlockSize = side,
        Confusion = [.. Enumerable.Range(0, classes).Select(r => (double[])[.. Enumerable.Range(0, classes).Select(p => blocks.Sum(block => block.Areas[r * classes + p]))])],
        Blocks = [.. Ordered.Select(block => new BlockScore(block.Case, block.Row * side, block.Column * side,
            Enumerable.Range(0, classes).Sum(c => block.Areas[c * classes + c]) / block.Areas.Sum(), [.. block.Areas.Chunk(classes)]))],
    };

    private IEnumerable<Block> Ordered => blocks.OrderBy(block => (block.Raster, block.Row, block.Column));

    private void Add(Block block, double pixel, ReadOnlySpan<int> predicted, ReadOnlySpan<int> reference)
    {
        block.Counts.Add(predicted, reference, LabelMap.Ignored, name);
        for (int i = 0; i < reference.Length; i++)
            if (reference[i] != LabelMap.Ignored)
                block.Areas[reference[i] * classes + predicted[i]] += pixel;
    }

    private Block At(int row, int column)
    {
        if (current.TryGetValue((row, column), out Block? block))
            return block;
        long numbers = (blocks.Count + 1L) * classes * classes;
        if (numbers > MostNumbers)
            throw new LimitException($"{name}: the areas of {blocks.Count + 1} blocks of {side} x {side} pixels and {classes} classes", $"{numbers}", $"{MostNumbers}", "numbers; take larger blocks");
        block = new Block(name, number, row, column, width, height, new Confusion(classes), new double[classes * classes]);
        current.Add((row, column), block);
        blocks.Add(block);
        return block;
    }

    private sealed record Block(string Case, int Raster, int Row, int Column, int Width, int Height, Confusion Counts, double[] Areas);
}
