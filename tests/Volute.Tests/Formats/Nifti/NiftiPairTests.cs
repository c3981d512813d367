using System.Buffers.Binary;
using System.IO.Compression;
using Volute.Formats;

namespace Volute.Tests.Formats.NiftiFiles;

/// <summary>Headers and voxels in two files, extensions, NIfTI-2.</summary>
public class NiftiPairTests
{
    private static NiftiVolume Small(int version = 1) => new(NumberArray.From<short>([.. Enumerable.Range(0, 24).Select(i => (short)(i * 37 - 300))], 2, 3, 4),
        new[,] { { 0, -2, 0, 10 }, { 1.5, 0, 0, -20 }, { 0, 0, 3, 30.5 }, { 0, 0, 0, 1 } }, 2, -1)
    { Version = version };

    private static byte[] Written(NiftiVolume volume)
    {
        using TemporaryFolder folder = new();
        Nifti.Write(folder["a.nii"], volume);
        return File.ReadAllBytes(folder["a.nii"]);
    }

    private static byte[] Gzip(byte[] data)
    {
        MemoryStream memory = new();
        using (GZipStream gzip = new(memory, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(data);
        return memory.ToArray();
    }

    /// <summary>A single file with extensions between header and voxels; the one that is 20 bytes long breaks the format's rule, as real files do.</summary>
    private static byte[] WithExtensions(byte[] file, params (int Code, byte[] Data)[] extensions)
    {
        byte[] blocks = [.. extensions.SelectMany(e => (byte[])[.. BitConverter.GetBytes(e.Data.Length + 8), .. BitConverter.GetBytes(e.Code), .. e.Data])];
        byte[] padded = [.. blocks, .. new byte[(16 - blocks.Length % 16) % 16]];
        byte[] changed = [.. file.AsSpan(0, 348), 1, 0, 0, 0, .. padded, .. file.AsSpan(352)];
        BinaryPrimitives.WriteSingleLittleEndian(changed.AsSpan(108), 352 + padded.Length);
        return changed;
    }

    [Theory]
    [InlineData("a.hdr", "a.img")]
    [InlineData("a.IMG", "a.HDR")]
    [InlineData("a.b.hdr.gz", "a.b.img.gz")]
    [InlineData("a.img.gz", "a.hdr.gz")]
    public void Either_file_of_a_pair_finds_the_other(string name, string other)
    {
        using TemporaryFolder folder = new();
        foreach (int version in (int[])[1, 2])
        {
            Nifti.Write(folder[name], Small(version));
            Assert.Equal(new[] { name, other }.Order(StringComparer.Ordinal), Directory.GetFiles(folder.Root).Select(Path.GetFileName).Order(StringComparer.Ordinal));
            foreach (string half in (string[])[name, other])
            {
                NiftiVolume back = Nifti.Read(folder[half]);
                Assert.Equal(version, back.Version);
                Assert.Equal(Small().ToFloats(), back.ToFloats());
                Assert.Equal(Small().Affine, back.Affine);
            }
        }
        File.Delete(folder[other]);
        Assert.Equal($"'{folder[name]}' is one half of a pair, and the other half is missing: there is neither '{folder[other]}' nor '{folder[other.EndsWith(".gz") ? other[..^3] : other + ".gz"]}'",
            Assert.Throws<VoluteException>(() => Nifti.Read(folder[name])).Message);
    }

    [Fact]
    public void The_halves_may_differ_in_compression_and_the_voxels_may_begin_later()
    {
        using TemporaryFolder folder = new();
        Nifti.Write(folder["a.hdr"], Small());
        byte[] header = File.ReadAllBytes(folder["a.hdr"]), image = File.ReadAllBytes(folder["a.img"]);
        Assert.Equal((352, 48), (header.Length, image.Length));
        File.WriteAllBytes(folder["a.img.gz"], Gzip(image));
        File.Delete(folder["a.img"]);
        Assert.Equal(Small().ToFloats(), Nifti.Read(folder["a.hdr"]).ToFloats());
        Assert.Equal(Small().ToFloats(), Nifti.Read(folder["a.img.gz"]).ToFloats());
        BinaryPrimitives.WriteSingleLittleEndian(header.AsSpan(108), 7);
        NiftiVolume later = Nifti.Read(new MemoryStream(header[..348]), new MemoryStream([.. new byte[7], .. image]));
        Assert.Equal(Small().ToFloats(), later.ToFloats());
        Assert.Contains("the header of a pair", Assert.Throws<FileFormatException>(() => Nifti.Read(new MemoryStream(header))).Message);
        // A file of both, under a pair's name.
        File.WriteAllBytes(folder["both.hdr"], Written(Small()));
        Assert.Equal(Small().ToFloats(), Nifti.Read(folder["both.hdr"]).ToFloats());
    }

    [Fact]
    public void Extensions_and_the_header_s_own_bytes_survive_rewriting()
    {
        byte[] file = WithExtensions(Written(Small()), (6, [.. "a comment"u8, .. new byte[15]]), (44, [.. Enumerable.Range(0, 12).Select(i => (byte)i)]));
        "kept"u8.CopyTo(file.AsSpan(148));
        // Cubic metres and hertz, a display range, a qform beside the sform.
        file[123] = 1 | 32;
        BinaryPrimitives.WriteSingleLittleEndian(file.AsSpan(124), 99);
        file[252] = 3;
        NiftiVolume volume = Nifti.Read(new MemoryStream(file));
        Assert.Equal([(6, 24), (44, 12)], volume.Extensions.Select(e => (e.Code, e.Data.Length)));
        Assert.Equal(("kept", ("meter", "hz")), (volume.Description, volume.Units));
        Assert.Equal(file, Written(volume));
        byte[] like = Written(volume.WithLabels(new int[24]));
        int[] changed = [.. Enumerable.Range(0, 352).Where(i => like[i] != file[i])];
        // datatype, bitpix, scl_slope and scl_inter, cal_max.
        Assert.All(changed, i => Assert.True(i is (>= 70 and < 74) or (>= 112 and < 120) or (>= 124 and < 128), $"byte {i} was changed"));
        Assert.Equal((2, 8, 1f, 0f, 0f), (like[70], like[72], BitConverter.ToSingle(like, 112), BitConverter.ToSingle(like, 116), BitConverter.ToSingle(like, 124)));
        Assert.Equal(file[352..^48], like[352..^24]);
    }

    [Fact]
    public void An_extension_that_is_longer_than_its_place_is_refused()
    {
        byte[] file = WithExtensions(Written(Small()), (6, new byte[24]));
        Assert.Equal(2, Nifti.Read(new MemoryStream(WithExtensions(Written(Small()), (6, new byte[8]), (4, new byte[8])))).Extensions.Count);
        foreach (int size in (int[])[-1, 7, 33, int.MaxValue])
        {
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(352), size);
            Assert.Equal($"stream: an extension has {size} bytes, expected 8 to 32 (at byte 352)", Assert.Throws<FileFormatException>(() => Nifti.Read(new MemoryStream(file))).Message);
        }
    }

    [Fact]
    public void A_pair_s_extensions_lie_behind_its_header_and_nothing_else_does()
    {
        byte[] file = WithExtensions(Written(Small()), (6, new byte[24]), (4, new byte[8])), image = file[^48..];
        byte[] header = [.. file[..344], .. "ni1\0"u8, .. file[348..^48]];
        header.AsSpan(108, 4).Clear();
        NiftiVolume Read(byte[] bytes) => Nifti.Read(new MemoryStream(bytes), new MemoryStream(image));
        Assert.Equal([(6, 24), (4, 8)], Read(header).Extensions.Select(e => (e.Code, e.Data.Length)));
        using TemporaryFolder folder = new();
        Nifti.Write(folder["a.hdr"], Read(header));
        Assert.Equal(header, File.ReadAllBytes(folder["a.hdr"]));
        byte[] unannounced = [.. header];
        unannounced[348] = 0;
        Assert.Equal("stream: bytes follow the header, where the file should end (at byte 352)", Assert.Throws<FileFormatException>(() => Read(unannounced)).Message);
        Assert.Contains("the file ends within an extension", Assert.Throws<FileFormatException>(() => Read(header[..^1])).Message);
        byte[] bomb = Gzip([.. header, .. new byte[50_000_000]]), promise = Gzip([.. header, .. BitConverter.GetBytes(1 << 28), .. new byte[20_000]]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("an extension has 0 bytes", Assert.Throws<FileFormatException>(() => Read(bomb)).Message);
        Assert.Contains("the file ends within an extension", Assert.Throws<FileFormatException>(() => Read(promise)).Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void Big_endian_pairs_with_extensions_are_rewritten_little_endian()
    {
        byte[] little = WithExtensions(Written(Small(1)), (6, [.. "text"u8, .. new byte[20]])), big = [.. little];
        void Swap(int at, int size, int count)
        {
            for (int i = 0; i < count; i++)
                big.AsSpan(at + i * size, size).Reverse();
        }
        foreach (var (at, size, count) in ((int, int, int)[])[(0, 4, 1), (32, 4, 1), (36, 2, 1), (40, 2, 8), (56, 4, 3), (68, 2, 4), (76, 4, 11), (120, 2, 1), (124, 4, 6), (252, 2, 2), (256, 4, 18), (352, 4, 2), (384, 2, 24)])
            Swap(at, size, count);
        Assert.Equal(little, Written(Nifti.Read(new MemoryStream(big))));
    }

    [Fact]
    public void NIfTI_2_holds_what_NIfTI_1_cannot()
    {
        NumberArray row = NumberArray.From(new byte[40_000], 40_000);
        NiftiVolume volume = NiftiVolume.FromSpacing(row, 0.1, 1, 1);
        Assert.Contains("NIfTI-2 has no such limit", Assert.Throws<LimitException>(() => Written(volume)).Message);
        NiftiVolume second = new(row, volume.Affine, 1e-60) { Version = 2 };
        NiftiVolume back = Nifti.Read(new MemoryStream(Written(second)));
        Assert.Equal((40_000, 1e-60, 0.1), (back.Voxels.Count, back.Slope, back.Affine[0, 0]));
        Assert.Contains("do not fit into 32 bits", Assert.Throws<InvalidArgumentException>(() => Written(new(NumberArray.From<byte>([1], 1), volume.Affine, 1e-60))).Message);
        Assert.Contains("got version 3", Assert.Throws<InvalidArgumentException>(() => new NiftiVolume(row, volume.Affine) { Version = 3 }).Message);
        Assert.Contains("volumes are written as .nii", Assert.Throws<InvalidArgumentException>(() => Nifti.Write("a.mha", volume)).Message);
    }

    [Fact]
    public void Voxels_written_like_a_volume_must_lie_where_its_own_do()
    {
        Assert.Equal([5, 2, 3, 4], Small().WithVoxels(NumberArray.From(new float[120], 5, 2, 3, 4)).Voxels.Shape.ToArray());
        Assert.Equal("voxels of shape [2, 4, 3] do not lie where a volume of [2, 3, 4] does: the last three axes (z, y, x) must agree",
            Assert.Throws<InvalidArgumentException>(() => Small().WithVoxels(NumberArray.From(new float[24], 2, 4, 3))).Message);
    }

    [Fact]
    public void A_wrong_checksum_or_length_of_compressed_voxels_is_refused()
    {
        using TemporaryFolder folder = new();
        Nifti.Write(folder["a.nii.gz"], Small());
        byte[] file = File.ReadAllBytes(folder["a.nii.gz"]);
        for (int i = 1; i <= 8; i++)
        {
            byte[] damaged = [.. file];
            damaged[^i] ^= 1;
            Assert.Contains(i > 4 ? "its CRC is" : "its length is", Assert.Throws<FileFormatException>(() => Nifti.Read(new MemoryStream(damaged))).Message);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_cut_or_altered_file_of_any_kind_gives_a_volume_or_a_declared_error(int version)
    {
        using TemporaryFolder folder = new();
        Nifti.Write(folder["a.hdr"], Small(version));
        byte[] header = File.ReadAllBytes(folder["a.hdr"]), image = File.ReadAllBytes(folder["a.img"]), single = Written(Small(version));
        void Whole(Stream stream) => Nifti.Read(stream).ToCanonical().ToFloats();
        void ByHeader(Stream stream) => Nifti.Read(stream, new MemoryStream(image)).ToCanonical().ToFloats();
        void ByImage(Stream stream) => Nifti.Read(new MemoryStream(header), stream).ToFloats();
        Hostile.Every_truncation_fails(single, Whole);
        Hostile.Every_truncation_fails(Gzip(single), Whole);
        Hostile.Every_truncation_fails(image, ByImage);
        Hostile.Every_truncation_fails(Gzip(image), ByImage);
        // A pair's header may end before the bytes that announce extensions, and in them.
        Hostile.Every_truncation_fails(header[..^4], ByHeader);
        foreach (var (seed, read) in ((byte[], Action<Stream>)[])[(single, Whole), (header, ByHeader), (Gzip(header), ByHeader)])
            Assert.InRange(Hostile.Every_flipped_bit_is_read_or_refused(seed, Orientable(read)), 100, 8 * seed.Length);
        Assert.InRange(Hostile.Every_flipped_bit_is_read_or_refused(Gzip(image), ByImage), 4 * image.Length, 8 * Gzip(image).Length);
    }

    /// <summary>Reads what may be a volume whose affine a bit made singular: that it cannot be reoriented is no fault of the reader.</summary>
    private static Action<Stream> Orientable(Action<Stream> read) => stream =>
    {
        try
        {
            read(stream);
        }
        catch (InvalidArgumentException e) when (e.Message.Contains("maps different voxels to one place"))
        {
        }
    };
}
