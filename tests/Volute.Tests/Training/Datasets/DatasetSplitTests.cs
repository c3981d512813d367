using Volute.Tests.Formats;
using Volute.Training;

namespace Volute.Tests.Training;

public class DatasetSplitTests
{
    private static Dataset Classified(params int[] classes)
        => Dataset.Of([.. classes.Select((c, i) => new Sample(i.ToString(), [0], [1, 1, 1], [c], []))], ["a", "b", "c"]);

    private static Dataset Named(params string[] names)
        => Dataset.Of([.. names.Select(name => new Sample(name, [0], [1, 1, 1], [0], [1, 1]))], ["a", "b"]);

    [Theory]
    [InlineData(0.2)]
    [InlineData(0)]
    [InlineData(1)]
    public void Every_sample_is_on_exactly_one_side(double fraction)
    {
        DatasetSplit split = Classified(new int[50]).Split(fraction, 3);
        Assert.Equal((int)(50 * fraction), split.Validation.Length);
        Assert.Equal(Enumerable.Range(0, 50), split.Training.Concat(split.Validation).Order());
    }

    [Fact]
    public void The_seed_decides()
    {
        Dataset data = Classified(new int[50]);
        Assert.Equal(data.Split(0.3, 1).Validation, data.Split(0.3, 1).Validation);
        Assert.NotEqual(data.Split(0.3, 1).Validation, data.Split(0.3, 2).Validation);
    }

    [Fact]
    public void Classes_keep_their_proportions()
    {
        // 80 of class 0, 16 of class 1, 4 of class 2.
        int[] classes = [.. Enumerable.Range(0, 100).Select(i => i % 25 == 0 ? 2 : i % 25 < 5 ? 1 : 0)];
        DatasetSplit split = Classified(classes).Split(0.25, 9);
        Assert.Equal([20, 4, 1], Enumerable.Range(0, 3).Select(c => split.Validation.Count(i => classes[i] == c)));
    }

    [Fact]
    public void Two_samples_give_one_to_each_side_however_small_the_share()
    {
        Assert.Single(Classified(0, 0).Split(0.01, 1).Validation);
        Assert.Single(Classified(0, 0).Split(0.99, 1).Training);
    }

    [Fact]
    public void Contiguous_folds_are_neighbours_by_name_and_each_sample_is_in_one()
    {
        // Named 6, 5, …, 0 and 10: not in the order of their names.
        Dataset data = Named("slice6", "slice5", "slice4", "slice3", "slice2", "slice1", "slice10");
        DatasetSplit[] folds = [.. Enumerable.Range(0, 3).Select(fold => data.FoldContiguous(fold, 3))];
        Assert.Equal(["slice2 slice1", "slice4 slice3", "slice6 slice5 slice10"], folds.Select(fold => string.Join(' ', fold.Validation.Select(data.NameOf))));
        Assert.All(folds, fold => Assert.Equal(Enumerable.Range(0, 7), fold.Training.Concat(fold.Validation).Order()));
        Assert.Equal("fold 3 is outside of 0..2", Assert.Throws<InvalidArgumentException>(() => data.FoldContiguous(3, 3)).Message);
        Assert.Equal("8 folds need as many samples, got 7", Assert.Throws<InvalidArgumentException>(() => data.FoldContiguous(0, 8)).Message);
    }

    [Fact]
    public void Groups_are_not_torn_apart()
    {
        string[] patients = [.. Enumerable.Range(0, 60).Select(i => $"patient {i / 7}")];
        for (ulong seed = 0; seed < 20; seed++)
        {
            DatasetSplit split = Classified(new int[60]).Split(0.25, seed, patients);
            Assert.InRange(split.Validation.Length, 10, 20);
            Assert.Empty(split.Validation.Select(i => patients[i]).Intersect(split.Training.Select(i => patients[i])));
        }
    }

    [Fact]
    public void Groups_beside_the_images_are_kept_without_being_asked_for()
    {
        using TemporaryFolder folder = new();
        List<string> lines = ["case,group"];
        for (int i = 0; i < 12; i++)
        {
            folder.Gray($"images/{i}.png", 2, 1, (byte)i, 2);
            folder.Gray($"masks/{i}.png", 2, 1, 0, 1);
            lines.Add($"{i},patient {i % 4}");
        }
        folder.Text("groups.csv", string.Join('\n', lines));
        Dataset data = Dataset.Open(folder.Root);
        for (ulong seed = 0; seed < 10; seed++)
            Assert.Single(data.Split(0.25, seed).Validation.Select(i => data.Groups![i]).Distinct());
        folder.Text("groups.csv", string.Join('\n', lines.SkipLast(2).Append("100,x")));
        Assert.Equal(["2 images without a group in groups.csv: 10, 11; add a line case,group for each", "1 case of groups.csv without an image: 100; bring the images, or remove the lines"],
            Assert.Throws<DatasetException>(() => Dataset.Open(folder.Root)).Problems);
        folder.Text("groups.csv", "1;x");
        Assert.Equal($"{folder["groups.csv"]}: line 1 is '1;x', expected case,group", Assert.Throws<FileFormatException>(() => Dataset.Open(folder.Root)).Message);
    }

    [Fact]
    public void Class_folders_have_groups_too()
    {
        using TemporaryFolder folder = new();
        foreach (string name in (string[])["cat/1", "cat/2", "dog/1", "dog/2"])
            folder.Gray($"{name}.png", 2, 1, 1, 2);
        folder.Text("groups.csv", "cat/1,a\ncat/2,b\ndog/1,a\ndog/2,b\n");
        Assert.Equal(["a", "b", "a", "b"], Dataset.Open(folder.Root).Groups!);
    }

    [Fact]
    public void One_group_for_each_sample_is_demanded()
        => Assert.Equal("groups must name one group for each of the 2 samples, got 1",
            Assert.Throws<InvalidArgumentException>(() => Classified(0, 0).Split(0.5, 1, ["x"])).Message);

    [Fact]
    public void A_contiguous_split_holds_out_the_last_slices_in_the_order_of_their_numbers()
    {
        DatasetSplit split = Named("0", "1", "10", "11", "2", "3", "4", "5", "6", "7", "8", "9").SplitContiguous(0.25);
        Assert.Equal([2, 3, 11], split.Validation); // 9, 10, 11
        Assert.Equal(9, split.Training.Length);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void A_share_outside_of_0_to_1_is_refused(double fraction)
        => Assert.Equal($"the share to validate with must be 0 to 1, got {fraction}", Assert.Throws<InvalidArgumentException>(() => Classified(0, 0).Split(fraction, 1)).Message);
}
