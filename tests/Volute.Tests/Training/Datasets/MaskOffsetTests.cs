using Volute.Formats;
using Volute.Tests.Formats;
using Volute.Training;

namespace Volute.Tests.Training;

public class MaskOffsetTests
{
    private const int Size = 64;

    /// <summary>Discs brighter than what is around them, with some noise, whose picture lies further on than their mask.</summary>
    private static Dataset Discs(int count, double down, double right) => Dataset.Of([.. Enumerable.Range(0, count).Select(i =>
    {
        Random random = new(i);
        (double Y, double X, double Radius)[] discs = [.. Enumerable.Range(0, 6).Select(_ => (random.NextDouble() * Size, random.NextDouble() * Size, 4 + random.NextDouble() * 6))];
        float[] image = new float[Size * Size];
        int[] mask = new int[Size * Size];
        for (int p = 0; p < image.Length; p++)
        {
            double Inside(double y, double x) => discs.Max(d => Math.Clamp(d.Radius + 0.5 - Math.Sqrt((y - d.Y) * (y - d.Y) + (x - d.X) * (x - d.X)), 0, 1));
            int y = p / Size, x = p % Size;
            image[p] = (float)(Inside(y - down, x - right) + 0.2 * random.NextDouble());
            mask[p] = Inside(y, x) >= 0.5 ? 1 : 0;
        }
        return new Sample($"{i}", image, [1, Size, Size], mask, [Size, Size]);
    })], ["ground", "disc"]);

    private static double[]? Of(Dataset data) => MaskOffset.Of(data, [.. Enumerable.Range(0, data.Count)]);

    [Theory]
    [InlineData(0.6, -0.3)]
    [InlineData(-1.4, 0)]
    [InlineData(0, 0)]
    public void Pictures_that_lie_aside_of_their_masks_are_found(double down, double right)
    {
        double[]? found = Of(Discs(12, down, right));
        if (down == 0 && right == 0)
        {
            Assert.Null(found);
            return;
        }
        Assert.NotNull(found);
        Assert.Equal([down, right], found, (a, b) => Math.Abs(a - b) < 0.15);
    }

    [Fact]
    public void Pictures_that_judge_are_not_looked_at()
    {
        Dataset learned = Discs(8, 0.6, -0.3), judged = Discs(8, -1.4, 1.2);
        Dataset all = Dataset.Of([.. Enumerable.Range(0, 8).SelectMany(i => new[] { learned[i], judged[i] })], learned.Classes);
        double[] even = MaskOffset.Of(all, [0, 2, 4, 6, 8, 10, 12, 14])!;
        Assert.Equal(Of(learned), even);
        Assert.NotEqual(Of(all), even);
    }

    [Fact]
    public void The_doctor_tells_of_masks_that_lie_aside()
    {
        using TemporaryFolder folder = new();
        Dataset shifted = Discs(12, 1, -1);
        foreach (string kind in (string[])["images", "masks"])
        {
            Directory.CreateDirectory(folder[kind]);
            for (int i = 0; i < shifted.Count; i++)
            {
                byte[] pixels = [.. Enumerable.Range(0, Size * Size).Select(p => (byte)(kind == "masks" ? shifted[i].Labels[p] : Math.Clamp(shifted[i].Image[p] * 200, 0, 255)))];
                ImageFile.Write(folder[$"{kind}/{i}.png"], Picture.FromBytes(pixels, Size, Size, 1));
            }
        }
        Finding found = Assert.Single(Doctor.Examine(folder[""]).Findings, finding => finding.Kind == FindingKind.ShiftedMasks);
        Assert.Matches(@"^pictures lie aside of their masks: (0\.9\d?|1|1\.\d+) pixels below and (0\.9\d?|1|1\.\d+) to the left$", found.Message);
        Assert.Equal("training moves the pictures by so much; better are masks that lie on the pictures' own pixels", found.Cure);
    }

    [Fact]
    public void Few_pictures_and_pictures_without_edges_tell_nothing()
    {
        Assert.Null(Of(Discs(4, 0.6, 0.6)));
        Assert.Null(Of(Dataset.Of([.. Enumerable.Range(0, 8).Select(i => new Sample($"{i}", new float[Size * Size], [1, Size, Size], new int[Size * Size], [Size, Size]))], ["a", "b"])));
        Assert.Null(Of(Dataset.Of([.. Enumerable.Range(0, 8).Select(i => new Sample($"{i}", [1, 2, 3, 4], [1, 2, 2], [0, 1, 0, 1], [2, 2]))], ["a", "b"])));
    }

    [Fact]
    public void Patches_show_the_picture_at_the_offset_and_the_mask_in_its_place()
    {
        Dataset data = Dataset.Of([new Sample("ramp", [.. Enumerable.Range(0, 30).Select(p => 10f * (p / 6) + p % 6)], [1, 5, 6], [.. Enumerable.Range(0, 30).Select(p => p % 2)], [5, 6])], ["a", "b"]);
        Batch batch = new Loader(data, new LoaderOptions { Standardize = false, MaskOffset = [0.5, -1] }).Epoch(0).Single();
        for (int y = 0; y < 4; y++)
        {
            for (int x = 1; x < 6; x++)
                Assert.Equal(10 * (y + 0.5) + x - 1, batch.Images[y * 6 + x], 1e-5);
        }
        Assert.Equal(data[0].Labels, batch.Labels);
        Assert.Equal("an offset of masks is pixels along height and width, got [1]",
            Assert.Throws<InvalidArgumentException>(() => new Loader(data, new LoaderOptions { MaskOffset = [1] })).Message);
    }

    [Fact]
    public void What_a_network_predicts_from_is_what_it_was_trained_on()
    {
        double[] offset = [0.58, -1.23];
        Dataset data = Discs(1, 0, 0);
        Batch batch = new Loader(data, new LoaderOptions { Standardize = false, MaskOffset = offset }).Epoch(0).Single();
        float[] aligned = MaskOffset.Aligned(Tensor.FromArray(data[0].Image, [1, 1, Size, Size]), offset).ToArray();
        // At the border patches are mirrored, tiles go on as they end.
        for (int y = 2; y < Size - 2; y++)
        {
            for (int x = 2; x < Size - 2; x++)
                Assert.Equal(batch.Images[y * Size + x], aligned[y * Size + x], 1e-5);
        }
    }
}
