using Volute.Tests.Formats;
using Volute.Training;

namespace Volute.Tests.Training;

public class SampleGroupTests
{
    private static Dataset Of(params string[] names)
        => Dataset.Of([.. names.Select(name => new Sample(name, [0], [1, 1, 1], [0], [1, 1]))], ["a", "b"]);

    [Theory]
    [InlineData("patient01_slice03 patient01_slice04 patient02_slice01 patient02_slice02 p3_1 p3_2", "patient01 patient01 patient02 patient02 p3 p3")]
    [InlineData("P01-T1 P01-T2 P02-T1 P02-T2 P03-T1 P03-T2 P04-T1", "P01 P01 P02 P02 P03 P03 P04")]
    [InlineData("case_0001_0001 case_0001_0002 case_0002_0001 case_0002_0002 case_0003_1 case_0003_2", "case_0001 case_0001 case_0002 case_0002 case_0003 case_0003")]
    [InlineData("scan7/axial12 scan7/axial13 scan8/axial1 scan8/axial2 scan9/axial1 scan9/axial2", "scan7 scan7 scan8 scan8 scan9 scan9")]
    [InlineData("slice_01 slice_02 slice_03 slice_04 slice_05 slice_06", null)] // one group, without a number
    [InlineData("cat_1 cat_2 dog_1 dog_2 cow_1 cow_2", null)] // words may be what is seen
    [InlineData("p1_1 p1_2 p2_1 p2_2 p3_1", null)] // two groups of two only
    [InlineData("p1_1 p1_2 p2_1 p2_2 p3_1 p3_2 other", null)] // one name does not fit
    [InlineData("1 2 3 4 5 6", null)]
    public void Groups_are_what_names_show_before_their_last_number(string names, string? groups)
        => Assert.Equal(groups?.Split(' '), NameGroups.Find(names.Split(' ')));

    [Fact]
    public void Groups_that_names_show_are_kept_together_and_said()
    {
        using TemporaryFolder folder = new();
        for (int i = 0; i < 12; i++)
            folder.Pair($"patient{i / 3 + 1}_slice{i % 3}", i);
        Dataset data = Dataset.Open(folder.Root);
        for (ulong seed = 0; seed < 10; seed++)
            Assert.Single(data.Split(0.25, seed).Validation.Select(i => data.NameOf(i).Split('_')[0]).Distinct());
        Assert.Contains("; 4 groups that names show (patient1, …), kept together;", data.Describe());
        Recipe recipe = RecipeMaker.Make(data, folder.Root, new());
        Assert.False(recipe.ValidationContiguous);
        PlanChoice held = Assert.Single(recipe.Choices, c => c.Label == "Held out");
        Assert.Equal(("a random fifth, whole groups", "4 groups of samples show, which must not be on both sides"), (held.Value, held.Reason));
        // groups.csv knows better.
        folder.Text("groups.csv", string.Concat(Enumerable.Range(0, 12).Select(i => $"patient{i / 3 + 1}_slice{i % 3},{i % 2}\n")));
        Assert.Contains("; 2 groups by groups.csv (0, …), kept together;", Dataset.Open(folder.Root).Describe());
    }

    [Fact]
    public void Class_folders_are_no_groups_but_patients_in_them_are()
    {
        using TemporaryFolder folder = new();
        for (int i = 0; i < 6; i++)
            folder.Gray($"class{i % 2}/p{i / 2}_{i}.png", 16, 16, HealthyData.Noise(i));
        Assert.Equal(["p0", "p1", "p2", "p0", "p1", "p2"], Dataset.Open(folder.Root).Groups!);
        using TemporaryFolder plain = new();
        for (int i = 0; i < 9; i++)
            plain.Gray($"{i / 3}/{i}.png", 16, 16, HealthyData.Noise(i));
        Assert.Null(Dataset.Open(plain.Root).Groups);
    }

    [Fact]
    public void Samples_of_the_same_pixels_stay_together()
    {
        using TemporaryFolder folder = new();
        for (int i = 0; i < 20; i++)
            folder.Gray($"{(char)('a' + i % 2)}/{(char)('a' + i)}.png", 16, 16, HealthyData.Noise(i % 15));
        Dataset data = Dataset.Open(folder.Root);
        string[] content = [.. Enumerable.Range(0, 20).Select(i => Convert.ToHexString(System.Runtime.InteropServices.MemoryMarshal.AsBytes(data[i].Image.AsSpan())))];
        Assert.Equal(15, content.Distinct().Count());
        for (ulong seed = 0; seed < 20; seed++)
            foreach (DatasetSplit split in (DatasetSplit[])[data.Split(0.3, seed), data.Fold(1, 4, seed)])
            {
                Assert.Empty(split.Training.Select(i => content[i]).Intersect(split.Validation.Select(i => content[i])));
                Assert.InRange(split.Validation.Length, 4, 7);
            }
    }

    [Fact]
    public void Every_sample_is_validated_with_in_one_fold_and_groups_are_whole()
    {
        Dataset data = Of([.. Enumerable.Range(0, 23).Select(i => $"{i}")]);
        string[] groups = [.. Enumerable.Range(0, 23).Select(i => $"{i / 2}")];
        DatasetSplit[] plain = [.. Enumerable.Range(0, 5).Select(k => data.Fold(k))], grouped = [.. Enumerable.Range(0, 5).Select(k => data.Fold(k, seed: 7, groups: groups))];
        foreach (DatasetSplit[] folds in (DatasetSplit[][])[plain, grouped])
        {
            Assert.Equal(Enumerable.Range(0, 23), folds.SelectMany(f => f.Validation).Order());
            Assert.All(folds, f => Assert.Equal(Enumerable.Range(0, 23), f.Training.Concat(f.Validation).Order()));
        }
        Assert.All(plain, f => Assert.InRange(f.Validation.Length, 4, 5));
        Assert.All(grouped, f => Assert.InRange(f.Validation.Length, 3, 6));
        Assert.All(grouped, f => Assert.Empty(f.Training.Select(i => groups[i]).Intersect(f.Validation.Select(i => groups[i]))));
        Assert.Equal(plain[2].Validation, data.Fold(2).Validation);
        Assert.NotEqual(plain[2].Validation, data.Fold(2, seed: 1).Validation);
    }

    [Fact]
    public void Folds_have_every_class_in_proportion()
    {
        int[] classes = [.. Enumerable.Range(0, 50).Select(i => i % 5 == 0 ? 1 : 0)];
        Dataset data = Dataset.Of([.. classes.Select((c, i) => new Sample($"{i}", [0], [1, 1, 1], [c], []))], ["a", "b"]);
        for (int k = 0; k < 5; k++)
            Assert.Equal(2, data.Fold(k).Validation.Count(i => classes[i] == 1));
    }

    [Fact]
    public void More_folds_than_samples_or_a_fold_that_is_not_there_are_refused()
    {
        Dataset data = Of("a", "b", "c");
        Assert.Equal("5 folds need as many samples or groups that can be told apart, got 3", Assert.Throws<InvalidArgumentException>(() => data.Fold(0)).Message);
        Assert.Equal("fold 3 is outside of 0..2", Assert.Throws<InvalidArgumentException>(() => data.Fold(3, 3)).Message);
        Assert.Equal("there must be at least 2 folds, got 1", Assert.Throws<InvalidArgumentException>(() => data.Fold(0, 1)).Message);
    }
}
