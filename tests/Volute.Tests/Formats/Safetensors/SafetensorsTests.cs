using System.Buffers.Binary;
using System.Text;
using Volute.Formats;

namespace Volute.Tests.Formats.SafetensorsFiles;

public class SafetensorsTests
{
    /// <summary>A file of the header's text, as it is, and so many bytes of data.</summary>
    private static byte[] Make(string header, int dataBytes, long? claimedLength = null) => Make(Encoding.UTF8.GetBytes(header), dataBytes, claimedLength);

    private static byte[] Make(byte[] header, int dataBytes, long? claimedLength = null)
    {
        byte[] file = new byte[8 + header.Length + dataBytes];
        BinaryPrimitives.WriteInt64LittleEndian(file, claimedLength ?? header.Length);
        header.CopyTo(file, 8);
        return file;
    }

    private static SafetensorsFile Open(byte[] file) => SafetensorsFile.Open(new MemoryStream(file));

    private static string Refusal(byte[] file) => Assert.Throws<FileFormatException>(() => Open(file)).Message;

    private static byte[] Write(IEnumerable<KeyValuePair<string, NumberArray>> tensors, Dictionary<string, string>? metadata = null)
    {
        MemoryStream memory = new();
        Safetensors.Write(memory, tensors, metadata);
        return memory.ToArray();
    }

    private static void ReadAll(Stream stream)
    {
        SafetensorsFile file = SafetensorsFile.Open(stream);
        foreach (SafetensorsEntry entry in file.Entries)
            file.Read(entry.Name).ToDoubles();
    }

    [Fact]
    public void The_shared_samples_are_read_or_refused_as_the_reference_reader_does()
    {
        string folder = SharedData.Path("safetensors");
        string[] good = ["deserialization.safetensors", "lifetimes.safetensors", "whitespace_padded_header.safetensors"];
        foreach (string path in Directory.GetFiles(folder, "*.safetensors"))
            if (!good.Contains(Path.GetFileName(path)))
                Assert.StartsWith(path + ": ", Assert.Throws<FileFormatException>(() => Safetensors.Read(path)).Message);
        Assert.Equal([0, 0, 0, 0], Safetensors.Read(Path.Combine(folder, good[0]))["test"].ToInts());
        Assert.Equal([2, 2], Safetensors.Read(Path.Combine(folder, good[1]))["test"].Shape.ToArray());
        Assert.Empty(Safetensors.Read(Path.Combine(folder, good[2])));
    }

    [Fact]
    public void A_file_is_written_byte_for_byte_as_the_reference_writer_does()
    {
        NumberArray numbers = NumberArray.From<float>([0, 1, 2, 3, 4, 5], 1, 1, 2, 3);
        string header = """{"attn0":{"dtype":"F32","shape":[1,1,2,3],"data_offsets":[0,24]}}       """;
        Assert.Equal(72, header.Length);
        Assert.Equal([72, 0, 0, 0, 0, 0, 0, 0, .. Encoding.UTF8.GetBytes(header), 0, 0, 0, 0, 0, 0, 128, 63, 0, 0, 0, 64, 0, 0, 64, 64, 0, 0, 128, 64, 0, 0, 160, 64],
            Write([new("attn0", numbers)]));
        Assert.Equal([8, 0, 0, 0, 0, 0, 0, 0, .. "{}      "u8], Write([]));
        Assert.Equal([40, 0, 0, 0, 0, 0, 0, 0, .. """{"__metadata__":{"framework":"pt"}}     """u8], Write([], new() { ["framework"] = "pt" }));
    }

