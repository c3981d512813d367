using Volute.Kernels;

namespace Volute.Training;

/// <summary>
/// Scores for an image of any size from a network of a limited one: overlapping tiles with mirrored borders, as the U-Net paper has them. For valid
/// convolutions the result is that of the whole mirrored image at once: to rounding, and to the bit under <see cref="Settings.Exact"/>.
/// </summary>
public sealed class TiledPrediction
{
    private readonly Module _network;
    private readonly Func<int, int, TileAxis> _cut; // of an axis, counted from the last one, and its size

    /// <summary>Tiles of which each gives its middle: what is kept has seen all around it.</summary>
    /// <param name="network">A network in inference mode: (N, C, …) to (N, classes, …).</param>
    /// <param name="sizes">Its sizes along each axis.</param>
    /// <param name="alignment">The product of its strides: tiles begin at multiples.</param>
    /// <param name="tile">The largest tile, positions along each axis.</param>
    /// <param name="context">What a size-keeping network should see around what it gives.</param>
    public TiledPrediction(Module network, INetworkSizes sizes, int alignment, int tile, int context)
        => (_network, _cut) = (network, (_, size) => TileAxis.Cut(size, sizes, tile, context, alignment));

    /// <summary>Overlapping tiles whose scores are averaged with Gaussian weights (<see cref="TileAxis.Overlapping"/>).</summary>
    /// <param name="network">A size-keeping network in inference mode.</param>
    /// <param name="tile">Its input along each axis.</param>
    /// <param name="step">The largest distance of neighbours, as a share of the tile.</param>
    public TiledPrediction(Module network, IReadOnlyList<int> tile, double step)
        => (_network, _cut) = (network, (axis, size) => TileAxis.Overlapping(size, tile[^axis], step));

    /// <summary>Whether each tile is seen in all its mirror images too, whose scores are averaged: 2 times the work for each axis.</summary>
    public bool Mirrors { get; init; }

    /// <summary>Pixels along height and width by which what a tile says of a pixel is seen further on; null for none. Beyond its border a tile goes on as it ends.</summary>
    public IReadOnlyList<double>? MaskOffset { get; init; }

    /// <summary>The scores of one image.</summary>
    /// <param name="image">[C, [D,] H, W], row-major.</param>
    /// <param name="shape">Its sizes.</param>
    /// <param name="progress">Called with tiles done and in all.</param>
    /// <returns>[classes, [D,] H, W], row-major.</returns>
    public (float[] Scores, int Classes) Predict(ReadOnlySpan<float> image, int[] shape, Action<int, int>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(shape);
        float[] scores = [];
        int classes = 0, voxels = shape.AsSpan(1).ToArray().Aggregate(1, (product, n) => product * n);
        Predict(image, shape, (slab, end) =>
        {
            if (scores.Length == 0)
                scores = new float[(classes = slab.Classes) * voxels];
            for (int c = 0; c < classes; c++)
            {
                for (int d = slab.First; d < end; d++)
                    slab.Slice(c, d).CopyTo(scores.AsSpan(c * voxels + d * slab.Area));
            }
        }, progress);
        return (scores, classes);
    }

    /// <summary>The scores of one image, slab by slab along its first axis (a picture is one slab): no more of them is held than tiles overlap.</summary>
    /// <param name="image">[C, [D,] H, W], row-major.</param>
    /// <param name="shape">Its sizes.</param>
    /// <param name="finished">Called with a slab whose slices from its first to before the given end are finished; they are gone afterwards.</param>
    /// <param name="progress">Called with tiles done and in all.</param>
    internal void Predict(ReadOnlySpan<float> image, int[] shape, Action<ScoreSlab, int> finished, Action<int, int>? progress = null)
    {
        int channels = shape[0], rank = shape.Length - 1;
        TileAxis[] axes = Axes(shape[1..]);
        int[] size = [.. Enumerable.Repeat(1, 3 - rank), .. shape[1..]];
        float[] seen = Seen(channels, axes);
        ScoreSlab? slab = null;
        int done = 0, all = axes[0].Tiles.Count * axes[1].Tiles.Count * axes[2].Tiles.Count;
        for (int i = 0; i < axes[0].Tiles.Count; i++)
        {
            Tile z = axes[0].Tiles[i];
            foreach (Tile y in axes[1].Tiles)
            {
                foreach (Tile x in axes[2].Tiles)
                {
                    Cut(image, [0, 0, 0], size, size, seen, axes, z, y, x);
                    Tensor output = Scores(Input(seen, channels, axes, rank));
                    slab ??= new ScoreSlab(output.Shape[1], axes[0].Tiles.Max(t => t.Count), size[1], size[2]);
                    slab.Add(output.ToArray(), [.. Enumerable.Repeat(1, 3 - rank), .. output.Shape.Skip(2)], z, y, x);
                    progress?.Invoke(++done, all);
                }
            }
            int end = i + 1 < axes[0].Tiles.Count ? axes[0].Tiles[i + 1].Keep : size[0];
            finished(slab!, end);
            slab!.Drop(end);
        }
    }

    /// <summary>The tiles of an image's axes, by its size and the network alone; unit axes in front make every rank three.</summary>
    internal TileAxis[] Axes(int[] spatial)
    {
        TileAxis unit = TileAxis.Cut(1, Unit.Instance, 1, 0, 1);
        return [.. Enumerable.Repeat(unit, 3 - spatial.Length), .. spatial.Select((size, axis) => _cut(spatial.Length - axis, size))];
    }

    /// <summary>Room for what the network sees of one tile.</summary>
    internal static float[] Seen(int channels, TileAxis[] axes)
        => new float[checked((int)Sizes.Product([channels, axes[0].Input, axes[1].Input, axes[2].Input], "a tile"))];

    /// <summary>What the network sees of a tile: [1, C, …].</summary>
    internal static Tensor Input(float[] seen, int channels, TileAxis[] axes, int rank)
        => Tensor.FromArray(seen, [1, channels, .. axes[^rank..].Select(a => a.Input)]);

    /// <summary>The network's scores for what it sees of a tile, [1, classes, …], not computed yet.</summary>
    internal Tensor Scores(Tensor input)
    {
        if (MaskOffset is not null)
            input = Training.MaskOffset.Aligned(input, MaskOffset);
        Tensor scores = _network.Forward(input);
        int rank = input.Shape.Rank - 2;
        for (int flips = 1; Mirrors && flips < 1 << rank; flips++)
        {
            int[] flipped = [.. Enumerable.Range(0, rank).Where(axis => (flips >> axis & 1) != 0).Select(axis => axis + 2)];
            scores += Flipped(_network.Forward(Flipped(input, flipped)), flipped);
        }
        return Mirrors ? scores * (1.0 / (1 << rank)) : scores;
    }

    private static Tensor Flipped(Tensor x, int[] axes) => axes.Aggregate(x, (flipped, axis) => flipped.Flip(axis));

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
