using System.Buffers.Binary;
using System.Text;

namespace Volute.Formats;

/// <summary>Reads and writes whole safetensors files; <see cref="SafetensorsFile"/> reads single tensors.</summary>
public static class Safetensors
{
    /// <summary>Reads every tensor of a file, in the order of their data.</summary>
    /// <exception cref="FileFormatException">The file breaks a rule of the format.</exception>
    /// <exception cref="LimitException">A tensor is larger than <paramref name="limits"/> allow.</exception>
    /// <exception cref="VoluteException">The file is missing or cannot be read.</exception>
    public static IReadOnlyDictionary<string, NumberArray> Read(string path, FormatLimits? limits = null)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path, limits);
        return file.Entries.ToDictionary(e => e.Name, e => file.Read(e.Name));
    }

    /// <summary>
    /// Writes a file as a whole or not at all, byte for byte as the reference writer would: sorted by alignment of the type, then by name.
    /// </summary>
    /// <exception cref="InvalidArgumentException">A name twice, or a tensor named <c>__metadata__</c>.</exception>
    /// <exception cref="VoluteException">The file cannot be written; the old one is as it was.</exception>
    public static void Write(string path, IEnumerable<KeyValuePair<string, NumberArray>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var (header, sorted) = Prepare(tensors, metadata);
        AtomicFile.Write(path, stream => Write(stream, header, sorted));
    }

    /// <summary>Writes to <paramref name="stream"/>.</summary>
    /// <exception cref="InvalidArgumentException">A name twice, or a tensor named <c>__metadata__</c>.</exception>
    public static void Write(Stream stream, IEnumerable<KeyValuePair<string, NumberArray>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var (header, sorted) = Prepare(tensors, metadata);
        Write(stream, header, sorted);
    }

    private static (byte[] Header, List<(string Name, NumberArray Array)> Sorted) Prepare(
        IEnumerable<KeyValuePair<string, NumberArray>> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        List<(string Name, NumberArray Array)> sorted = [.. tensors.Select(t => (t.Key, t.Value))];
        HashSet<string> names = [];
        foreach (var (name, _) in sorted)
            if (name == SafetensorsHeader.MetadataName || !names.Add(name))
                throw new InvalidArgumentException(names.Contains(name) ? $"two tensors are named \"{name}\"" : $"no tensor can be named {name}");
        sorted.Sort((a, b) =>
        {
            int order = Rank(b.Array.Type).CompareTo(Rank(a.Array.Type));
            return order != 0 ? order : Encoding.UTF8.GetBytes(a.Name).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b.Name));
        });
        byte[] header = SafetensorsHeader.Make(sorted, metadata);
        if (header.Length > SafetensorsHeader.MaxBytes)
            throw new LimitException("a safetensors header", header.Length.ToString(), SafetensorsHeader.MaxBytes.ToString(), "bytes");
        return (header, sorted);
    }

    private static int Rank(NumberType type) => Array.FindIndex(SafetensorsHeader.Types, t => t.Type == type);

    private static void Write(Stream stream, byte[] header, List<(string Name, NumberArray Array)> sorted)
    {
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (var (_, array) in sorted)
            array.WriteTo(stream);
    }
}
