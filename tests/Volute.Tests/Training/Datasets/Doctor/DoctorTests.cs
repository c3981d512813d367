using System.Text.Json;
using Volute.Formats;
using Volute.Tests.Formats;
using Volute.Training;

namespace Volute.Tests.Training;

public class DoctorTests
{
    private static Finding Only(TemporaryFolder folder) => Assert.Single(Doctor.Examine(folder.Root).Findings);

    private static void Is(Finding finding, FindingSeverity severity, FindingKind kind, string message)
        => Assert.Equal((severity, kind, message), (finding.Severity, finding.Kind, finding.Message));

    private static void IsFault(Finding finding, FindingKind kind, string message) => Is(finding, FindingSeverity.Fault, kind, message);

    private static void IsWarning(Finding finding, FindingKind kind, string message) => Is(finding, FindingSeverity.Warning, kind, message);

    [Fact]
    public void Healthy_data_have_no_findings()
    {
        using TemporaryFolder pictures = HealthyData.Pictures(), volumes = HealthyData.Volumes();
        pictures.Pair("t", 100, "test/images", "test/masks");
        Assert.Equal($"{pictures.Root}: images/ with masks/, 7 cases\n\n0 faults, 0 warnings", Doctor.Examine(pictures.Root).ToString());
        Assert.Empty(Doctor.Examine(volumes.Root).Findings);
    }

    [Fact]
    public void Slices_of_a_membrane_have_no_faults_but_lie_aside_of_their_masks()
    {
        Diagnosis diagnosis = Doctor.Examine(SharedData.Path("membranes"));
        Assert.Equal((20, 0), (diagnosis.Cases, diagnosis.Faults));
        Finding aside = Assert.Single(diagnosis.Findings);
        Assert.Equal((FindingKind.ShiftedMasks, "pictures lie aside of their masks: 0.53 pixels below and 0.21 to the right"), (aside.Kind, aside.Message));
    }

