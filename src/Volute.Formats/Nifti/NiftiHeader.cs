using System.Buffers.Binary;
using System.Text;

namespace Volute.Formats;

/// <summary>A header's bytes, turned little-endian, with the extensions behind it: read, changed and written by the names of its fields.</summary>
internal sealed class NiftiHeader
{
    private readonly byte[] bytes;

    public NiftiHeader(NiftiLayout layout, byte[] bytes, IReadOnlyList<NiftiExtension> extensions)
    {
        Layout = layout;
        this.bytes = bytes;
        Extensions = extensions;
    }

    public NiftiLayout Layout { get; }

    public IReadOnlyList<NiftiExtension> Extensions { get; init; }

    /// <summary>How many axes there are.</summary>
    public int Axes => (int)this[NiftiField.Dim];

    public double this[NiftiField field, int index = 0]
    {
        get => Layout.Read(bytes, field, index);
        set => Layout.Write(bytes, field, index, value);
    }

    /// <summary>A header of millimetres and seconds for a volume that was not read from a file.</summary>
    public static NiftiHeader Fresh(NiftiLayout layout, ReadOnlySpan<double> spacing, double[,] affine)
    {
        NiftiHeader header = new(layout, new byte[layout.HeaderBytes], []);
        BinaryPrimitives.WriteInt32LittleEndian(header.bytes, layout.HeaderBytes);
        for (int axis = 0; axis <= 7; axis++)
            header[NiftiField.Pixdim, axis] = axis is >= 1 and <= 3 ? spacing[axis - 1] : 1;
        header[NiftiField.XyztUnits] = 2 | 8;
        // Coordinates of the scanner.
        header[NiftiField.SformCode] = 1;
        NiftiPlacement.Set(header, affine);
        return header;
    }

    public NiftiHeader Clone() => new(Layout, [.. bytes], Extensions);

    /// <summary>A text up to its first zero.</summary>
    public string Text(NiftiField field)
    {
        ReadOnlySpan<byte> text = Layout.Bytes(bytes, field);
        int end = text.IndexOf((byte)0);
        return Encoding.Latin1.GetString(end < 0 ? text : text[..end]);
    }

    /// <summary>Sets a text that a field of as many bytes had.</summary>
    public void SetText(NiftiField field, string text) => Encoding.Latin1.GetBytes(text, Layout.Bytes(bytes, field));

    public void SetMagic(ReadOnlySpan<byte> magic) => magic.CopyTo(Layout.Bytes(bytes, NiftiField.Magic));

    /// <summary>Forgets what was said of numbers that others replace: their range, their meaning.</summary>
    public void ForgetValues()
    {
        foreach (NiftiField field in (ReadOnlySpan<NiftiField>)[NiftiField.CalMax, NiftiField.CalMin, NiftiField.Glmax, NiftiField.Glmin,
            NiftiField.IntentCode, NiftiField.IntentParameters, NiftiField.IntentName])
            if (Layout.Has(field))
                Layout.Bytes(bytes, field).Clear();
    }

    /// <summary>Writes the header, and its extensions, up to the place of voxels in a single file.</summary>
    public void WriteTo(Stream stream)
    {
        stream.Write(bytes);
        Span<byte> start = stackalloc byte[8];
        start[0] = Extensions.Count > 0 ? (byte)1 : (byte)0;
        stream.Write(start[..4]);
        foreach (NiftiExtension extension in Extensions)
        {
            BinaryPrimitives.WriteInt32LittleEndian(start, 8 + extension.Data.Length);
            BinaryPrimitives.WriteInt32LittleEndian(start[4..], extension.Code);
            stream.Write(start);
            stream.Write(extension.Data.Span);
        }
    }

    /// <summary>The bytes that <see cref="WriteTo"/> writes.</summary>
    public long Length => Layout.SingleFileOffset + Extensions.Sum(e => 8L + e.Data.Length);
}
