using System.Buffers.Binary;

namespace Volute.Formats;

/// <summary>
/// An open safetensors file: the header is read and checked at once, each tensor when it is asked for, so that a file may be larger than
/// memory. Not to be used by several threads at a time.
/// </summary>
/// <remarks>
/// Layout: the header's length N as 64 bits, N bytes of JSON, the data; little-endian. The tensors fill the data without hole or overlap.
/// </remarks>
public sealed class SafetensorsFile : IDisposable
{
    private readonly ByteReader reader;
    private readonly FormatLimits limits;
    private readonly SafetensorsEntry[] entries;
    private readonly Dictionary<string, SafetensorsEntry> byName;
    private readonly long dataOffset;

    private SafetensorsFile(ByteReader reader, FormatLimits limits)
    {
        this.reader = reader;
        this.limits = limits;
        Span<byte> eight = stackalloc byte[8];
        reader.ReadExactly(eight, "the length of the header");
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(eight);
        if (length > SafetensorsHeader.MaxBytes)
            throw new FileFormatException(reader.Name, 0,
                $"the header claims {length} bytes, at most {SafetensorsHeader.MaxBytes} are allowed: is this a safetensors file?");
        byte[] header = reader.ReadArray<byte>(length, bigEndian: false, limits, "the header");
        dataOffset = reader.Offset;
        (entries, var metadata) = SafetensorsHeader.Parse(header, reader.Left, problem => new FileFormatException(reader.Name, 8, problem));
        Metadata = metadata;
        byName = entries.ToDictionary(e => e.Name);
    }

    /// <summary>The tensors in the order of their data.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries => entries;

    /// <summary>The texts of <c>__metadata__</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Opens a file and checks its header.</summary>
    /// <exception cref="FileFormatException">The header or the file's length breaks a rule of the format.</exception>
    /// <exception cref="VoluteException">The file is missing or cannot be read.</exception>
    public static SafetensorsFile Open(string path, FormatLimits? limits = null) => Open(ByteReader.OpenFile(path), limits);

    /// <summary>Opens what lies from the current position of <paramref name="stream"/> to its end; the stream stays the caller's.</summary>
    /// <exception cref="FileFormatException">The header or the length breaks a rule of the format.</exception>
    public static SafetensorsFile Open(Stream stream, FormatLimits? limits = null) => Open(ByteReader.Over(stream, limits), limits);

    /// <summary>Whether there is a tensor of this name.</summary>
    public bool Contains(string name) => byName.ContainsKey(name);

    /// <summary>Reads one tensor.</summary>
    /// <exception cref="InvalidArgumentException">There is no tensor of this name.</exception>
    /// <exception cref="LimitException">It is larger than the limits allow.</exception>
    public NumberArray Read(string name)
    {
        if (!byName.TryGetValue(name, out SafetensorsEntry? entry))
            throw new InvalidArgumentException($"{reader.Name} has no tensor \"{name}\"; it has {Listed(entries)}");
        reader.Seek(dataOffset + entry.Begin);
        return NumberArray.Read(reader, entry.Type, entry.Shape, bigEndian: false, limits, $"tensor \"{name}\"");
    }

    /// <inheritdoc/>
    public void Dispose() => reader.Dispose();

    private static SafetensorsFile Open(ByteReader reader, FormatLimits? limits)
    {
        try
        {
            return new SafetensorsFile(reader, limits ?? FormatLimits.Default);
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    private static string Listed(SafetensorsEntry[] entries)
        => entries.Length == 0 ? "none" : string.Join(", ", entries.Take(5).Select(e => e.Name)) + (entries.Length > 5 ? $" and {entries.Length - 5} more" : "");
}