    [Fact]
    public void Ten_planted_faults_are_all_named_in_one_run()
    {
        using TemporaryFolder folder = HealthyData.Pictures();
        folder.Text("classes.csv", "0,background\n1,cell\n");
        folder.Gray("images/lonely.png", 16, 16, HealthyData.Noise(20));                                          // 1
        folder.Gray("images/photo.png", 16, 16, HealthyData.Noise(21));
        folder.Text("masks/photo.jpg", "");                                                                       // 2
        folder.Text("images/torn.png", "no picture");                                                             // 3
        folder.Gray("masks/torn.png", 16, 16, HealthyData.HalfMask());
        folder.Text("images/scan.dcm", "");                                                                       // 4
        folder.Gray("masks/scan.png", 16, 16, HealthyData.HalfMask());
        folder.Gray("images/small.png", 16, 16, HealthyData.Noise(22));
        folder.Gray("masks/small.png", 8, 8, new byte[64]);                                                       // 5
        folder.Rgb("images/colour.png", 16, 16, HealthyData.Noise(23, 3 * 256));                                  // 6
        folder.Gray("masks/colour.png", 16, 16, HealthyData.HalfMask());
        folder.Gray("images/odd.png", 16, 16, HealthyData.Noise(24));
        folder.Gray("masks/odd.png", 16, 16, HealthyData.HalfMask(7));                                            // 7
        Netpbm.Write(folder["images/s0.pgm"], Picture.FromBytes(HealthyData.Noise(25), 16, 16, 1));               // 8
        folder.Pair("seen", 1, "test/images", "test/masks");                                                      // 9
        folder.Pair("sibling", 30, "test/images", "test/masks");                                                  // 10
        folder.Text("groups.csv", "case,group\ns0,a\ns1,b\ns2,c\ns3,d\ns4,e\ns5,f\nphoto,g\ntorn,h\nscan,i\nsmall,j\ncolour,k\nodd,l\nsibling,f\n");
        string[] before = [.. Directory.EnumerateFiles(folder.Root, "*", SearchOption.AllDirectories).Select(f => $"{f} {File.GetLastWriteTimeUtc(f).Ticks}").Order()];

        Diagnosis diagnosis = Doctor.Examine(folder.Root);

        (FindingKind Kind, string Named)[] planted =
        [
            (FindingKind.UnmatchedFiles, "lonely"), (FindingKind.JpegMask, "photo.jpg"), (FindingKind.DamagedFile, "torn.png"), (FindingKind.ForeignFormat, "scan.dcm"),
            (FindingKind.SizeDiffers, "small"), (FindingKind.ChannelsDiffer, "colour"), (FindingKind.UnknownLabel, "odd (7)"), (FindingKind.AmbiguousName, "s0.pgm"),
            (FindingKind.Leak, "s1 = seen"), (FindingKind.SplitGroup, "f"),
        ];
        string text = diagnosis.ToString();
        JsonElement json = JsonDocument.Parse(diagnosis.ToJson()).RootElement;
        foreach ((FindingKind kind, string named) in planted)
        {
            Finding[] found = [.. diagnosis.Findings.Where(f => f.Kind == kind && f.Severity == FindingSeverity.Fault)];
            Finding finding = found.Length == 1 ? found[0] : throw new InvalidOperationException($"{kind}: {string.Join("\n", found.AsEnumerable())}");
            Assert.Contains(named, finding.Message);
            Assert.True(finding.Cure.Length > 10 && finding.Files.Count > 0);
            Assert.Contains($"\nfault, {finding.KindName}: {finding.Message}\n  cure: {finding.Cure}\n", text);
            JsonElement one = Assert.Single(json.GetProperty("findings").EnumerateArray(), f => f.GetProperty("kind").GetString() == finding.KindName);
            Assert.Equal(("fault", finding.Message, finding.Cure), (one.GetProperty("severity").GetString(), one.GetProperty("message").GetString(), one.GetProperty("cure").GetString()));
            Assert.Equal(finding.Files, one.GetProperty("files").EnumerateArray().Select(f => f.GetString()!));
        }
        Assert.Equal(10, diagnosis.Faults);
        Assert.EndsWith($"\n10 faults, {diagnosis.Warnings} warning{(diagnosis.Warnings == 1 ? "" : "s")}", text);
        Assert.Equal((10, diagnosis.Warnings, diagnosis.Cases), (json.GetProperty("faults").GetInt32(), json.GetProperty("warnings").GetInt32(), json.GetProperty("cases").GetInt32()));
        Assert.Equal((folder.Root, "images/ with masks/"), (json.GetProperty("data").GetString(), json.GetProperty("layout").GetString()));
        Assert.Equal(before, Directory.EnumerateFiles(folder.Root, "*", SearchOption.AllDirectories).Select(f => $"{f} {File.GetLastWriteTimeUtc(f).Ticks}").Order());
        // What hinders opening is the same, but for what only judges' scores suffer from.
        Assert.Equal(8, Assert.Throws<DatasetException>(() => Dataset.Open(folder.Root)).Problems.Count);
    }

    [Fact]
    public void A_folder_of_no_known_layout_is_a_finding_but_no_folder_is_an_error()
    {
        using TemporaryFolder folder = new();
        folder.Text("notes.txt", "");
        Assert.StartsWith("no known layout, only 1 file (notes.txt)", Only(folder).Message);
        Assert.Equal("unknown", Doctor.Examine(folder.Root).Layout);
        Assert.Throws<DatasetException>(() => Doctor.Examine(folder["nothing"]));
    }

    [Fact]
    public void A_damaged_file_of_packed_images_is_a_finding()
    {
        using TemporaryFolder folder = new();
        folder.Text("train-images-idx3-ubyte", "x");
        folder.Text("train-labels-idx1-ubyte", "x");
        Assert.Equal(FindingKind.DamagedFile, Only(folder).Kind);
        Assert.Equal([folder["train-images-idx3-ubyte"]], Only(folder).Files);
    }

