using Volute.Formats;
using Volute.Tests.Formats;
using Volute.Training;

namespace Volute.Tests.Training;

public class LabelMapTests
{
    private static Dataset Open(TemporaryFolder folder, DatasetOptions? options = null)
    {
        foreach (string mask in Directory.GetFiles(folder["masks"]))
            folder.Gray($"images/{Path.GetFileName(mask)}", 4, 1, 1, 2, 3, 4);
        return Dataset.Open(folder.Root, options);
    }

    private static string Problem(TemporaryFolder folder, DatasetOptions? options = null)
        => Assert.Throws<DatasetException>(() => Open(folder, options)).Message[(folder.Root.Length + 2)..];

    /// <summary>A mask written from the labels of sample 0 equals the file that was given.</summary>
    private static void Round_trip(TemporaryFolder folder, Dataset data, string mask)
    {
        LabelMap map = LabelMap.FromJson(data.Labels!.ToJson());
        Assert.Equal(data.Labels.ToString(), map.ToString());
        Picture again = map.ToPicture(data[0].Labels, 4, 1);
        Png.Write(folder["again.png"], again);
        PngImage given = Png.Read(folder[mask]), written = Png.Read(folder["again.png"]);
        Assert.Equal(given.Channels, written.Channels);
        Assert.Equal(given.MaxValue, written.MaxValue);
        Assert.Equal(given.ToStored(), written.ToStored());
        Assert.Equal(given.Indices, written.Indices);
        Assert.Equal(given.Palette, written.Palette);
    }

    [Fact]
    public void Black_and_white_become_0_and_1_and_back()
    {
        using TemporaryFolder folder = new();
        folder.Gray("masks/a.png", 4, 1, 0, 255, 255, 0);
        Dataset data = Open(folder);
        Assert.Equal("0 -> 0, 255 -> 1", data.Labels!.ToString());
        Assert.Equal([0, 1, 1, 0], data[0].Labels);
        Assert.Equal(["0", "255"], data.Classes);
        Round_trip(folder, data, "masks/a.png");
    }

    [Fact]
    public void Gaps_between_values_are_closed_over_all_masks()
    {
        using TemporaryFolder folder = new();
        folder.Gray("masks/a.png", 4, 1, 10, 40, 40, 10);
        folder.Gray("masks/b.png", 4, 1, 10, 20, 10, 20);
        Dataset data = Open(folder);
        Assert.Equal("10 -> 0, 20 -> 1, 40 -> 2", data.Labels!.ToString());
        Assert.Equal([0, 2, 2, 0], data[0].Labels);
        Assert.Equal([0, 1, 0, 1], data[1].Labels);
        Round_trip(folder, data, "masks/a.png");
    }

    [Fact]
    public void Values_of_16_bits_are_kept()
    {
        using TemporaryFolder folder = new();
        Png.Write(folder.At("masks/a.png"), Picture.FromUInt16([0, 1000, 60000, 0], 4, 1, 1));
        Dataset data = Open(folder);
        Assert.Equal("0 -> 0, 1000 -> 1, 60000 -> 2", data.Labels!.ToString());
        Round_trip(folder, data, "masks/a.png");
    }

    [Fact]
    public void A_palette_is_kept_with_the_colours_that_no_mask_uses()
    {
        using TemporaryFolder folder = new();
        folder.Palette("masks/a.png", 4, 1, [Files.Black, Files.Green, Files.Red, Files.White], 0, 2, 2, 3);
        Dataset data = Open(folder);
        Assert.Equal("0 (#000000) -> 0, 2 (#ff0000) -> 1, 3 (#ffffff) -> 2", data.Labels!.ToString());
        Assert.Equal([0, 1, 1, 2], data[0].Labels);
        Round_trip(folder, data, "masks/a.png");
    }

