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

    [Fact]
    public void Less_memory_means_smaller_patches_of_volumes()
    {
        int[] size = [16, 64, 64];
        StagedUNetOptions network = new() { Stages = [new(4, [1, 3, 3], [1, 1, 1]), new(8, [3, 3, 3], [1, 2, 2]), new(8, [3, 3, 3], [2, 2, 2])] };
        Predictor predictor = new(new Recipe
        {
            Model = "staged-unet",
            StagedUNet = network,
            Task = DatasetTask.Segmentation,
            Data = "here",
            Classes = ["a", "b"],
            Channels = 1,
            Preprocessing = new(),
            Standardization = new([0], [1]),
            InputSize = size,
            TileStep = 0.75,
            BatchSize = 1,
            LearningRate = 0.1,
            Augmentation = "none",
            Seed = 1,
        }, new StagedUNet(network));
        Assert.Equal(1, Patches());
        // Half of it is three quarters of what the network takes for the whole.
        Settings.MemoryLimit = new StagedUNet(network).Eval().Forward(Tensor.Full([1, 1, .. size], 0)).Plan().PeakBytes * 3 / 2;
        Assert.InRange(Patches(), 2, 16);

        int Patches()
        {
            int patches = 0;
            int[] classes = predictor.Segment(new Sample("v", new float[size[0] * size[1] * size[2]], [1, .. size], [], []), progress: (_, all) => patches = all).Classes;
            Assert.Equal(size[0] * size[1] * size[2], classes.Length);
            return patches;
        }
    }
}