    [Fact]
    public void Other_spacing_of_a_mask_is_a_fault()
    {
        using TemporaryFolder folder = HealthyData.Volumes();
        folder.Volume("labelsTr/v1.nii.gz", [.. Enumerable.Repeat(HealthyData.HalfMask(), 4).SelectMany(m => m)], z: 2.5);
        IsFault(Only(folder), FindingKind.SpacingDiffers, "1 mask has not the image's spacing: v1 (image 1 x 1 x 3 mm, mask 1 x 1 x 2.5 mm)");
        Assert.StartsWith($"{folder.Root}: 1 mask has not the image's spacing", Assert.Throws<DatasetException>(() => Dataset.Open(folder.Root)).Message);
    }

    [Fact]
    public void Another_place_or_orientation_of_a_mask_is_a_warning_and_a_hair_of_it_is_none()
    {
        using TemporaryFolder folder = HealthyData.Volumes();
        byte[] labels = [.. Enumerable.Repeat(HealthyData.HalfMask(), 4).SelectMany(m => m)];
        folder.Volume("labelsTr/v0.nii.gz", labels, x: 0.005);
        folder.Volume("labelsTr/v1.nii.gz", labels, x: 12.5);
        IsWarning(Only(folder), FindingKind.PlacementDiffers, "1 mask has another place or orientation than the image: v1 (image at (0, 0, 0) mm, mask at (12.5, 0, 0) mm)");
        Assert.Equal(FindingKind.PlacementDiffers, Assert.Single(Dataset.Open(folder.Root).Warnings).Kind);
        Nifti.Write(folder["labelsTr/v1.nii.gz"], new NiftiVolume(NumberArray.From(labels, 4, 16, 16), new double[,] { { -1, 0, 0, 0 }, { 0, -1, 0, 0 }, { 0, 0, 3, 0 }, { 0, 0, 0, 1 } }));
        IsWarning(Only(folder), FindingKind.PlacementDiffers, "1 mask has another place or orientation than the image: v1 (image RAS, mask LPS)");
    }

    [Fact]
    public void Interpolated_masks_are_told_from_damaged_ones()
    {
        using TemporaryFolder folder = HealthyData.Volumes();
        float[] labels = [.. Enumerable.Range(0, 4 * 256).Select(i => i % 16 < 8 ? 1 : i % 16 == 8 ? 0.5f : 0)];
        Nifti.Write(folder["labelsTr/v2.nii.gz"], new NiftiVolume(NumberArray.From(labels, 4, 16, 16), new double[,] { { 1, 0, 0, 0 }, { 0, 1, 0, 0 }, { 0, 0, 3, 0 }, { 0, 0, 0, 1 } }));
        Assert.Equal((FindingSeverity.Fault, FindingKind.NonIntegerLabel), (Only(folder).Severity, Only(folder).Kind));
        Assert.Contains("voxel (8, 0, 0) is 0.5, which is no label", Only(folder).Message);
        File.WriteAllBytes(folder["labelsTr/v2.nii.gz"], [1, 2, 3]);
        Assert.Equal((FindingSeverity.Fault, FindingKind.DamagedFile), (Only(folder).Severity, Only(folder).Kind));
    }

    [Fact]
    public void Masks_of_too_many_values_are_a_fault()
    {
        using TemporaryFolder folder = HealthyData.Pictures();
        Png.Write(folder["masks/s3.png"], Picture.FromUInt16([.. Enumerable.Range(0, 256).Select(i => (ushort)(i * 3))], 16, 16, 1));
        Png.Write(folder["masks/s4.png"], Picture.FromUInt16([.. Enumerable.Range(0, 256).Select(i => (ushort)(i * 3 + 1))], 16, 16, 1));
        Assert.Contains(Doctor.Examine(folder.Root).Findings, f => f.Kind == FindingKind.NoClasses && f.Severity == FindingSeverity.Fault);
    }

    [Fact]
    public void Empty_and_filled_masks_are_warnings()
    {
        using TemporaryFolder folder = HealthyData.Pictures();
        folder.Gray("masks/s2.png", 16, 16, new byte[256]);
        folder.Gray("masks/s4.png", 16, 16, [.. Enumerable.Repeat((byte)1, 256)]);
        Finding[] found = [.. Doctor.Examine(folder.Root).Findings];
        Assert.Equal(2, found.Length);
        IsWarning(found[0], FindingKind.SingleValueMask, "1 mask with only background: s2");
        IsWarning(found[1], FindingKind.SingleValueMask, "1 mask with one class only, and no background: s4");
    }

