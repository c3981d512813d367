using Volute.Formats;
using Volute.Tests.Formats;
using Volute.Training;

namespace Volute.Tests.Training;

public class ClipTests
{
    /// <summary>Frames of one pixel whose value is their number, from <paramref name="first"/>.</summary>
    private static void Frames(TemporaryFolder folder, string clip, int count, string prefix = "", int first = 1)
    {
        for (int t = first; t < first + count; t++)
            folder.Gray($"{clip}/{prefix}{t:d4}.png", 1, 1, (byte)t);
    }

    [Theory]
    [InlineData(16, "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16")]
    [InlineData(32, "2 4 6 8 10 12 14 16 18 20 22 24 26 28 30 32")]
    [InlineData(8, "1 1 2 2 3 3 4 4 5 5 6 6 7 7 8 8")]
    [InlineData(20, "1 2 4 5 6 7 9 10 11 12 14 15 16 17 19 20")]
    public void Sixteen_frames_are_taken_evenly_from_a_clip_of_any_length(int count, string expected)
    {
        using TemporaryFolder folder = new();
        foreach (string name in (string[])["a/x", "b/y"])
            Frames(folder, name, count);
        Sample clip = Dataset.Open(folder.Root)[0];
        Assert.Equal([1, 16, 1, 1], clip.ImageShape);
        Assert.Equal(expected, string.Join(' ', clip.Image.Select(v => (int)Math.Round(v * 255))));
    }

    [Fact]
    public void Clips_lie_in_class_folders_of_train_and_test_and_their_channels_come_before_their_frames()
    {
        using TemporaryFolder folder = new();
        foreach (string part in (string[])["train", "test"])
        {
            for (int t = 1; t <= 16; t++)
            {
                folder.Rgb($"{part}/run/v1.take2/frame_{t}.png", 2, 1, (byte)t, 100, 200, (byte)(t + 50), 101, 201);
                folder.Rgb($"{part}/walk/v1/frame_{t}.png", 2, 1, 0, 0, 0, 1, 1, 1);
            }
        }
        Dataset data = Dataset.Open(folder.Root);
        Assert.Equal("one folder for each class, in it one for the frames of each clip: 2 clips of 2 classes (run 1, walk 1), 3 channels, 16 x 1 x 2; 1 test sample".Replace("1 test sample", "2 test samples"), data.Describe());
        Assert.Equal(["run/v1.take2", "walk/v1"], [data.NameOf(0), data.NameOf(1)]);
        Assert.Equal([0, 1], [data.ClassOf(0), data.ClassOf(1)]);
        Sample clip = data[0];
        Assert.Equal([3, 16, 1, 2], clip.ImageShape);
        // Frames go by their numbers, 2 before 10; red of the first pixel tells them.
        Assert.Equal(Enumerable.Range(1, 16), Enumerable.Range(0, 16).Select(t => (int)Math.Round(clip.Image[2 * t] * 255)));
        Assert.All(Enumerable.Range(0, 16), t => Assert.Equal((100, 101, 200, 201), ((int)Math.Round(clip.Image[32 + 2 * t] * 255), (int)Math.Round(clip.Image[33 + 2 * t] * 255), (int)Math.Round(clip.Image[64 + 2 * t] * 255), (int)Math.Round(clip.Image[65 + 2 * t] * 255))));
    }

    [Fact]
    public void Folders_of_pictures_that_are_not_numbered_alike_are_no_clips()
    {
        using TemporaryFolder folder = new();
        folder.Gray("a/london/bridge.png", 1, 1, 1);
        folder.Gray("a/london/tower.png", 1, 1, 2);
        folder.Gray("b/paris/x1.png", 1, 1, 3);
        folder.Gray("b/paris/x2.png", 1, 1, 4);
        Dataset data = Dataset.Open(folder.Root);
        Assert.Equal(4, data.Count);
        Assert.StartsWith("one folder for each class: 4 images", data.Describe());
    }

    [Fact]
    public void Pictures_beside_the_folders_of_a_class_make_all_of_it_pictures()
    {
        using TemporaryFolder folder = new();
        Frames(folder, "a/x", 2);
        Frames(folder, "b/y", 2);
        folder.Gray("b/0001.png", 1, 1, 1);
        Assert.Equal(5, Dataset.Open(folder.Root).Count);
    }

    [Fact]
    public void A_frame_of_another_size_is_named()
    {
        using TemporaryFolder folder = new();
        Frames(folder, "a/x", 16);
        Frames(folder, "b/y", 15);
        folder.Gray("b/y/0016.png", 2, 1, 1, 2);
        Assert.Equal($"{folder["b/y/0016.png"]}: the frame is [1, 1, 2], but the clip's first is [1, 1, 1]; all must be alike (at byte -1)".Replace(" (at byte -1)", ""),
            Assert.Throws<FileFormatException>(() => Dataset.Open(folder.Root)).Message);
    }

    [Fact]
    public void Drawn_clips_go_to_four_sides_and_no_frame_tells_which()
    {
        using TemporaryFolder folder = new();
        SampleMaker.Clips(folder["clips"], 8, 24, seed: 2);
        Dataset data = Dataset.Open(folder["clips"]);
        Assert.Equal(["down", "left", "right", "up"], data.Classes);
        Assert.Equal((8, 2), (data.Count, data.Test!.Count));
        // The shape is brighter than its ground: where the brightest column and row wander to between neighbouring frames tells the side.
        for (int i = 0; i < data.Count; i++)
        {
            Sample clip = data[i];
            var (down, right) = Drift(clip);
            string side = Math.Abs(down) > Math.Abs(right) ? down > 0 ? "down" : "up" : right > 0 ? "right" : "left";
            Assert.Equal(data.Classes[clip.Labels[0]], side);
        }
    }

    /// <summary>The shift along rows and columns, −3 to 3 pixels, at which neighbouring frames agree best, the mean over all of them.</summary>
    private static (double Down, double Right) Drift(Sample clip)
    {
        const int Reach = 3;
        int frames = clip.ImageShape[1], size = clip.ImageShape[2];
        float At(int t, int y, int x) => clip.Image[(t * size + (y + size) % size) * size + (x + size) % size];
        double down = 0, right = 0;
        for (int t = 0; t + 1 < frames; t++)
        {
            var best = (Cost: double.MaxValue, Y: 0, X: 0);
            for (int dy = -Reach; dy <= Reach; dy++)
            {
                for (int dx = -Reach; dx <= Reach; dx++)
                {
                    double cost = 0;
                    for (int y = 0; y < size; y++)
                        for (int x = 0; x < size; x++)
                            cost += Math.Pow(At(t + 1, y + dy, x + dx) - At(t, y, x), 2);
                    if (cost < best.Cost)
                        best = (cost, dy, dx);
                }
            }
            (down, right) = (down + best.Y, right + best.X);
        }
        return (down, right);
    }

    [Fact]
    public void Too_few_clips_for_the_directions_are_refused()
    {
        using TemporaryFolder folder = new();
        Assert.Equal("4 directions need at least 4 clips, got 3", Assert.Throws<InvalidArgumentException>(() => SampleMaker.Clips(folder["a"], 3, 32, 1)).Message);
    }
}