    [Fact]
    public void Tensors_are_sorted_by_alignment_and_then_by_name()
    {
        SafetensorsFile file = Open(Write(
        [
            new("b", NumberArray.From<float>([1], 1)), new("a", NumberArray.From<float>([1], 1)), new("byte", NumberArray.From<byte>([1], 1)),
            new("long", NumberArray.From<long>([1], 1)), new("bool", NumberArray.From<bool>([true], 1)), new("double", NumberArray.From<double>([1], 1)),
            new("half", NumberArray.From<Half>([(Half)1], 1)), new("ulong", NumberArray.From<ulong>([1], 1)),
        ]));
        Assert.Equal(["ulong", "long", "double", "a", "b", "half", "byte", "bool"], file.Entries.Select(e => e.Name));
    }

    [Fact]
    public void Every_type_survives_writing_and_reading()
    {
        using TemporaryFolder folder = new();
        Dictionary<string, NumberArray> tensors = new()
        {
            ["bool"] = NumberArray.From<bool>([true, false], 2),
            ["u8"] = NumberArray.From<byte>([0, 255], 2),
            ["i8"] = NumberArray.From<sbyte>([-128, 127], 2, 1),
            ["u16"] = NumberArray.From<ushort>([0, 65535], 2),
            ["i16"] = NumberArray.From<short>([-32768, 32767], 2),
            ["u32"] = NumberArray.From<uint>([0, uint.MaxValue], 2),
            ["i32"] = NumberArray.From<int>([int.MinValue, int.MaxValue], 1, 2),
            ["u64"] = NumberArray.From<ulong>([0, 1UL << 53], 2),
            ["i64"] = NumberArray.From<long>([-(1L << 53), 3], 2),
            ["f16"] = NumberArray.FromFloats([1.5f, -65504], NumberType.Float16, 2),
            ["bf16"] = NumberArray.FromFloats([1.5f, -3e38f], NumberType.BFloat16, 2),
            ["f32"] = NumberArray.From<float>([float.NegativeInfinity, 1e-45f], 2),
            ["f64"] = NumberArray.From<double>([double.MaxValue, double.Epsilon], 2),
            ["scalar"] = NumberArray.From<float>([7]),
            ["empty"] = NumberArray.From<float>([], 3, 0),
            ["name with \"quotes\", \\ and \n ü 🙂"] = NumberArray.From<float>([8], 1),
        };
        Safetensors.Write(folder["a.safetensors"], tensors, new Dictionary<string, string> { ["b"] = "2\t", ["a"] = "ä" });
        using SafetensorsFile file = SafetensorsFile.Open(folder["a.safetensors"]);
        Assert.Equal(tensors.Keys.Order(), file.Entries.Select(e => e.Name).Order());
        Assert.Equal(("ä", "2\t"), (file.Metadata["a"], file.Metadata["b"]));
        foreach (var (name, array) in tensors)
        {
            NumberArray back = file.Read(name);
            Assert.Equal(array.Type, back.Type);
            Assert.Equal(array.Shape.ToArray(), back.Shape.ToArray());
            Assert.Equal(array.ToDoubles(), back.ToDoubles());
        }
        Assert.Equal([-65504f], file.Read("f16").ToFloats()[1..]);
        Assert.Contains("has no tensor \"x\"; it has ", Assert.Throws<InvalidArgumentException>(() => file.Read("x")).Message);
        Assert.Equal("two tensors are named \"a\"", Assert.Throws<InvalidArgumentException>(() => Write([new("a", tensors["u8"]), new("a", tensors["u8"])])).Message);
        Assert.Equal("no tensor can be named __metadata__", Assert.Throws<InvalidArgumentException>(() => Write([new("__metadata__", tensors["u8"])])).Message);
    }

