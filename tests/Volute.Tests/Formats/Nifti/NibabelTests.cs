using System.Diagnostics;
using Volute.Formats;

namespace Volute.Tests.Formats.NiftiFiles;

/// <summary>nibabel as the judge: what it said of public volumes, and what it says of volumes that are written here.</summary>
public class NibabelTests
{
    private static readonly string Golden = Path.Combine(AppContext.BaseDirectory, "Formats", "Nifti", "golden");

    private static readonly (string File, string Error)[] Refused =
    [
        ("odd/complex_image.nii.gz", "datatype 32 (complex64) is not supported, expected integers of 8 to 64 bits, float32 or float64; save its magnitude as float32"),
        ("odd/ct_perfusion.nii.gz", "datatype 128 (RGB24) is not supported, expected integers of 8 to 64 bits, float32 or float64; save each colour, or their mean,"),
        ("odd/malformed/invalid.nii", "this is not a NIfTI file: it does not begin with the header's length 348 or 540 (at byte 0)"),
        ("odd/malformed/invalid.nii.gz", "this is not a NIfTI file: it does not begin with the header's length 348 or 540 (at byte 0)"),
        ("odd/malformed/invalid.nii.bz2", "this file is compressed by bzip2, which is not readable here; compress it by gzip instead (at byte 0)"),
        ("odd/malformed/invalid.nii.zst", "this file is compressed by Zstandard, which is not readable here; compress it by gzip instead (at byte 0)"),
        ("odd/analyze.hdr", "is one half of a pair, and the other half is missing: there is neither '"),
        ("odd/nifti1.hdr", "is one half of a pair, and the other half is missing: there is neither '"),
    ];