    [Fact]
    public void Palettes_that_disagree_are_told_apart_by_colour()
    {
        using TemporaryFolder folder = new();
        folder.Palette("masks/a.png", 4, 1, [Files.Black, Files.Red], 0, 1, 1, 0);
        folder.Palette("masks/b.png", 4, 1, [Files.Red, Files.Black, Files.Green], 0, 1, 2, 1);
        Dataset data = Open(folder);
        Assert.Equal("#000000 -> 0, #00ff00 -> 1, #ff0000 -> 2", data.Labels!.ToString());
        Assert.Equal([0, 2, 2, 0], data[0].Labels);
        Assert.Equal([2, 0, 1, 0], data[1].Labels);
    }

    [Fact]
    public void Colours_are_classes()
    {
        using TemporaryFolder folder = new();
        folder.Rgb("masks/a.png", 4, 1, 0, 0, 0, 0, 0, 255, 255, 0, 0, 0, 0, 255);
        Dataset data = Open(folder);
        Assert.Equal("#000000 -> 0, #0000ff -> 1, #ff0000 -> 2", data.Labels!.ToString());
        Assert.Equal([0, 1, 2, 1], data[0].Labels);
        Assert.Equal(["#000000", "#0000ff", "#ff0000"], data.Classes);
        Round_trip(folder, data, "masks/a.png");
    }

    [Fact]
    public void Masks_of_different_kinds_meet_in_their_colours()
    {
        using TemporaryFolder folder = new();
        folder.Gray("masks/a.png", 4, 1, 0, 255, 255, 0);
        folder.Rgb("masks/b.png", 4, 1, 255, 255, 255, 0, 0, 0, 0, 0, 0, 255, 255, 255);
        folder.Palette("masks/c.png", 4, 1, [Files.White, Files.Black], 0, 0, 1, 1);
        Dataset data = Open(folder);
        Assert.Equal("#000000 -> 0, #ffffff -> 1", data.Labels!.ToString());
        Assert.Equal([0, 1, 1, 0], data[0].Labels);
        Assert.Equal([1, 0, 0, 1], data[1].Labels);
        Assert.Equal([1, 1, 0, 0], data[2].Labels);
    }

    [Fact]
    public void One_bit_masks_agree_with_those_of_eight_bits()
    {
        using TemporaryFolder folder = new();
        // P1 writes black as 1; white is 255 in the map.
        folder.Text("masks/a.pbm", "P1 4 1 1 0 0 1\n");
        folder.Text("images/a.pgm", "P2 4 1 255 1 2 3 4\n");
        folder.Gray("masks/b.png", 4, 1, 255, 0, 255, 255);
        folder.Gray("images/b.png", 4, 1, 1, 2, 3, 4);
        Dataset data = Dataset.Open(folder.Root);
        Assert.Equal("0 -> 0, 255 -> 1", data.Labels!.ToString());
        Assert.Equal([0, 1, 1, 0], data[0].Labels);
    }

    [Fact]
    public void Class_255_beside_0_1_2_is_ignored()
    {
        using TemporaryFolder folder = new();
        folder.Gray("masks/a.png", 4, 1, 0, 1, 2, 255);
        Dataset data = Open(folder);
        Assert.Equal("0 -> 0, 1 -> 1, 2 -> 2, 255 -> ignored", data.Labels!.ToString());
        Assert.Equal([0, 1, 2, LabelMap.Ignored], data[0].Labels);
        Assert.Equal(3, data.Classes.Count);
        Round_trip(folder, data, "masks/a.png");
    }

    [Fact]
    public void Class_255_after_a_gap_is_a_class()
    {
        using TemporaryFolder folder = new();
        folder.Gray("masks/a.png", 4, 1, 0, 1, 3, 255);
        Assert.Equal("0 -> 0, 1 -> 1, 3 -> 2, 255 -> 3", Open(folder).Labels!.ToString());
    }

    [Fact]
    public void A_list_of_classes_beside_the_folders_names_and_orders_them()
    {
        using TemporaryFolder folder = new();
        folder.Gray("masks/a.png", 4, 1, 0, 9, 5, 0);
        folder.Text("classes.csv", "value,name,color,ignore\n0,ground,,\n5,water,#0000ff,\n7,wood,,\n9,unknown,,1\n");
        Dataset data = Open(folder);
        Assert.Equal(["ground", "water", "wood"], data.Classes);
        Assert.Equal("0 -> 0, 5 -> 1, 7 -> 2, 9 -> ignored", data.Labels!.ToString());
        Assert.Equal([0, -1, 1, 0], data[0].Labels);
        folder.Text("classes.csv", "0,ground\nfive,water\n");
        Assert.Equal($"{folder["classes.csv"]}: line 2 is 'five,water', expected value,name with a number or #rrggbb as value",
            Assert.Throws<FileFormatException>(() => Open(folder)).Message);
    }

