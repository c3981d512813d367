using Volute.Tests.Kernels;
using Volute.Training;

namespace Volute.Tests.Training.Prediction;

/// <summary>Tiled predictions against one forward pass over the whole image, mirrored by a loop of the tests' own.</summary>
[Collection(TeamSize.Name)]
public sealed class TiledPredictionTests : IDisposable
{
    /// <summary>A tile has the bits of the whole image where a position's bits do not depend on where it lies.</summary>
    public TiledPredictionTests() => Settings.Exact = true;

    public void Dispose() => Settings.Exact = false;

    private const int Channels = 2, Classes = 3;

    private static UNet Network(int rank, bool padded, Normalization normalization = Normalization.None, int? width = null)
    {
        UNet network = new(new UNetOptions(Channels, Classes, rank, BaseWidth: width ?? (rank == 3 ? 2 : 4), Levels: 3, padded, normalization));
        Random random = new(5);
        foreach (Parameter parameter in network.State())
            parameter.Assign([.. Enumerable.Range(0, (int)parameter.Shape.Elements).Select(_ => parameter.Shape.Rank == 1 ? 0.5 + random.NextDouble() : (random.NextDouble() - 0.5) * 0.8)]);
        return (UNet)network.Eval();
    }

    private static float[] Image(int[] size)
    {
        Random random = new(size.Sum());
        return [.. Enumerable.Range(0, Channels * size.Aggregate(1, (a, b) => a * b)).Select(_ => random.NextSingle() * 2 - 1)];
    }

    /// <summary>The scores of the whole image at once: before is what a valid network takes away at the lower ends.</summary>
    private static float[] Whole(UNet network, float[] image, int[] size)
    {
        int before = network.Options.Padded ? 0 : 20;
        int[] seen = [.. size.Select(network.InputSize)];
        float[] input = new float[Channels * seen.Aggregate(1, (a, b) => a * b)];
        Walk([Channels, .. seen], (at, place) => input[at] = image[Row([Channels, .. size], [place[0], .. size.Select((s, i) => Bounce(place[i + 1] - before, s))])]);
        Tensor output = network.Forward(Tensor.FromArray(input, [1, Channels, .. seen]));
        float[] all = output.ToArray(), scores = new float[Classes * size.Aggregate(1, (a, b) => a * b)];
        int[] given = [.. output.Shape.Skip(1)];
        Walk([Classes, .. size], (at, place) => scores[at] = all[Row(given, place)]);
        return scores;
    }

    private static int Bounce(int position, int size)
    {
        while (position < 0 || position >= size)
            position = size == 1 ? 0 : position < 0 ? -position : 2 * (size - 1) - position;
        return position;
    }

    private static int Row(int[] shape, int[] place)
    {
        int at = 0;
        for (int i = 0; i < shape.Length; i++)
            at = at * shape[i] + place[i];
        return at;
    }

    private static void Walk(int[] shape, Action<int, int[]> visit)
    {
        int[] place = new int[shape.Length];
        for (int at = 0, all = shape.Aggregate(1, (a, b) => a * b); at < all; at++)
        {
            for (int axis = shape.Length - 1, rest = at; axis >= 0; rest /= shape[axis--])
                place[axis] = rest % shape[axis];
            visit(at, place);
        }
    }

    private static float[] Tiled(UNet network, float[] image, int[] size, int tile, int context)
    {
        UNetSizes sizes = new(network);
        int calls = 0;
        var (scores, classes) = new TiledPrediction(network, sizes, sizes.Alignment, tile, context).Predict(image, [Channels, .. size], (done, _) => Assert.Equal(++calls, done));
        Assert.Equal(Classes, classes);
        return scores;
    }

