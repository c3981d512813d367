using System.Buffers.Binary;
using System.IO.Compression;
using Volute.Formats;

namespace Volute.Tests.Formats.NiftiFiles;

public class NiftiTests
{
    private static readonly double[,] Slanted = { { 0, -2, 0, 10 }, { 1.5, 0, 0, -20 }, { 0, 0, 3, 30.5 }, { 0, 0, 0, 1 } };

    private static byte[] Write(NiftiVolume volume, string name = "a.nii")
    {
        using TemporaryFolder folder = new();
        Nifti.Write(folder[name], volume);
        return File.ReadAllBytes(folder[name]);
    }

    private static NiftiVolume Read(byte[] file) => Nifti.Read(new MemoryStream(file));

    private static string Refusal(byte[] file) => Assert.Throws<FileFormatException>(() => Read(file)).Message;

    private static NiftiVolume Small() => new(NumberArray.From<short>([.. Enumerable.Range(0, 24).Select(i => (short)(i * 37 - 300))], 2, 3, 4), Slanted, 2, -1);

    private static byte[] Gzip(byte[] data)
    {
        MemoryStream memory = new();
        using (GZipStream gzip = new(memory, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(data);
        return memory.ToArray();
    }

    private static byte[] With(byte[] file, int at, params byte[] value)
    {
        byte[] changed = [.. file];
        value.CopyTo(changed, at);
        return changed;
    }

    private static byte[] Float(float value) => BitConverter.GetBytes(value);

    [Fact]
    public void Volumes_of_every_type_survive_writing_and_reading()
    {
        foreach (string name in (string[])["a.nii", "a.nii.gz"])
            foreach (NumberArray voxels in (NumberArray[])
                [NumberArray.From<float>([1.5f, -2, float.MaxValue, 0, 1, 2], 1, 2, 3), NumberArray.From<short>([1, -2, 3, 4], 2, 2, 1), NumberArray.From<byte>([0, 255], 1, 1, 1, 2),
                    NumberArray.From<double>([Math.PI], 1), NumberArray.From<int>([int.MinValue, 5], 2, 1), NumberArray.From<ulong>([3], 1), NumberArray.From<bool>([true, false], 2)])
            {
                NiftiVolume back = Read(Write(new NiftiVolume(voxels, Slanted), name));
                Assert.Equal(voxels.Type == NumberType.Bool ? NumberType.UInt8 : voxels.Type, back.Voxels.Type);
                Assert.Equal(voxels.Shape.ToArray(), back.Voxels.Shape.ToArray());
                Assert.Equal(voxels.ToDoubles(), back.Voxels.ToDoubles());
                Assert.Equal(Slanted, back.Affine);
                Assert.Equal([1.5, 2, 3], back.Spacing.ToArray());
            }
        NiftiVolume scaled = Read(Write(Small()));
        Assert.Equal((2.0, -1.0), (scaled.Slope, scaled.Intercept));
        Assert.Equal(-601f, scaled.ToFloats()[0]);
        Assert.Equal([2.5, 2, 1], NiftiVolume.FromSpacing(NumberArray.From<byte>([1], 1), 2.5, 2, 1).Spacing.ToArray());
    }

    [Fact]
    public void A_big_endian_file_equals_its_little_endian_twin()
    {
        byte[] little = Write(Small()), big = [.. little];
        void Swap(int at, int size, int count)
        {
            for (int i = 0; i < count; i++)
                big.AsSpan(at + i * size, size).Reverse();
        }
        Swap(0, 4, 1);
        Swap(40, 2, 8);
        Swap(70, 2, 2);
        Swap(76, 4, 11);
        Swap(252, 2, 2);
        Swap(256, 4, 18);
        Swap(352, 2, 24);
        NiftiVolume a = Read(little), b = Read(big);
        Assert.Equal(a.ToFloats(), b.ToFloats());
        Assert.Equal(a.Voxels.Shape.ToArray(), b.Voxels.Shape.ToArray());
        Assert.Equal(a.Affine, b.Affine);
        Assert.Equal(a.Spacing.ToArray(), b.Spacing.ToArray());
    }

    [Fact]
    public void Without_sform_the_qform_places_the_volume_and_without_both_it_is_centred_with_x_to_the_left()
    {
        byte[] file = With(Write(Small()), 254, 0, 0);
        Assert.Equal(new[,] { { -1.5, 0, 0, 2.25 }, { 0, 2, 0, -2 }, { 0, 0, 3, -1.5 }, { 0, 0, 0, 1 } }, Read(file).Affine);
        // A quarter turn about z, (a, d) = (cos 45°, sin 45°), and z mirrored: i goes to +y, j to −x.
        byte[] turned = With(With(With(file, 252, 1, 0), 76, Float(-1)), 256, [.. Float(0), .. Float(0), .. Float(0.70710677f), .. Float(7), .. Float(8), .. Float(9)]);
        double[,] affine = Read(turned).Affine, expected = { { 0, -2, 0, 7 }, { 1.5, 0, 0, 8 }, { 0, 0, -3, 9 }, { 0, 0, 0, 1 } };
        for (int i = 0; i < 16; i++)
            Assert.Equal(expected[i / 4, i % 4], affine[i / 4, i % 4], 1e-6);
    }

    [Fact]
    public void What_other_readers_repair_is_repaired()
    {
        byte[] file = Write(Small());
        Assert.Equal((1.0, 0.0), (Read(With(file, 112, Float(0))).Slope, Read(With(file, 112, Float(float.NaN))).Intercept));
        Assert.Equal(Read(file).ToFloats(), Read(With(file, 108, Float(0))).ToFloats());
        Assert.Equal([1, 2, 3], Read(With(file, 80, Float(float.NaN))).Spacing.ToArray());
        Assert.Equal(3, Read(With(file, 280, Float(float.NaN))).Affine[2, 2]);
    }

    [Fact]
    public void A_header_that_breaks_a_rule_is_refused()
    {
        byte[] file = Write(Small());
        Assert.Contains("the number of axes (dim[0]) is 0", Refusal(With(file, 40, 0, 0)));
        Assert.Contains("the number of axes (dim[0]) is 8", Refusal(With(file, 40, 8, 0)));
        Assert.Contains("the number of axes (dim[0]) is -1", Refusal(With(file, 40, 255, 255)));
        Assert.Contains("axis 1 has size 0 (dim[1])", Refusal(With(file, 42, 0, 0)));
        Assert.Contains("axis 2 has size -1 (dim[2])", Refusal(With(file, 44, 255, 255)));
        Assert.Contains("vox_offset is NaN", Refusal(With(file, 108, Float(float.NaN))));
        Assert.Contains("vox_offset is -1", Refusal(With(file, 108, Float(-1))));
        Assert.Contains("vox_offset is 1E+30", Refusal(With(file, 108, Float(1e30f))));
        Assert.Contains("vox_offset is 352.5", Refusal(With(file, 108, Float(352.5f))));
        Assert.Contains("bitpix is 8, but datatype 4 (Int16) has 16 bits", Refusal(With(file, 72, 8)));
        Assert.Contains("datatype 3 (unknown)", Refusal(With(file, 70, 3)));
        Assert.Contains("datatype 32 (complex64)", Refusal(With(file, 70, 32)));
        Assert.Contains("pair (.hdr and .img)", Refusal(With(file, 344, [.. "ni1\0"u8])));
        Assert.Contains("this is not a NIfTI-2 file: its magic is not n+2", Refusal([.. With(file, 0, 0x1C, 2), .. new byte[200]]));
        Assert.Contains("does not begin with the header's length 348", Refusal(new byte[400]));
        Assert.Contains("the file ends within the header behind its length: 96 of 344 bytes", Refusal(file[..100]));
        Assert.Contains("bytes follow the voxels", Refusal([.. file, 0]));
        byte[] huge = [4, 0, 0xFF, 0x7F, 0xFF, 0x7F, 0xFF, 0x7F, 0xFF, 0x7F];
        Assert.Throws<LimitException>(() => Read(With(With(file, 40, huge), 70, 64, 0, 64, 0)));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("the file has at most 48 left", Refusal(With(file, 40, 3, 0, 0xFF, 0x03, 0xFF, 0x03, 0xFF, 0x03)));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000);
    }

    [Fact]
    public void Extensions_before_the_voxels_are_passed()
    {
        byte[] file = Write(Small());
        byte[] extended = [.. With(file[..352], 108, Float(384)), .. new byte[32], .. file.AsSpan(352)];
        Assert.Equal(Read(file).ToFloats(), Read(extended).ToFloats());
    }

    [Fact]
    public void A_compressed_file_that_is_cut_goes_on_or_swells_is_refused()
    {
        short[] noise = [.. Enumerable.Range(0, 20_000).Select(i => (short)(i * 7919 % 9973))];
        byte[] file = Write(NiftiVolume.FromSpacing(NumberArray.From(noise, 20, 20, 50), 1, 1, 1), "a.nii.gz");
        Assert.Equal(20_000, Read(file).Voxels.Count);
        foreach (int cut in (int[])[1, 4, 8, 9, 5000])
            Assert.Throws<FileFormatException>(() => Read(file[..^cut]));
        Assert.Throws<FileFormatException>(() => Read([]));
        Assert.Throws<FileFormatException>(() => Read([.. file, 1, 2, 3]));
        byte[] bomb = Gzip([.. Write(Small()), .. new byte[50_000_000]]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("bytes follow the voxels", Refusal(bomb));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000);
    }

    [Fact]
    public void Volumes_that_the_format_cannot_hold_are_refused()
    {
        NumberArray one = NumberArray.From<byte>([1], 1);
        Assert.Contains("spacing needs three positive numbers", Assert.Throws<InvalidArgumentException>(() => NiftiVolume.FromSpacing(one, 1, 0, 1)).Message);
        Assert.Contains("map different voxels to different places", Assert.Throws<InvalidArgumentException>(() => new NiftiVolume(one, new double[4, 4] { { 1, 0, 0, 0 }, { 0, 1, 0, 0 }, { 0, 0, 0, 0 }, { 0, 0, 0, 1 } })).Message);
        Assert.Contains("a 4 x 4 matrix", Assert.Throws<InvalidArgumentException>(() => new NiftiVolume(one, new double[3, 4])).Message);
        Assert.Contains("1 to 7 axes", Assert.Throws<InvalidArgumentException>(() => new NiftiVolume(NumberArray.From<byte>([1]), Slanted)).Message);
        Assert.Contains("slope must be finite", Assert.Throws<InvalidArgumentException>(() => new NiftiVolume(one, Slanted, 0)).Message);
        Assert.Contains("32767", Assert.Throws<LimitException>(() => Write(new NiftiVolume(NumberArray.From(new byte[40_000], 40_000), Slanted))).Message);
        Assert.Contains("NIfTI has no Float16", Assert.Throws<InvalidArgumentException>(() => Write(new NiftiVolume(NumberArray.From<Half>([Half.One], 1), Slanted))).Message);
    }

    [Fact]
    public void A_cut_or_altered_file_gives_a_volume_or_a_declared_error()
    {
        byte[] plain = Write(Small()), packed = Gzip(plain);
        void ReadAll(Stream stream) => Nifti.Read(stream).ToFloats();
        foreach (byte[] seed in (byte[][])[plain, packed])
        {
            Hostile.Every_truncation_fails(seed, ReadAll);
            Assert.InRange(Hostile.Every_flipped_bit_is_read_or_refused(seed, ReadAll), 100, 8 * seed.Length);
        }
    }
}
