using Volute.Training;

namespace Volute.Tests.Training.Prediction;

public class CasePictureTests
{
    /// <summary>A volume of 3 slices of 2 x 2 whose values are its voxels' numbers.</summary>
    private static Sample Volume(params int[] labels) => new("volume", [.. Enumerable.Range(0, 12).Select(i => (float)i)], [1, 3, 2, 2], labels, [3, 2, 2]);

    [Fact]
    public void Of_a_volume_the_slice_with_the_most_wrong_voxels_is_shown()
    {
        Sample sample = Volume(1, 1, 1, 1, 0, 0, 1, 0, 0, LabelMap.Ignored, 0, 0);
        SegmentationExample shown = CasePicture.Of(sample, [1, 1, 1, 1, 0, 0, 0, 0, 0, 1, 0, 0]);
        Assert.Equal((1, 3), shown.Slice);
        Assert.Equal([0, 0, 1, 0], shown.Reference);
        Assert.Equal([0, 0, 0, 0], shown.Prediction);
        Assert.Equal([0, 85, 170, 255], shown.Image.ToBytes());
    }

    [Fact]
    public void Where_nothing_is_wrong_it_is_the_slice_with_the_most_foreground()
    {
        int[] labels = [0, 0, 0, 1, 0, 0, 0, 0, 0, 2, 2, 0];
        Assert.Equal((2, 3), CasePicture.Of(Volume(labels), labels).Slice);
    }

    [Fact]
    public void A_picture_is_shown_whole_in_its_colours()
    {
        Sample sample = new("colours", [0, 0, 0.5f, 0.5f, 1, float.NaN], [3, 1, 2], [0, 1], [1, 2]);
        SegmentationExample shown = CasePicture.Of(sample, [0, 0]);
        Assert.Null(shown.Slice);
        Assert.Equal([0, 127, 255, 0, 127, 0], shown.Image.ToBytes());
    }
}
