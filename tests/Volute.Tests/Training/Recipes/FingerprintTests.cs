using System.Text.Json;
using Volute.Training;

namespace Volute.Tests.Training.Recipes;

public class FingerprintTests
{
    /// <summary>Two channels of a volume whose second channel alone reaches the box's far corner; labels 0, 1 and ignored.</summary>
    private static Sample Volume(string name, int depth, double[]? spacing = null)
    {
        float[] image = new float[2 * depth * 6 * 8];
        int[] labels = new int[depth * 6 * 8];
        int At(int z, int y, int x) => (z * 6 + y) * 8 + x;
        image[At(1, 2, 3)] = 5;
        image[labels.Length + At(depth - 2, 4, 6)] = -1;
        for (int i = 0; i < 10; i++)
        {
            labels[i] = 1;
            image[labels.Length - 1 - i] = 0;
        }
        labels[^1] = LabelMap.Ignored;
        return new Sample(name, image, [2, depth, 6, 8], labels, [depth, 6, 8]) { Spacing = spacing };
    }

    [Fact]
    public void Shapes_are_cropped_to_the_box_of_what_is_not_zero_in_every_channel()
    {
        Fingerprint found = Fingerprint.Of(Dataset.Of([Volume("a", 5, [3, 1, 1]), Volume("b", 9)], ["background", "organ"]));
        Assert.Equal([5, 6, 8], found.Cases[0].Shape);
        Assert.Equal([3, 3, 4], found.Cases[0].Cropped);
        Assert.Equal([7, 3, 4], found.Cases[1].Cropped);
        Assert.Equal(36.0 / 240, found.Cases[0].RelativeSize, 12);
        Assert.Equal([3, 1, 1], found.Cases[0].Spacing!);
        Assert.Null(found.Cases[1].Spacing);
        Assert.Equal([5, 3, 4], found.MedianShape());
        Assert.Equal([[3, 1, 1], [1, 1, 1]], found.Spacings());
        Assert.Equal([20, 5 * 48 + 9 * 48 - 22], [found.ClassVoxels[1], found.ClassVoxels[0]]);
        Assert.Equal(2, found.IgnoredVoxels);
    }

    [Fact]
    public void An_image_of_zeros_is_not_cropped()
        => Assert.Equal([4, 4], Fingerprint.Of(Dataset.Of([new Sample("black", new float[16], [1, 4, 4], new int[16], [4, 4])], ["a", "b"])).Cases[0].Cropped);

    [Fact]
    public void Intensities_are_those_of_the_foreground()
    {
        Random random = new(5);
        float[] image = [.. Enumerable.Range(0, 10_000).Select(i => i % 2 == 0 ? -1000f : (float)(40 + 10 * random.NextDouble()))];
        int[] labels = [.. Enumerable.Range(0, 10_000).Select(i => i % 2)];
        ChannelIntensities found = Assert.Single(Fingerprint.Of(Dataset.Of([new Sample("ct", image, [1, 100, 100], labels, [100, 100])], ["air", "liver"]), samples: 200_000).Intensities);
        double[] plain = [.. image.Where(v => v > 0).Select(v => (double)v).Order()];
        Assert.Equal(plain.Average(), found.Mean, 0.05);
        Assert.Equal(plain[2500], found.Median, 0.15);
        Assert.Equal(10 / Math.Sqrt(12), found.Deviation, 0.05);
        Assert.Equal((plain[0], plain[^1]), (found.Min, found.Max));
        Assert.Equal(40.05, found.Low, 0.03);
        Assert.Equal(49.95, found.High, 0.03);
    }

    [Fact]
    public void Every_image_gives_as_many_voxels_however_much_foreground_it_has()
    {
        Sample Of(string name, float value, int foreground) => new(name, [.. Enumerable.Repeat(value, 400)], [1, 20, 20], [.. Enumerable.Range(0, 400).Select(i => i < foreground ? 1 : 0)], [20, 20]);
        Fingerprint found = Fingerprint.Of(Dataset.Of([Of("small", 1, 2), Of("large", 3, 400), Of("none", 100, 0)], ["a", "b"]), samples: 3000);
        Assert.Equal((2.0, 1.0), (found.Intensities[0].Mean, found.Intensities[0].Deviation));
    }

    [Fact]
    public void The_same_seed_gives_the_same_fingerprint_and_its_JSON_is_read_back()
    {
        Dataset data = Dataset.Of([Volume("a", 5, [3, 1, 1]), Volume("b", 9)], ["background", "organ"]);
        string Json(long seed) => JsonSerializer.Serialize(Fingerprint.Of(data, seed, 50), FingerprintJson.Default.Fingerprint);
        Assert.Equal(Json(1), Json(1));
        Fingerprint back = JsonSerializer.Deserialize(Json(1), FingerprintJson.Default.Fingerprint)!;
        Assert.Equal(Json(1), JsonSerializer.Serialize(back, FingerprintJson.Default.Fingerprint));
        Assert.DoesNotContain("relativeSize", Json(1));
    }

    [Fact]
    public void Data_without_masks_and_mixed_ranks_are_refused()
    {
        Dataset classes = Dataset.Of([new Sample("a", new float[4], [1, 2, 2], [0], [])], ["a"]);
        Assert.StartsWith("a fingerprint is of images with masks, but the data are a classification: ", Assert.Throws<InvalidArgumentException>(() => Fingerprint.Of(classes)).Message);
        Dataset mixed = Dataset.Of([Volume("volume", 5), new Sample("picture", new float[8], [2, 2, 2], new int[4], [2, 2])], ["a", "b"]);
        Assert.Equal("volume has 3 axes, picture has 2: keep pictures and volumes in data sets of their own", Assert.Throws<InvalidArgumentException>(() => Fingerprint.Of(mixed).MedianShape()).Message);
    }
}
