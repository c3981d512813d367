namespace Volute.Training;

/// <summary>Scores of some consecutive slices [classes, D, H, W], to which tiles add what they give; the first slices leave when no tile will add to them.</summary>
/// <param name="classes">Scores of a voxel.</param>
/// <param name="capacity">Slices that are held at once.</param>
/// <param name="height">Rows of a slice.</param>
/// <param name="width">Voxels of a row.</param>
internal sealed class ScoreSlab(int classes, int capacity, int height, int width)
{
    private readonly float[] _values = new float[Kernels.Sizes.Product([classes, capacity, height, width], "the scores of a slab")];

    public int Classes => classes;

    /// <summary>Voxels of a slice.</summary>
    public int Area => height * width;

    /// <summary>The first slice held, counted in the image.</summary>
    public int First { get; private set; }

    /// <summary>The scores of one class in a slice that is held.</summary>
    public ReadOnlySpan<float> Slice(int label, int depth) => _values.AsSpan((label * capacity + depth - First) * Area, Area);

    /// <summary>Adds a tile's scores [1, classes, D, H, W], each times its weight along each axis.</summary>
    public void Add(ReadOnlySpan<float> output, ReadOnlySpan<int> outputSize, Tile z, Tile y, Tile x)
    {
        for (int c = 0; c < classes; c++)
        {
            for (int d = 0; d < z.Count; d++)
            {
                for (int h = 0; h < y.Count; h++)
                {
                    ReadOnlySpan<float> from = output.Slice(((c * outputSize[0] + z.Skip + d) * outputSize[1] + y.Skip + h) * outputSize[2] + x.Skip, x.Count);
                    Span<float> to = _values.AsSpan(((c * capacity + z.Keep + d - First) * height + y.Keep + h) * width + x.Keep, x.Count);
                    float weight = (z.Weights?[d] ?? 1) * (y.Weights?[h] ?? 1);
                    for (int w = 0; w < to.Length; w++)
                        to[w] += from[w] * (weight * (x.Weights?[w] ?? 1));
                }
            }
        }
    }

    /// <summary>Lets all slices before <paramref name="first"/> go.</summary>
    public void Drop(int first)
    {
        int gone = (first - First) * Area;
        for (int c = 0; c < classes; c++)
        {
            Span<float> slices = _values.AsSpan(c * capacity * Area, capacity * Area);
            slices[gone..].CopyTo(slices);
            slices[^gone..].Clear();
        }
        First = first;
    }
}
