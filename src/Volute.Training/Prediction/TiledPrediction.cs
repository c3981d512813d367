using Volute.Kernels;

namespace Volute.Training;

/// <summary>
/// Scores for an image of any size from a network of a limited one: overlapping tiles with mirrored borders, as the U-Net paper has them. For valid
/// convolutions the result is that of the whole mirrored image at once: to rounding, and to the bit under <see cref="Settings.Exact"/>.
/// </summary>
/// <param name="network">A network in inference mode: (N, C, …) to (N, classes, …).</param>
/// <param name="sizes">Its sizes along each axis.</param>
/// <param name="alignment">The product of its strides: tiles begin at multiples.</param>
/// <param name="tile">The largest tile, positions along each axis.</param>
/// <param name="context">What a size-keeping network should see around what it gives.</param>
public sealed class TiledPrediction(Module network, INetworkSizes sizes, int alignment, int tile, int context)
{
    /// <summary>The scores of one image.</summary>
    /// <param name="image">[C, [D,] H, W], row-major.</param>
    /// <param name="shape">Its sizes.</param>
    /// <param name="progress">Called with tiles done and in all.</param>
    /// <returns>[classes, [D,] H, W], row-major.</returns>
    public (float[] Scores, int Classes) Predict(ReadOnlySpan<float> image, int[] shape, Action<int, int>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(shape);
        int channels = shape[0];
        int[] spatial = shape[1..];
        TileAxis[] three = Axes(spatial);
        int[] size3 = [.. Enumerable.Repeat(1, 3 - spatial.Length), .. spatial];
        float[] seen = Seen(channels, three);
        float[]? scores = null;
        int classes = 0, done = 0, all = three[0].Tiles.Count * three[1].Tiles.Count * three[2].Tiles.Count;
        foreach (Tile z in three[0].Tiles)
        {
            foreach (Tile y in three[1].Tiles)
            {
                foreach (Tile x in three[2].Tiles)
                {
                    Cut(image, [0, 0, 0], size3, size3, seen, three, z, y, x);
                    Tensor output = Scores(Input(seen, channels, three, spatial.Length));
                    classes = output.Shape[1];
                    scores ??= new float[classes * size3[0] * size3[1] * size3[2]];
                    Lay(output.ToArray(), [.. Enumerable.Repeat(1, 3 - spatial.Length), .. output.Shape.Skip(2)], scores, classes, size3, z, y, x);
                    progress?.Invoke(++done, all);
                }
            }
        }
        return (scores ?? [], classes);
    }

    /// <summary>The tiles of an image's axes, by its size and the network alone; unit axes in front make every rank three.</summary>
    internal TileAxis[] Axes(int[] spatial)
    {
        TileAxis unit = TileAxis.Cut(1, Unit.Instance, 1, 0, 1);
        return [.. Enumerable.Repeat(unit, 3 - spatial.Length), .. spatial.Select(size => TileAxis.Cut(size, sizes, tile, context, alignment))];
    }

    /// <summary>Room for what the network sees of one tile.</summary>
    internal static float[] Seen(int channels, TileAxis[] axes)
        => new float[checked((int)Sizes.Product([channels, axes[0].Input, axes[1].Input, axes[2].Input], "a tile"))];

    /// <summary>What the network sees of a tile: [1, C, …].</summary>
    internal static Tensor Input(float[] seen, int channels, TileAxis[] axes, int rank)
        => Tensor.FromArray(seen, [1, channels, .. axes[^rank..].Select(a => a.Input)]);

    /// <summary>The network's scores for what it sees of a tile, [1, classes, …], not computed yet.</summary>
    internal Tensor Scores(Tensor input) => network.Forward(input);

    /// <summary>Cuts what the network sees of a tile out of an image, or out of a part of it that has all that is seen.</summary>
    /// <param name="part">[C, extent…].</param>
    /// <param name="origin">Where the part begins in the image, on each axis.</param>
    /// <param name="extent">The part's sizes.</param>
    /// <param name="size">The image's sizes, at whose borders it is mirrored.</param>
    /// <param name="seen">Filled.</param>
    /// <param name="axes">The tiles' sizes.</param>
    /// <param name="z">The tile.</param>
    /// <param name="y">The tile.</param>
    /// <param name="x">The tile.</param>
    internal static void Cut(ReadOnlySpan<float> part, int[] origin, int[] extent, int[] size, float[] seen, TileAxis[] axes, Tile z, Tile y, Tile x)
    {
        int at = 0, channels = seen.Length / (axes[0].Input * axes[1].Input * axes[2].Input);
        bool isInside = x.Start >= 0 && x.Start <= size[2] - axes[2].Input;
        for (int c = 0; c < channels; c++)
        {
            for (int d = 0; d < axes[0].Input; d++)
            {
                int fromD = TileAxis.Mirror(z.Start + d, size[0]) - origin[0];
                for (int h = 0; h < axes[1].Input; h++)
                {
                    int fromH = TileAxis.Mirror(y.Start + h, size[1]) - origin[1];
                    ReadOnlySpan<float> row = part.Slice(((c * extent[0] + fromD) * extent[1] + fromH) * extent[2], extent[2]);
                    if (isInside)
                    {
                        row.Slice(x.Start - origin[2], axes[2].Input).CopyTo(seen.AsSpan(at));
                        at += axes[2].Input;
                        continue;
                    }
                    for (int w = 0; w < axes[2].Input; w++)
                        seen[at++] = row[TileAxis.Mirror(x.Start + w, size[2]) - origin[2]];
                }
            }
        }
    }

    private static void Lay(float[] output, int[] outputSize, float[] scores, int classes, int[] size, Tile z, Tile y, Tile x)
    {
        for (int c = 0; c < classes; c++)
        {
            for (int d = 0; d < z.Count; d++)
            {
                for (int h = 0; h < y.Count; h++)
                {
                    int from = ((c * outputSize[0] + z.Skip + d) * outputSize[1] + y.Skip + h) * outputSize[2] + x.Skip;
                    int to = ((c * size[0] + z.Keep + d) * size[1] + y.Keep + h) * size[2] + x.Keep;
                    output.AsSpan(from, x.Count).CopyTo(scores.AsSpan(to));
                }
            }
        }
    }

    private sealed class Unit : INetworkSizes
    {
        public static readonly Unit Instance = new();

        public bool Keeps => false;

        public int Alignment => 1;

        public int? OutputSize(int input) => input;

        public int InputSize(int output) => output;
    }
}

/// <summary>The sizes of a U-Net.</summary>
public sealed class UNetSizes(UNet network) : INetworkSizes
{
    /// <inheritdoc/>
    public bool Keeps => network.Options.Padded;

    /// <inheritdoc/>
    public int Alignment => 1 << (network.Options.Levels - 1);

    /// <inheritdoc/>
    public int? OutputSize(int input) => network.OutputSize(input);

    /// <inheritdoc/>
    public int InputSize(int output) => network.InputSize(output);
}
