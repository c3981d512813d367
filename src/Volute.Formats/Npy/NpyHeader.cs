using System.Text;

namespace Volute.Formats;

/// <summary>The header of an npy file: a Python dictionary of exactly <c>descr</c>, <c>fortran_order</c> and <c>shape</c>.</summary>
internal readonly record struct NpyHeader(NumberType Type, bool BigEndian, bool FortranOrder, long[] Shape)
{
    /// <summary>numpy itself refuses longer headers of untrusted files at a hundredth of this.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>numpy's own limit.</summary>
    private const int MaxAxes = 64;

    private static readonly (string Code, NumberType Type)[] Types =
    [
        ("b1", NumberType.Bool), ("u1", NumberType.UInt8), ("i1", NumberType.Int8), ("u2", NumberType.UInt16), ("i2", NumberType.Int16), ("u4", NumberType.UInt32),
        ("i4", NumberType.Int32), ("u8", NumberType.UInt64), ("i8", NumberType.Int64), ("f2", NumberType.Float16), ("f4", NumberType.Float32), ("f8", NumberType.Float64),
    ];

    /// <summary>Parses the dictionary's text.</summary>
    public static NpyHeader Parse(string text, Func<string, Exception> error)
    {
        PythonLiteral literal = new(text, error);
        string? descr = null;
        bool? fortran = null;
        long[]? shape = null;
        literal.Expect('{');
        while (!literal.TryTake('}'))
        {
            string key = literal.Text();
            literal.Expect(':');
            if (key is "descr" && descr != null || key is "fortran_order" && fortran != null || key is "shape" && shape != null)
                throw error($"the header has {key} twice");
            if (key == "descr")
                descr = literal.Peek() is '\'' or '"' ? literal.Text()
                    : throw error("records of several fields (a structured dtype) are not supported, save each field by itself");
            else if (key == "fortran_order")
                fortran = literal.Boolean();
            else if (key == "shape")
                shape = literal.Sizes();
            else
                throw error($"the header has the unknown entry '{key}'");
            if (!literal.TryTake(',') && literal.Peek() != '}')
                throw error("the header is not a Python dictionary: expected , or }");
        }
        literal.ExpectEnd();
        if (descr == null || fortran == null || shape == null)
            throw error("the header must have descr, fortran_order and shape");
        if (shape.Length > MaxAxes)
            throw error($"an array of {shape.Length} axes, at most {MaxAxes} are allowed");
        var (type, bigEndian) = ParseType(descr, error);
        return new NpyHeader(type, bigEndian, fortran.Value, shape);
    }

    /// <summary>Magic, version and dictionary as numpy writes them, padded with spaces so that the data begin at a multiple of 64 bytes.</summary>
    public static byte[] Make(NumberArray array)
    {
        int known = Array.FindIndex(Types, t => t.Type == array.Type);
        if (known < 0)
            throw new InvalidArgumentException($"npy has no {array.Type}; write it as Float32");
        string order = array.Type.Bytes() == 1 ? "|" : "<";
        string sizes = string.Join(", ", array.Shape.ToArray()) + (array.Shape.Length == 1 ? "," : "");
        string text = $"{{'descr': '{order}{Types[known].Code}', 'fortran_order': False, 'shape': ({sizes}), }}";
        // Version 1 has 2 bytes for the header's length, version 2 has 4.
        int lengthBytes = text.Length + 64 < ushort.MaxValue ? 2 : 4;
        int before = 8 + lengthBytes, total = (before + text.Length + 1 + 63) / 64 * 64;
        byte[] header = new byte[total];
        ReadOnlySpan<byte> magic = Npy.Magic;
        magic.CopyTo(header);
        header[6] = (byte)(lengthBytes / 2);
        for (int i = 0; i < lengthBytes; i++)
            header[8 + i] = (byte)(total - before >> (8 * i));
        Encoding.ASCII.GetBytes(text.PadRight(total - before - 1) + '\n').CopyTo(header, before);
        return header;
    }

    private static (NumberType Type, bool BigEndian) ParseType(string descr, Func<string, Exception> error)
    {
        int known = descr.Length == 3 ? Array.FindIndex(Types, t => t.Code == descr[1..]) : -1;
        if (known < 0 || descr[0] is not ('<' or '>' or '|' or '='))
            throw error($"numbers of type '{descr}' are not supported, expected < or > and one of {string.Join(" ", Types.Select(t => t.Code))}");
        return (Types[known].Type, descr[0] == '>');
    }
}