    [Fact]
    public void Infinities_are_a_fault_and_nan_is_a_warning()
    {
        using TemporaryFolder folder = new();
        for (int i = 0; i < 6; i++)
        {
            float[] values = [.. HealthyData.Noise(i).Select(v => (float)v)];
            values[7] = i switch { 1 => float.PositiveInfinity, 2 => float.NaN, _ => values[7] };
            Npy.Write(folder.At($"images/s{i}.npy"), NumberArray.From(values, 16, 16));
            folder.Gray($"masks/s{i}.png", 16, 16, HealthyData.HalfMask());
        }
        Finding[] found = [.. Doctor.Examine(folder.Root).Findings];
        Assert.Equal(2, found.Length);
        IsFault(found[0], FindingKind.NotFinite, "1 image with infinite values: s1");
        IsWarning(found[1], FindingKind.NotFinite, "1 image with NaN: s2");
    }

    [Fact]
    public void Constant_images_are_a_warning()
    {
        using TemporaryFolder folder = HealthyData.Pictures();
        folder.Gray("images/s3.png", 16, 16, [.. Enumerable.Repeat((byte)9, 256)]);
        IsWarning(Only(folder), FindingKind.ConstantImage, "1 image of one value everywhere: s3");
    }

    [Fact]
    public void Copies_are_a_warning_and_a_fault_where_their_masks_differ()
    {
        using TemporaryFolder folder = HealthyData.Pictures();
        Netpbm.Write(folder["images/copy.pgm"], Picture.FromBytes(HealthyData.Noise(2), 16, 16, 1));
        folder.Gray("masks/copy.png", 16, 16, HealthyData.HalfMask());
        IsWarning(Only(folder), FindingKind.Duplicate, "1 picture under several names, which have the same answers: copy = s2");
        folder.Gray("masks/copy.png", 16, 16, [.. HealthyData.HalfMask().Reverse()]);
        IsFault(Only(folder), FindingKind.Duplicate, "1 picture under several names, which differ in their answers: copy = s2");
    }

    [Fact]
    public void Copies_in_two_classes_are_a_fault()
    {
        using TemporaryFolder folder = new();
        for (int i = 0; i < 6; i++)
            folder.Gray($"{(i < 3 ? "cat" : "dog")}/{i}.png", 16, 16, HealthyData.Noise(i));
        Assert.Empty(Doctor.Examine(folder.Root).Findings);
        folder.Gray("dog/x.png", 16, 16, HealthyData.Noise(0));
        IsFault(Only(folder), FindingKind.Duplicate, "1 picture under several names, which differ in their answers: cat/0 = dog/x");
    }

    [Fact]
    public void Nearly_the_same_picture_on_both_sides_is_a_warning()
    {
        using TemporaryFolder folder = HealthyData.Pictures();
        byte[] brighter = [.. HealthyData.Noise(2).Select(v => (byte)(v / 2 + 60))];
        folder.Gray("images/near.png", 16, 16, brighter);
        folder.Gray("masks/near.png", 16, 16, HealthyData.HalfMask());
        IsWarning(Only(folder), FindingKind.NearDuplicate, "1 pair of nearly the same picture that a split may separate: near ~ s2");
        folder.Text("groups.csv", string.Concat(Enumerable.Range(0, 6).Select(i => $"s{i},{i}\n")) + "near,2\n");
        Assert.Empty(Doctor.Examine(folder.Root).Findings);
        folder.Gray("test/images/bright.png", 16, 16, [.. HealthyData.Noise(4).Select(v => (byte)(v / 2 + 60))]);
        folder.Gray("test/masks/bright.png", 16, 16, HealthyData.HalfMask());
        IsWarning(Only(folder), FindingKind.NearDuplicate, "1 pair of nearly the same picture in training and in the test: s4 ~ bright");
    }

