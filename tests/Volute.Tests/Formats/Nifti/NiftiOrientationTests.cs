using Volute.Formats;

namespace Volute.Tests.Formats.NiftiFiles;

public class NiftiOrientationTests
{
    private const string Right = "RLAPSI";

    private static readonly string[] AllCodes = [.. from a in Right from b in Right from c in Right
        where new[] { a, b, c }.Select(l => Right.IndexOf(l) / 2).Distinct().Count() == 3 select $"{a}{b}{c}"];

    /// <summary>An affine whose axes lead where the codes say, turned by a few degrees.</summary>
    private static double[,] Affine(string codes)
    {
        double[,] slant = { { 0.98, -0.15, 0.1 }, { 0.16, 0.98, -0.08 }, { -0.09, 0.1, 0.99 } }, affine = new double[4, 4];
        for (int axis = 0; axis < 3; axis++)
            for (int row = 0; row < 3; row++)
                affine[row, axis] = (axis + 1.5) * slant[row, Right.IndexOf(codes[axis]) / 2] * (Right.IndexOf(codes[axis]) % 2 == 0 ? 1 : -1);
        (affine[0, 3], affine[1, 3], affine[2, 3], affine[3, 3]) = (5, -7, 11, 1);
        return affine;
    }

    /// <summary>Every value with its place in space, sorted: what a flip must not change.</summary>
    private static string Places(NiftiVolume volume)
    {
        ReadOnlySpan<int> shape = volume.Voxels.Shape;
        double[] values = volume.Voxels.ToDoubles();
        double[,] a = volume.Affine;
        List<string> places = [];
        for (int n = 0; n < values.Length; n++)
        {
            int i = n % shape[^1], j = n / shape[^1] % shape[^2], k = n / shape[^1] / shape[^2] % shape[^3];
            places.Add(string.Join(' ', Enumerable.Range(0, 3).Select(r => Math.Round(a[r, 0] * i + a[r, 1] * j + a[r, 2] * k + a[r, 3], 6) + 0.0)) + " " + values[n]);
        }
        return string.Join('\n', places.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void All_48_orientations_are_told_and_reached_from_each_other_without_moving_a_voxel()
    {
        Assert.Equal(48, AllCodes.Length);
        int number = 0;
        foreach (string codes in AllCodes)
        {
            NiftiVolume volume = new(NumberArray.From([.. Enumerable.Range(0, 48).Select(i => (short)i)], 2, 2, 3, 4), Affine(codes), 2, 1);
            Assert.Equal(codes, volume.AxisCodes);
            string target = AllCodes[(number += 7) % 48];
            NiftiVolume turned = volume.Reorient(target);
            Assert.Equal(target, turned.AxisCodes);
            Assert.Equal((2.0, 1.0), (turned.Slope, turned.Intercept));
            Assert.Equal(Places(volume), Places(turned));
            NiftiVolume back = turned.Reorient(codes);
            Assert.Equal(volume.Voxels.ToDoubles(), back.Voxels.ToDoubles());
            Assert.Equal(volume.Spacing.ToArray(), back.Spacing.ToArray());
            for (int i = 0; i < 16; i++)
                Assert.Equal(volume.Affine[i / 4, i % 4], back.Affine[i / 4, i % 4], 1e-12);
        }
    }

    [Fact]
    public void Numbers_of_every_size_and_volumes_of_few_axes_are_turned()
    {
        double[,] mirrored = { { -1, 0, 0, 0 }, { 0, 1, 0, 0 }, { 0, 0, 1, 0 }, { 0, 0, 0, 1 } };
        foreach (NumberArray row in (NumberArray[])[NumberArray.From<byte>([1, 2, 3], 3), NumberArray.From<short>([1, 2, 3], 3), NumberArray.From<float>([1, 2, 3], 3), NumberArray.From<double>([1, 2, 3], 3)])
        {
            NiftiVolume turned = new NiftiVolume(row, mirrored).ToCanonical();
            Assert.Equal([3, 2, 1], turned.Voxels.ToDoubles());
            Assert.Equal([1, 1, 3], turned.Voxels.Shape.ToArray());
            Assert.Equal(-2, turned.Affine[0, 3]);
        }
    }

    [Fact]
    public void The_header_follows_and_the_file_says_the_same()
    {
        using TemporaryFolder folder = new();
        Nifti.Write(folder["a.nii"], new NiftiVolume(NumberArray.From(new byte[24], 2, 3, 4), Affine("PIR")));
        byte[] file = File.ReadAllBytes(folder["a.nii"]);
        // Frequency along x, phase along z, slices along y; a qform.
        file[39] = 1 | 3 << 2 | 2 << 4;
        file[252] = 2;
        NiftiVolume volume = Nifti.Read(new MemoryStream(file)), canonical = volume.ToCanonical();
        Nifti.Write(folder["b.nii"], canonical);
        NiftiVolume back = Nifti.Read(folder["b.nii"]);
        byte[] turned = File.ReadAllBytes(folder["b.nii"]);
        Assert.Equal("RAS", back.AxisCodes);
        Assert.Equal(canonical.Spacing.ToArray(), back.Spacing.ToArray());
        // x was y, y was z, z was x.
        Assert.Equal((2 | 1 << 2 | 3 << 4, 0, 2), (turned[39], turned[252], turned[254]));
        for (int i = 0; i < 12; i++)
            Assert.Equal(canonical.Affine[i / 4, i % 4], back.Affine[i / 4, i % 4], 1e-5);
    }

    [Fact]
    public void Codes_that_are_none_and_affines_that_lead_nowhere_are_refused()
    {
        NiftiVolume volume = NiftiVolume.FromSpacing(NumberArray.From<byte>([1], 1), 1, 1, 1);
        foreach (string codes in (string[])["", "RA", "RAX", "RLA", "ras", "RASS"])
            Assert.Contains($"in any order (RAS, LPS, PIR), got '{codes}'", Assert.Throws<InvalidArgumentException>(() => volume.Reorient(codes)).Message);
        using TemporaryFolder folder = new();
        Nifti.Write(folder["a.nii"], volume);
        byte[] file = File.ReadAllBytes(folder["a.nii"]);
        // srow_z all 0: the third axis leads nowhere.
        file.AsSpan(312, 16).Clear();
        NiftiVolume flat = Nifti.Read(new MemoryStream(file));
        Assert.Equal("RA-", flat.AxisCodes);
        Assert.Equal("stream has an affine that maps different voxels to one place: its axes lead to RA-; give it an invertible one",
            Assert.Throws<InvalidArgumentException>(flat.ToCanonical).Message);
    }
}