    [Fact]
    public void Values_that_a_trained_map_does_not_know_are_listed()
    {
        using TemporaryFolder folder = new();
        folder.Gray("masks/a.png", 4, 1, 0, 255, 3, 7);
        folder.Gray("masks/b.png", 4, 1, 0, 255, 255, 0);
        Assert.Equal("1 mask with values that are not among 0 -> 0, 255 -> 1: a (3 7); correct the masks, or name the values as classes in classes.csv or dataset.json", Problem(folder, new() { Labels = new LabelMap(LabelKind.Value, [0, 255]) }));
    }

    [Fact]
    public void A_trained_map_fixes_the_classes_even_where_a_value_is_missing()
    {
        using TemporaryFolder folder = new();
        folder.Gray("masks/a.png", 4, 1, 255, 255, 255, 255);
        Assert.Equal([1, 1, 1, 1], Open(folder, new() { Labels = new LabelMap(LabelKind.Value, [0, 255]), Classes = ["no", "yes"] })[0].Labels);
    }

    [Fact]
    public void Masks_of_one_value_leave_nothing_to_learn()
    {
        using TemporaryFolder folder = new();
        folder.Gray("masks/a.png", 4, 1, 7, 7, 7, 7);
        Assert.Equal("all masks hold one value only (7); there is nothing to tell apart: give masks of two classes at least", Problem(folder));
    }

    [Fact]
    public void A_picture_taken_for_a_mask_is_refused()
    {
        using TemporaryFolder folder = new();
        ushort[] many = [.. Enumerable.Range(0, 400).Select(i => (ushort)i)];
        Png.Write(folder.At("masks/a.png"), Picture.FromUInt16(many, 20, 20, 1));
        folder.Gray("images/a.png", 20, 20, new byte[400]);
        Assert.Equal("1 mask with more than 256 different values: a; a mask has one flat value for each class "
            + "(numbered objects, photographs and resampled masks must be reduced to classes first)",
            Assert.Throws<DatasetException>(() => Dataset.Open(folder.Root)).Message[(folder.Root.Length + 2)..]);
    }

    [Fact]
    public void Volumes_give_back_the_values_they_had()
    {
        LabelMap map = new(LabelKind.Value, [-1, 0, 70000]);
        Assert.Equal([70000, -1, 0], map.ToRaw([2, 0, 1]));
        Assert.Equal("there is no class 3: the map is -1 -> 0, 0 -> 1, 70000 -> 2", Assert.Throws<InvalidArgumentException>(() => map.ToRaw(3)).Message);
        Assert.Equal("a gray picture holds values of 0 to 65535, the map is -1 -> 0, 0 -> 1, 70000 -> 2",
            Assert.Throws<InvalidArgumentException>(() => map.ToPicture([0], 1, 1)).Message);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"kind\":\"value\",\"values\":[1,1]}")]
    [InlineData("{\"kind\":\"palette\",\"values\":[0]}")]
    [InlineData("{\"kind\":\"palette\",\"values\":[1],\"palette\":[\"#00000000\"]}")]
    [InlineData("{\"kind\":\"hue\",\"values\":[0]}")]
    [InlineData("{\"kind\":\"color\",\"values\":[16777216]}")]
    [InlineData("{\"kind\":\"value\",\"values\":[1.5]}")]
    [InlineData("{\"kind\":\"value\",\"values\":3}")]
    [InlineData("not json")]
    public void Text_that_is_no_map_is_a_format_error(string json)
        => Assert.StartsWith("label map: this is not the JSON of a label map: ", Assert.Throws<FileFormatException>(() => LabelMap.FromJson(json)).Message);
}
