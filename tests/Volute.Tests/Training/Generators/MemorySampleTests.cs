using Volute.Tests.Formats;
using Volute.Tests.Gdal;
using Volute.Training;

namespace Volute.Tests.Training;

public class MemorySampleTests
{
    public static TheoryData<string, Action<string>, Func<Dataset>> Makers => new()
    {
        { "cells", folder => SampleMaker.Cells(folder, 2, 64, 3), () => SampleMaker.Cells(2, 64, 3) },
        { "digits", folder => SampleMaker.Digits(folder, 10, 16, 3), () => SampleMaker.Digits(10, 16, 3) },
        { "phantom", folder => SampleMaker.Phantom(folder, 2, 32, 3), () => SampleMaker.Phantom(2, 32, 3) },
    };

    [Theory]
    [MemberData(nameof(Makers))]
    public void Samples_in_memory_are_those_of_the_files(string name, Action<string> write, Func<Dataset> make)
    {
        using TemporaryFolder folder = new();
        write(folder[name]);
        AreEqual(Dataset.Open(folder[name]), make());
    }

    [Fact]
    public void Scenes_in_memory_are_those_of_the_files()
    {
        _ = InstalledGdal.Driver;
        using TemporaryFolder folder = new();
        SampleMaker.Scenes(folder["scenes"], 2, 64, 3);
        AreEqual(Dataset.Open(folder["scenes"]), SampleMaker.Scenes(2, 64, 3));
    }

    [Fact]
    public void Wrong_sizes_and_numbers_are_named()
    {
        Assert.Equal("ten digits need at least 10 pictures, got 9", Assert.Throws<InvalidArgumentException>(() => SampleMaker.Digits(9, 28, 1)).Message);
        Assert.Equal("the size must be 16 to 8192 pixels, got 15", Assert.Throws<InvalidArgumentException>(() => SampleMaker.Scenes(1, 15, 1)).Message);
        Assert.Equal("at least 1 picture must be made, got 0", Assert.Throws<InvalidArgumentException>(() => SampleMaker.Cells(0, 64, 1)).Message);
    }

    private static void AreEqual(Dataset files, Dataset memory)
    {
        if (files.Task == DatasetTask.Classification)
            Assert.Equal(files.Classes, memory.Classes);
        Assert.Equal(files.Classes.Count, memory.Classes.Count);
        foreach (var (expected, actual) in new[] { (files, memory), (files.Test!, memory.Test!) })
        {
            Dictionary<string, Sample> byName = Enumerable.Range(0, expected.Count).ToDictionary(expected.NameOf, i => expected[i]);
            Assert.Equal(byName.Keys.Order(), Enumerable.Range(0, actual.Count).Select(actual.NameOf).Order());
            for (int i = 0; i < actual.Count; i++)
            {
                Sample file = byName[actual.NameOf(i)], made = actual[i];
                Assert.Equal(file.ImageShape, made.ImageShape);
                Assert.Equal(file.LabelShape, made.LabelShape);
                Assert.Equal(file.Image, made.Image);
                Assert.Equal(file.Labels, made.Labels);
                Assert.Equal(file.Spacing?.Select(s => Math.Round(s, 4)), made.Spacing?.Select(s => Math.Round(s, 4)));
                Assert.Equal(file.AxisCodes, made.AxisCodes);
            }
            Assert.Equal(expected.Standardization.Mean.Select(m => Math.Round(m, 4)), actual.Standardization.Mean.Select(m => Math.Round(m, 4)));
        }
    }
}