    [Fact]
    public void Groups_that_names_show_on_both_sides_are_a_warning()
    {
        using TemporaryFolder folder = new();
        for (int i = 0; i < 8; i++)
            folder.Pair($"p{i / 2}_{i % 2}", i);
        folder.Pair("p3_9", 50, "test/images", "test/masks");
        IsWarning(Only(folder), FindingKind.SplitGroup, "training and the test have samples of 1 group that names show both: p3");
    }

    [Fact]
    public void Gaps_between_labels_are_a_warning_but_gray_levels_are_not()
    {
        using TemporaryFolder folder = HealthyData.Pictures();
        for (int i = 0; i < 3; i++)
            folder.Gray($"masks/s{i}.png", 16, 16, HealthyData.HalfMask(3));
        IsWarning(Only(folder), FindingKind.LabelGap, "mask values 0, 1, 3 leave out 2");
        for (int i = 0; i < 6; i++)
            folder.Gray($"masks/s{i}.png", 16, 16, HealthyData.HalfMask((byte)(i < 3 ? 128 : 255)));
        Assert.Empty(Doctor.Examine(folder.Root).Findings);
    }

    [Fact]
    public void Classes_of_few_pixels_few_cases_or_none_are_warnings()
    {
        using TemporaryFolder folder = HealthyData.Pictures();
        folder.Text("classes.csv", "0,background\n1,cell\n2,nucleus\n3,wall\n");
        for (int i = 0; i < 2; i++)
            folder.Gray($"masks/s{i}.png", 16, 16, [2, .. HealthyData.HalfMask()[1..]]);
        Finding[] found = [.. Doctor.Examine(folder.Root).Findings];
        Assert.Equal(2, found.Length);
        IsWarning(found[0], FindingKind.RareClass, "class nucleus (value 2) has 0.1302% of the pixels, in 2 of 6 masks");
        IsWarning(found[1], FindingKind.RareClass, "class wall (value 3) is in none of the 6 masks");
    }

    [Fact]
    public void Few_samples_are_a_warning()
    {
        using TemporaryFolder folder = new();
        for (int i = 0; i < 4; i++)
            folder.Pair($"s{i}", i);
        IsWarning(Only(folder), FindingKind.TooFewSamples, "there are 4 samples to train on and to validate with");
        using TemporaryFolder classes = new();
        for (int i = 0; i < 8; i++)
            classes.Gray($"{(i < 6 ? "cat" : "dog")}/{i}.png", 16, 16, HealthyData.Noise(i));
        IsWarning(Only(classes), FindingKind.RareClass, "1 class of hardly any samples: dog (2)");
    }

    [Fact]
    public void Pictures_and_volumes_or_channels_of_two_sizes_are_faults()
    {
        using TemporaryFolder folder = HealthyData.Volumes();
        folder.Text("dataset.json", """{"channel_names":{"0":"CT","1":"PET"},"labels":{"background":0,"liver":1}}""");
        for (int i = 0; i < 5; i++)
            folder.Volume($"imagesTr/v{i}_0001.nii.gz", HealthyData.Noise(10 + i, 4 * 256));
        Assert.Empty(Doctor.Examine(folder.Root).Findings);
        Nifti.Write(folder["imagesTr/v3_0001.nii.gz"], NiftiVolume.FromSpacing(NumberArray.From(HealthyData.Noise(13, 2 * 256), 2, 16, 16), 1, 1, 3));
        IsFault(Only(folder), FindingKind.SizeDiffers, "the channels of v3 differ in size: 4 x 16 x 16 and 2 x 16 x 16");
        using TemporaryFolder mixed = HealthyData.Pictures();
        mixed.Volume("images/v.nii", HealthyData.Noise(1, 4 * 256));
        mixed.Volume("masks/v.nii", [.. Enumerable.Repeat(HealthyData.HalfMask(), 4).SelectMany(m => m)]);
        IsFault(Only(mixed), FindingKind.DimensionsDiffer, "6 images have 2 axes (a picture), 1 has 3 axes (a volume): v");
    }
}
