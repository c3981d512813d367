using Volute.Tests.Gdal;
using Volute.Tests.Kernels;
using Volute.Training;

namespace Volute.Tests.Training.Prediction;

[Collection(TeamSize.Name)]
public sealed class PredictionMemoryTests : IDisposable
{
    /// <summary>A tile has the bits of the whole image where a position's bits do not depend on where it lies.</summary>
    public PredictionMemoryTests() => Settings.Exact = true;

    public void Dispose() => (Settings.Exact, Settings.MemoryLimit) = (false, null);

    [Fact]
    public void Less_memory_means_smaller_tiles_and_the_same_classes()
    {
        const int Size = 600;
        Predictor predictor = RasterPredictionTests.Predictor(1, new(LabelKind.Value, [0, 1, 2]), tile: 1024);
        float[] image = [.. Enumerable.Range(0, Size * Size).Select(i => i * 31 % 1021 / 1021f)];
        (int[] whole, int one) = Segment();
        // Half of it holds the network for 512 x 512, not for 1024 x 1024.
        Settings.MemoryLimit = 120_000_000;
        (int[] tiled, int four) = Segment();
        Assert.Equal((1, 4), (one, four));
        Assert.Equal(whole, tiled);

        (int[], int) Segment()
        {
            int tiles = 0;
            int[] classes = predictor.Segment(image, [1, Size, Size], (_, all) => tiles = all).Classes;
            return (classes, tiles);
        }
    }
}
