using System.Globalization;
using System.IO.Compression;
using System.Text;
using Volute.Formats;

namespace Volute.Tests.Formats.NpyFiles;

public class NpyTests
{
    private static byte[] Make(string header, int dataBytes = 0, byte version = 1)
    {
        byte[] text = Encoding.Latin1.GetBytes(header);
        byte[] length = version == 1 ? [(byte)text.Length, (byte)(text.Length >> 8)] : [(byte)text.Length, (byte)(text.Length >> 8), 0, 0];
        return [0x93, .. "NUMPY"u8, version, 0, .. length, .. text, .. new byte[dataBytes]];
    }

    private static NumberArray Read(byte[] file) => Npy.Read(new MemoryStream(file));

    private static byte[] Write(NumberArray array)
    {
        MemoryStream memory = new();
        Npy.Write(memory, array);
        return memory.ToArray();
    }

    private static byte[] Zip(CompressionLevel level, params (string Name, byte[] Data)[] files)
    {
        MemoryStream memory = new();
        using (ZipArchive zip = new(memory, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, data) in files)
                using (Stream stream = zip.CreateEntry(name, level).Open())
                    stream.Write(data);
        return memory.ToArray();
    }

    [Fact]
    public void Files_that_numpy_wrote_are_read_and_written_back_as_they_were()
    {
        int same = 0;
        foreach (string line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Formats", "Npy", "Npy.golden")))
        {
            string[] parts = line.Split(' ');
            byte[] file = Convert.FromHexString(parts[4]);
            NumberArray array = Read(file);
            Assert.Equal(parts[3], array.Shape.Length == 0 ? "-" : string.Join(',', array.Shape.ToArray()));
            double[] values = parts[5] == "-" ? [] : [.. parts[5].Split(',').Select(v => double.Parse(v, CultureInfo.InvariantCulture))];
            Assert.Equal(parts[1] + string.Join(",", values), parts[1] + string.Join(",", array.ToDoubles()));
            if (parts[0] == "1" && parts[1][0] != '>' && parts[2] == "C")
            {
                Assert.Equal(Convert.ToHexStringLower(file), Convert.ToHexStringLower(Write(array)));
                same++;
            }
        }
        Assert.Equal(14, same);
    }

    [Fact]
    public void The_shared_samples_are_read()
    {
        string folder = SharedData.Path("npy");
        (string File, NumberType Type, int[] Shape)[] samples =
        [
            ("monai/signal.npy", NumberType.Float32, [6, 2000]), ("monai/femur_result.npy", NumberType.Float32, [512, 476]),
            ("tensorflow.net/bias0.npy", NumberType.Float32, [100]), ("tensorflow.net/kernel1.npy", NumberType.Float32, [100, 10]),
            ("tensorflow.net/nb_example.npy", NumberType.Float64, [900, 2]), ("candle/test.npy", NumberType.Int64, [10]),
            ("tinygrad/b1ab7897cbfa35981e1636fe551e4ce5.npy", NumberType.Float32, [1, 6504]),
        ];
        foreach (var (file, type, shape) in samples)
        {
            NumberArray array = Npy.Read(Path.Combine(folder, file));
            Assert.Equal(type, array.Type);
            Assert.Equal(shape, array.Shape.ToArray());
        }
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], Npy.Read(Path.Combine(folder, "candle/test.npy")).ToInts());
        var arrays = Npz.Read(Path.Combine(folder, "candle/test.npz"));
        Assert.Equal(["x", "x_plus_one"], arrays.Keys.Order());
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], arrays["x_plus_one"].ToInts());
    }

    [Theory]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)", "expected , or }")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), } x", "goes on behind its dictionary")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, }", "must have descr, fortran_order and shape")]
    [InlineData("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", "descr twice")]
    [InlineData("{'descr': '<f4', 'fortran_order': 0, 'shape': (2,), }", "fortran_order must be True or False")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }", "shape must be a tuple of integers")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': 2, }", "expected (")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }", "shape must be a tuple of integers")]
    [InlineData("{'descr': '<c8', 'fortran_order': False, 'shape': (2,), }", "numbers of type '<c8' are not supported")]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (2,), }", "numbers of type '|O' are not supported")]
    [InlineData("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }", "structured dtype")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'x': 1}", "unknown entry 'x'")]
    [InlineData("", "expected {")]
    [InlineData("{'descr", "expected a string")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", "needs 12 bytes, the file has at most 8 left")]
    public void A_header_that_is_not_numpys_is_refused(string header, string reason)
        => Assert.Contains(reason, Assert.Throws<FileFormatException>(() => Read(Make(header, 8))).Message);

    [Fact]
    public void Versions_sizes_and_trailing_bytes_are_checked()
    {
        using TemporaryFolder folder = new();
        const string Header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2L, 1L)}";
        Assert.Equal([2, 1], Read(Make(Header, 8)).Shape.ToArray());
        Assert.Contains("version 4.0 of npy is unknown", Assert.Throws<FileFormatException>(() => Read(Make(Header, 8, 4))).Message);
        Assert.Contains("does not begin with 0x93 NUMPY", Assert.Throws<FileFormatException>(() => Read([.. "PK\x3\x4 no npy"u8])).Message);
        Assert.Throws<LimitException>(() => Read(Make("{'descr': '<f4', 'fortran_order': False, 'shape': (65536, 65536)}")));
        Assert.Throws<LimitException>(() => Read(Make("{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 8, 4611686018427387904)}")));
        Assert.Contains("the header claims 4294967295 bytes", Assert.Throws<FileFormatException>(() => Read([0x93, .. "NUMPY"u8, 2, 0, 255, 255, 255, 255])).Message);
        string axes = string.Concat(Enumerable.Repeat("1,", 65));
        Assert.Contains("65 axes", Assert.Throws<FileFormatException>(() => Read(Make($"{{'descr': '<f4', 'fortran_order': True, 'shape': ({axes})}}", 4))).Message);
        // Arrays may follow each other in a stream, not in a file.
        byte[] two = [.. Make(Header, 8), .. Make(Header, 8)];
        MemoryStream stream = new(two);
        Assert.Equal(Npy.Read(stream).Count, Npy.Read(stream).Count);
        File.WriteAllBytes(folder["two.npy"], two);
        Assert.Contains("bytes follow the array", Assert.Throws<FileFormatException>(() => Npy.Read(folder["two.npy"])).Message);
        Assert.Contains("npy has no BFloat16", Assert.Throws<InvalidArgumentException>(() => Write(NumberArray.FromFloats([1], NumberType.BFloat16, 1))).Message);
        Npy.Write(folder["a.npy"], NumberArray.From<float>([1, 2], 2));
        Assert.Equal([1, 2], Npy.Read(folder["a.npy"]).ToInts());
    }

    [Fact]
    public void Numbers_are_taken_as_they_are_or_converted_without_loss()
    {
        NumberArray floats = NumberArray.From<float>([1, 2.5f], 2);
        Assert.Equal([1, 2.5f], floats.As<float>().ToArray());
        Assert.Equal("the array holds Float32, which is Single here, not Double", Assert.Throws<InvalidArgumentException>(() => floats.As<double>().Length).Message);
        Assert.Equal("value 2.5 (number 1) is no 32-bit integer", Assert.Throws<InvalidArgumentException>(() => floats.ToInts()).Message);
        Assert.Throws<InvalidArgumentException>(() => NumberArray.From<float>([float.NaN], 1).ToInts());
        Assert.Throws<InvalidArgumentException>(() => NumberArray.From<float>([2147483648f], 1).ToInts());
        Assert.Throws<InvalidArgumentException>(() => NumberArray.From<long>([1L << 31], 1).ToInts());
        Assert.Throws<InvalidArgumentException>(() => NumberArray.From<sbyte>([-1], 1).As<byte>().Length);
        Assert.Equal([int.MinValue, int.MaxValue], NumberArray.From<double>([int.MinValue, int.MaxValue], 2).ToInts());
        Assert.Equal("an array of shape [3] has 3 numbers, got 2", Assert.Throws<InvalidArgumentException>(() => NumberArray.From<float>([1, 2], 3)).Message);
        Assert.Throws<InvalidArgumentException>(() => NumberArray.From<char>(['a'], 1));
    }

    [Fact]
    public void Archives_are_read_stored_and_deflated_and_checked()
    {
        byte[] a = Write(NumberArray.From<float>([.. Enumerable.Range(0, 500).Select(i => i % 7f)], 500)), b = Write(NumberArray.From<byte>([1, 2], 2));
        foreach (CompressionLevel level in (CompressionLevel[])[CompressionLevel.NoCompression, CompressionLevel.Optimal])
        {
            byte[] file = Zip(level, ("a.npy", a), ("b.npy", b));
            var arrays = Npz.Read(new MemoryStream(file));
            Assert.Equal(["a", "b"], arrays.Keys);
            Assert.Equal([1, 2], arrays["b"].ToInts());
            Assert.Equal(6f, arrays["a"].ToFloats()[6]);
        }
        Assert.Contains("two files named 'a.npy'", Assert.Throws<FileFormatException>(() => Npz.Read(new MemoryStream(Zip(CompressionLevel.Optimal, ("a.npy", a), ("a.npy", a))))).Message);
        byte[] damaged = Zip(CompressionLevel.NoCompression, ("a.npy", a));
        damaged[1000] ^= 1;
        Assert.Contains("its CRC is", Assert.Throws<FileFormatException>(() => Npz.Read(new MemoryStream(damaged))).Message);
    }

    [Fact]
    public void A_cut_or_altered_file_gives_an_array_or_a_declared_error()
    {
        byte[] npy = Write(NumberArray.From<short>([1, 2, 3, 4, 5, 6], 2, 3));
        Hostile.Every_truncation_fails(npy, stream => Npy.Read(stream));
        Assert.InRange(Hostile.Every_flipped_bit_is_read_or_refused(npy, stream => Npy.Read(stream)), 100, 8 * npy.Length - 96);
        byte[] npz = Zip(CompressionLevel.Optimal, ("a.npy", npy), ("b.npy", Write(NumberArray.From<byte>([1, 2], 2))));
        Hostile.Every_truncation_fails(npz, stream => Npz.Read(stream));
        Assert.InRange(Hostile.Every_flipped_bit_is_read_or_refused(npz, stream => Npz.Read(stream)), 8 * npz.Length / 2, 8 * npz.Length);
    }
}