    [Fact]
    public void The_shared_volumes_agree_with_nibabel_or_are_refused_by_name()
    {
        string folder = SharedData.Path("nifti");
        NibabelAnswer[] answers = [.. NibabelAnswer.Parse(File.ReadAllText(Path.Combine(Golden, "volumes.json")))];
        foreach (NibabelAnswer answer in answers.Where(a => !a.IsRefused))
            answer.Agrees(Nifti.Read(Path.Combine(folder, answer.File)));
        foreach (var (file, error) in Refused)
            Assert.Contains(error, Assert.ThrowsAny<VoluteException>(() => Nifti.Read(Path.Combine(folder, file))).Message);
        // Every file is one or the other; an .img has been read with its .hdr.
        Assert.Empty(Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f)).Where(f => !f.EndsWith(".img", StringComparison.Ordinal))
            .Except(answers.Where(a => !a.IsRefused).Select(a => a.File)).Except(Refused.Select(r => r.File)));
        Assert.Equal(Nifti.Read(Path.Combine(folder, "odd/ras.hdr")).ToFloats(), Nifti.Read(Path.Combine(folder, "odd/ras.img")).ToFloats());
    }

    [Fact]
    public void Nibabel_reads_what_is_written_here()
    {
        using TemporaryFolder folder = new();
        double[,] affine = { { -0.6, -1.6, 0, 10 }, { 0.8, -1.2, 0, -20 }, { 0, 0, 3, 30.5 }, { 0, 0, 0, 1 } };
        int[] counted = [.. Enumerable.Range(0, 2 * 3 * 4 * 5)];
        NumberArray Numbers<T>(Func<int, T> value, params int[] shape) where T : unmanaged => NumberArray.From([.. counted[..shape.Aggregate((a, b) => a * b)].Select(value)], shape);
        Dictionary<string, NiftiVolume> written = new()
        {
            ["bytes.nii"] = new(Numbers(i => (byte)(i * 3), 3, 4, 5), affine),
            ["signed.nii.gz"] = new(Numbers(i => (sbyte)(i - 50), 3, 4, 5), affine),
            ["scaled.nii"] = new(Numbers(i => (short)(i * 300 - 9000), 3, 4, 5), affine, 0.25, -7),
            ["words.nii"] = new(Numbers(i => (ushort)(i * 900), 3, 4, 5), affine),
            ["floats.hdr"] = new(Numbers(i => i / 7f, 3, 4, 5), affine),
            ["doubles.img.gz"] = new(Numbers(i => i / 7.0, 3, 4, 5), affine) { Version = 2 },
            ["ints.nii"] = new(Numbers(i => i * 100_000 - 99, 3, 4, 5), affine),
            ["longs.nii.gz"] = new(Numbers(i => (ulong)i << 40, 3, 4, 5), affine) { Version = 2 },
            ["frames.nii.gz"] = new(Numbers(i => i * 0.5f, 2, 3, 4, 5), affine),
            ["picture.nii"] = new(Numbers(i => (byte)i, 4, 5), affine),
            ["seven.nii"] = new(Numbers(i => (byte)i, 2, 1, 3, 1, 4, 5, 1), affine),
            ["second.nii"] = new(Numbers(i => (long)i - 7, 3, 4, 5), affine) { Version = 2 },
        };
        written["labels.nii.gz"] = written["floats.hdr"].WithLabels([.. counted[..60].Select(i => i * 4)]);
        written["manyLabels.nii.gz"] = written["frames.nii.gz"].WithLabels([.. counted[..60].Select(i => i * 400)]);
        foreach (string codes in (string[])["RAS", "LPS", "PIR", "ILA"])
            written[$"reoriented{codes}.nii"] = written["scaled.nii"].Reorient(codes);
        foreach (var (name, volume) in written)
            Nifti.Write(folder[name], volume);
        File.WriteAllBytes(folder["analyze.hdr"], Analyze());
        File.WriteAllBytes(folder["analyze.img"], [.. counted[..60].SelectMany(i => (byte[])[(byte)(i >> 4), (byte)(i * 16)])]);
        int agreed = 0;
        foreach (NibabelAnswer answer in Ask([.. written.Keys.Select(n => folder[n]), folder["analyze.hdr"]]))
        {
            NiftiVolume back = Nifti.Read(folder[answer.File]);
            if (written.TryGetValue(answer.File, out NiftiVolume? volume))
                Assert.Equal((answer.File, string.Join(' ', volume.Voxels.ToDoubles())), (answer.File, string.Join(' ', back.Voxels.ToDoubles())));
            answer.Agrees(back);
            agreed++;
        }
        Assert.Equal(written.Count + 1, agreed);
        Assert.Equal(("UInt8", "UInt16"), (Nifti.Read(folder["labels.nii.gz"]).Voxels.Type.ToString(), Nifti.Read(folder["manyLabels.nii.gz"]).Voxels.Type.ToString()));
    }

    [Fact]
    public void Slanted_and_sheared_axes_are_nibabel_s()
    {
        using TemporaryFolder folder = new();
        Random random = new(5);
        double[,] Some()
        {
            double[,] affine = new double[4, 4];
            for (int i = 0; i < 12; i++)
                affine[i / 4, i % 4] = (float)(random.NextDouble() - 0.5) * (i % 4 + 1);
            affine[3, 3] = 1;
            return affine;
        }
        NiftiVolume[] volumes = [.. Enumerable.Range(0, 100).Select(_ => new NiftiVolume(NumberArray.From([.. Enumerable.Range(0, 24).Select(i => (byte)i)], 2, 3, 4), Some()))];
        for (int i = 0; i < volumes.Length; i++)
            Nifti.Write(folder[$"{i}.nii"], volumes[i]);
        foreach (NibabelAnswer answer in Ask([.. Enumerable.Range(0, volumes.Length).Select(i => folder[$"{i}.nii"])]))
            answer.Agrees(Nifti.Read(folder[answer.File]));
    }

    [Theory]
    [InlineData("ct/example_seg.nii.gz")]
    [InlineData("odd/example4d.nii.gz")]
    [InlineData("odd/example_nifti2.nii.gz")]
    [InlineData("odd/anatomical.nii")]
    [InlineData("odd/orientations/AIL.nii.gz")]
    [InlineData("odd/minimal.nii.gz")]
    public void A_volume_written_like_another_lies_where_nibabel_sees_the_other(string file)
    {
        using TemporaryFolder folder = new();
        string source = SharedData.Path("nifti", file);
        NiftiVolume like = Nifti.Read(source);
        int[] shape = like.Voxels.Shape.ToArray()[^3..];
        float[] values = [.. Enumerable.Range(0, shape[0] * shape[1] * shape[2]).Select(i => i % 1000 / 8f)];
        Nifti.Write(folder["like.nii.gz"], NumberArray.From(values, shape), like);
        Nifti.Write(folder["again.nii"], like);
        NibabelAnswer[] answers = [.. Ask(source, folder["like.nii.gz"], folder["again.nii"])];
        answers[0].Agrees(Nifti.Read(folder["again.nii"]));
        answers[2].Agrees(like);
        answers[1].Agrees(Nifti.Read(folder["like.nii.gz"]));
        Assert.Equal(answers[0].Place, answers[1].Place);
        Assert.Equal(values, Nifti.Read(folder["like.nii.gz"]).ToFloats());
    }

    /// <summary>A big-endian header of int16 in 5 x 4 x 3 voxels, scaled by the ranges in it as SPM2 does, with SPM's origin.</summary>
    private static byte[] Analyze()
    {
        byte[] header = new byte[348];
        void Short(int at, params short[] values) => values.SelectMany(v => (byte[])[(byte)(v >> 8), (byte)v]).ToArray().CopyTo(header, at);
        void Float(int at, params float[] values) => values.SelectMany(v => BitConverter.GetBytes(v).Reverse()).ToArray().CopyTo(header, at);
        Short(2, 348);
        Short(40, 3, 5, 4, 3, 1);
        Short(70, 4, 16);
        Float(76, 0, 1.5f, 2, 2.5f);
        Float(124, 10, -10);
        Short(142, 1000);
        "made by hand"u8.CopyTo(header.AsSpan(148));
        Short(253, 2, 3, 1);
        return header;
    }

    /// <summary>What Debian's nibabel says of the files; skips the test where there is none.</summary>
    internal static IEnumerable<NibabelAnswer> Ask(params string[] files)
    {
        string? python = ((string[])["/usr/bin/python3", "python3"]).FirstOrDefault(p => Run(p, "-c", "import nibabel").Code == 0);
        Assert.SkipWhen(python == null, "python3 with nibabel is not here (Debian's python3-nibabel)");
        var (code, output, error) = Run(python!, [Path.Combine(Golden, "record.py"), .. files]);
        Assert.True(code == 0, error);
        return NibabelAnswer.Parse(output);
    }

    private static (int Code, string Output, string Error) Run(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            Task<string> error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, error.Result);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return (-1, "", "there is no " + program);
        }
    }
}