    [Fact]
    public void Sixteen_bit_numbers_are_rounded_to_nearest_with_ties_to_even()
    {
        float[] values = [1, 1 + 1 / 256f, 1 + 3 / 256f, 1 + 1.01f / 256, float.MaxValue, float.NaN, float.PositiveInfinity, -0f];
        float[] back = NumberArray.FromFloats(values, NumberType.BFloat16, 8).ToFloats();
        Assert.Equal([1, 1, 1 + 4 / 256f, 1 + 2 / 256f, float.PositiveInfinity, float.NaN, float.PositiveInfinity, -0f], back);
        Assert.True(float.IsNegative(back[7]));
        // A NaN whose payload lies in the lower half must not become an infinity.
        Assert.True(float.IsNaN(NumberArray.FromFloats([BitConverter.UInt32BitsToSingle(0x7F800001)], NumberType.BFloat16, 1).ToFloats()[0]));
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}""", 8, "not valid JSON")]
    [InlineData("""[1]""", 0, "must begin with {")]
    [InlineData(""" {}""", 0, "must begin with {")]
    [InlineData("""{}x""", 0, "not valid JSON")]
    [InlineData("""{"a":1}""", 0, "must be an object with dtype")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2]}}""", 8, "must have dtype, shape and data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,8]}}""", 8, "must have dtype, shape and data_offsets of two numbers")]
    [InlineData("""{"a":{"dtype":"F99","shape":[2],"data_offsets":[0,8]}}""", 8, "unknown dtype \"F99\"")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", 8, "must be a list of integers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}}""", 8, "must be a list of integers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "needs 12 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}""", 0, "needs 73786976294838206464 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", 8, "it ends before it begins")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "the one before it ends at 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "the one before it ends at 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[0],"data_offsets":[4,4]}}""", 8, "the one before it ends at 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 9, "the tensors need 8 bytes behind the header, the file has 9")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}""", 16, "names \"a\" twice")]
    [InlineData("""{"a":{"dtype":"F32","dtype":"I32","shape":[2],"data_offsets":[0,8]}}""", 8, "has dtype twice")]
    [InlineData("""{"__metadata__":{"a":"1","a":"2"}}""", 0, "names \"a\" twice")]
    [InlineData("""{"__metadata__":{"a":1}}""", 0, "object of strings")]
    [InlineData("""{"__metadata__":{"a":"\ud800"}}""", 0, "not valid JSON")]
    public void A_header_that_breaks_a_rule_is_refused(string header, int dataBytes, string reason) => Assert.Contains(reason, Refusal(Make(header, dataBytes)));

    [Fact]
    public void Lengths_depth_and_encoding_of_the_header_are_checked()
    {
        Assert.Contains("the header claims 18446744073709551615 bytes", Refusal(Make("{}", 0, -1)));
        Assert.Contains("the header claims 100000001 bytes", Refusal(Make("{}", 0, 100_000_001)));
        Assert.Contains("the header needs 3 bytes, the file has at most 2 left", Refusal(Make("{}", 0, 3)));
        Assert.Contains("not UTF-8", Refusal(Make([(byte)'{', (byte)'"', 0xFF, (byte)'"'], 0)));
        string deep = """{"a":{"x":""" + new string('[', 63) + new string(']', 63) + "}}";
        Assert.Contains("not valid JSON", Refusal(Make(deep, 0)));
        Assert.Throws<FileFormatException>(() => Open([1, 2, 3]));
        // A shape that no array can have, of a tensor without bytes, is refused when it is read.
        SafetensorsFile empty = Open(Make("""{"a":{"dtype":"F32","shape":[0,9223372036854775807],"data_offsets":[0,0]}}""", 0));
        Assert.Throws<LimitException>(() => empty.Read("a"));
    }

    [Fact]
    public void A_cut_or_altered_file_gives_tensors_or_a_declared_error()
    {
        byte[] seed = Write([new("w", NumberArray.From<float>([1, 2, 3, 4], 2, 2)), new("b", NumberArray.From<bool>([true], 1))], new() { ["k"] = "v" });
        ReadAll(new MemoryStream(seed));
        Hostile.Every_truncation_fails(seed, ReadAll);
        int refused = Hostile.Every_flipped_bit_is_read_or_refused(seed, ReadAll);
        Assert.InRange(refused, 500, 8 * seed.Length - 8 * 17);
    }
}
