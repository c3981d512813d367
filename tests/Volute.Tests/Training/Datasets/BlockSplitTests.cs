using Volute.Training;

namespace Volute.Tests.Training;

public class BlockSplitTests
{
    private const int Height = 83, Width = 130, Patch = 16;

    /// <summary>Each pixel of the first channel is its own number, those of the second minus it; labels are the number modulo 3.</summary>
    private static Dataset Picture(int height = Height, int width = Width)
    {
        int pixels = height * width;
        float[] image = [.. Enumerable.Range(0, 2 * pixels).Select(i => i < pixels ? i : -(float)(i - pixels))];
        return Dataset.Of([new Sample("scene", image, [2, height, width], [.. Enumerable.Range(0, pixels).Select(i => i % 3)], [height, width])], ["a", "b", "c"]);
    }

    [Fact]
    public void Blocks_hold_the_pixels_of_their_place()
    {
        (Dataset blocks, _) = BlockSplit.Of(Picture(), [Patch, Patch], 0)!.Value;
        for (int i = 0; i < blocks.Count; i++)
        {
            Sample block = blocks[i];
            int height = block.ImageShape[1], width = block.ImageShape[2], first = (int)block.Image[0];
            Assert.Equal([2, height, width], block.ImageShape);
            for (int y = 0; y < height; y++)
                for (int x = 0; x < width; x++)
                {
                    int expected = first + y * Width + x, at = y * width + x;
                    Assert.Equal((expected, -expected, expected % 3), ((int)block.Image[at], (int)block.Image[height * width + at], block.Labels[at]));
                }
        }
    }

    [Fact]
    public void Every_pixel_is_held_out_in_one_fold_or_lies_in_a_margin_of_it()
    {
        int[] held = new int[Height * Width];
        for (int fold = 0; fold < 5; fold++)
        {
            (Dataset blocks, DatasetSplit split) = BlockSplit.Of(Picture(), [Patch, Patch], fold)!.Value;
            (int Y, int X)[] Places(int[] indices) => [.. indices.SelectMany(i => blocks[i].Image[..blocks[i].Labels.Length]).Select(v => ((int)v / Width, (int)v % Width))];
            (int Y, int X)[] training = Places(split.Training), validation = Places(split.Validation);
            Assert.InRange(validation.Length, 0.08 * Height * Width, 0.25 * Height * Width);
            bool[,] near = new bool[Height, Width];
            foreach ((int y, int x) in validation)
            {
                held[y * Width + x]++;
                // A margin of an eighth of a patch, 2 pixels, on every side.
                for (int dy = -2; dy <= 2; dy++)
                    for (int dx = -2; dx <= 2; dx++)
                        if (y + dy is >= 0 and < Height && x + dx is >= 0 and < Width)
                            near[y + dy, x + dx] = true;
            }
            Assert.DoesNotContain(training, p => near[p.Y, p.X]);
        }
        Assert.Equal(1, held.Max());
    }

    [Fact]
    public void A_picture_without_room_for_four_blocks_is_not_divided()
    {
        Assert.Null(BlockSplit.Of(Picture(31, 63), [Patch, Patch], 0));
        (Dataset blocks, DatasetSplit split) = BlockSplit.Of(Picture(32, 32), [Patch, Patch], 0)!.Value;
        Assert.Equal((4, 1), (blocks.Count, split.Validation.Length));
        Assert.Equal("fold 4 has none of the 2 x 2 blocks of the single picture; take a lower one, or smaller patches",
            Assert.Throws<InvalidArgumentException>(() => BlockSplit.Of(Picture(32, 32), [Patch, Patch], 4)).Message);
    }

    [Fact]
    public void A_single_picture_is_trained_on_in_blocks_which_the_recipe_says()
    {
        Dataset data = Picture();
        Recipe recipe = RecipeMaker.Make(data, "here", new() { Patch = Patch, Model = "unet" });
        TrainingData split = TrainingData.Split(data, recipe);
        Assert.Same(split.Data, split.Judge);
        Assert.Equal(40, split.Training.Length + split.Validation.Length);
        Assert.Equal(data.Standardization, split.Data.Standardization);
        Assert.Contains(recipe.Choices, c => c is { Label: "Held out", Value: "every fifth block of the picture" });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(4)]
    public void A_single_volume_holds_out_a_fifth_of_its_slices_without_those_next_to_the_others(int fold)
    {
        Sample volume = new("ct", [.. Enumerable.Range(0, 20 * 6).Select(i => (float)(i / 6))], [1, 20, 2, 3], new int[120], [20, 2, 3]) { AxisCodes = "SAR" };
        (Dataset blocks, DatasetSplit split) = BlockSplit.Of(Dataset.Of([volume], ["a", "b"]), [8, 8, 8], fold)!.Value;
        Assert.Equal([0], split.Validation);
        Sample held = blocks[0];
        Assert.All(split.Training, i => Assert.DoesNotContain(blocks[i].Image, held.Image.Contains));
        Assert.Equal("SAR", held.AxisCodes);
        // Sixteen slices are trained on in any case, and of four one or two at each inner end are left out.
        Assert.Equal(16, split.Training.Sum(i => blocks[i].ImageShape[1]));
        Assert.Equal(4 - (fold is 0 or 4 ? 1 : 2), held.ImageShape[1]);
    }
}