    [Theory]
    [InlineData(52, new[] { 61 })]
    [InlineData(44, new[] { 9 })]
    [InlineData(97, new[] { 130 })]
    [InlineData(60, new[] { 37, 50 })]
    [InlineData(44, new[] { 10, 7 })]
    [InlineData(75, new[] { 1, 45 })]
    [InlineData(75, new[] { 45, 1 })]
    [InlineData(48, new[] { 9, 3, 10 })]
    [InlineData(46, new[] { 1, 1, 6 })]
    public void Tiles_of_a_valid_network_give_the_bits_of_the_whole_mirrored_image(int tile, int[] size)
    {
        UNet network = Network(size.Length, padded: false);
        float[] image = Image(size);
        Assert.Equal(Whole(network, image, size), Tiled(network, image, size, tile, 0));
    }

    [Fact]
    public void Without_exactness_tiles_of_a_valid_network_agree_to_rounding()
    {
        Settings.Exact = false;
        UNet network = Network(2, padded: false, width: 32);
        int[] size = [70, 81];
        float[] image = Image(size);
        Assert.Contains("winograd4", network.Forward(Tensor.Full([1, Channels, 76, 76], 1)).Plan().Algorithms);
        Assert.InRange(Difference(Whole(network, image, size), Tiled(network, image, size, 76, 0)), 0, 1e-5);
    }

    /// <remarks>
    /// Not the same bits: at the border of a map, where taps fall outside, positions are summed in runs whose length depends on the map's width, and
    /// each run sums its taps in an order of its own.
    /// </remarks>
    [Theory]
    [InlineData(60, 22, new[] { 143 })]
    [InlineData(57, 22, new[] { 97, 70 })]
    [InlineData(52, 24, new[] { 1, 90 })]
    [InlineData(52, 22, new[] { 3, 57, 5 })]
    public void Tiles_of_a_padded_network_that_see_enough_give_the_scores_of_the_whole_image(int tile, int context, int[] size)
    {
        UNet network = Network(size.Length, padded: true, Normalization.Batch);
        float[] image = Image(size);
        Assert.InRange(Difference(Whole(network, image, size), Tiled(network, image, size, tile, context)), 0, 1e-6);
    }

    [Fact]
    public void Tiles_of_a_padded_network_that_see_less_differ_along_their_seams_alone()
    {
        UNet network = Network(2, padded: true, Normalization.Batch);
        int[] size = [64, 120];
        float[] image = Image(size), whole = Whole(network, image, size), tiled = Tiled(network, image, size, 64, 8);
        Assert.InRange(Difference(whole, tiled), 1e-5, 1);
        // The first tile gives 56 columns and has seen 64: what lies 22 before its end is right.
        Assert.InRange(Difference(Columns(whole, 0, 42), Columns(tiled, 0, 42)), 0, 1e-6);

        float[] Columns(float[] scores, int first, int end) => [.. scores.Where((_, i) => i % size[1] >= first && i % size[1] < end)];
    }

    /// <summary>The largest difference, relative to the largest score.</summary>
    private static double Difference(float[] expected, float[] actual)
        => expected.Zip(actual, (a, b) => Math.Abs((double)a - b)).Max() / expected.Max(Math.Abs);

    [Theory]
    [InlineData(true, new[] { 1, 1 })]
    [InlineData(true, new[] { 3, 2 })]
    [InlineData(false, new[] { 1, 1 })]
    [InlineData(false, new[] { 2, 5 })]
    public void An_image_that_fits_into_a_tile_is_mirrored_until_the_network_takes_it(bool padded, int[] size)
    {
        UNet network = Network(2, padded);
        float[] image = Image(size);
        Assert.Equal(Whole(network, image, size), Tiled(network, image, size, 512, 64));
    }

    [Fact]
    public void Tiles_that_are_too_small_are_refused()
    {
        string message = Assert.Throws<InvalidArgumentException>(() => Tiled(Network(2, padded: false), Image([50, 50]), [50, 50], 40, 0)).Message;
        Assert.Equal("tiles of 40 positions are too small: this network needs 20 on each side of what it gives; use tiles of at least 44", message);
    }
}
