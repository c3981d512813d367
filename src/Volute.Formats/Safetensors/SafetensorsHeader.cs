using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Volute.Formats;

/// <summary>The header of a safetensors file: names, types, shapes and places, checked as the reference reader checks them, and duplicates refused.</summary>
internal static class SafetensorsHeader
{
    /// <summary>The longest header, 100 MB, as in the reference implementation.</summary>
    public const int MaxBytes = 100_000_000;

    public const string MetadataName = "__metadata__";

    /// <summary>The names of the types in ascending order of alignment: the reference writer sorts by it, downwards.</summary>
    public static readonly (string Name, NumberType Type)[] Types =
    [
        ("BOOL", NumberType.Bool), ("U8", NumberType.UInt8), ("I8", NumberType.Int8), ("I16", NumberType.Int16), ("U16", NumberType.UInt16),
        ("F16", NumberType.Float16), ("BF16", NumberType.BFloat16), ("I32", NumberType.Int32), ("U32", NumberType.UInt32),
        ("F32", NumberType.Float32), ("F64", NumberType.Float64), ("I64", NumberType.Int64), ("U64", NumberType.UInt64),
    ];

    /// <summary>Parses the JSON of <paramref name="header"/>; <paramref name="dataBytes"/> is what the file has behind it.</summary>
    public static (SafetensorsEntry[] Entries, Dictionary<string, string> Metadata) Parse(byte[] header, long dataBytes, Func<string, Exception> error)
    {
        if (!Utf8.IsValid(header))
            throw error("the header is not UTF-8");
        if (header.Length == 0 || header[0] != '{')
            throw error("the header must begin with {");
        try
        {
            Utf8JsonReader json = new(header);
            json.Read();
            List<SafetensorsEntry> entries = [];
            Dictionary<string, string> metadata = [];
            HashSet<string> names = [];
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                string name = json.GetString()!;
                if (!names.Add(name))
                    throw error($"the header names \"{name}\" twice");
                json.Read();
                if (name == MetadataName)
                    metadata = ParseMetadata(ref json, error);
                else
                    entries.Add(ParseEntry(ref json, name, error));
            }
            // Refuses what follows the closing brace, except for white space.
            json.Read();
            entries.Sort((a, b) => (a.Begin, a.End).CompareTo((b.Begin, b.End)));
            CheckPlaces(entries, dataBytes, error);
            return ([.. entries], metadata);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string with half of a surrogate pair.
            throw error($"the header is not valid JSON: {e.Message}");
        }
    }

    private static Dictionary<string, string> ParseMetadata(ref Utf8JsonReader json, Func<string, Exception> error)
    {
        if (json.TokenType != JsonTokenType.StartObject)
            throw error($"{MetadataName} must be an object of strings");
        Dictionary<string, string> metadata = [];
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string key = json.GetString()!;
            json.Read();
            if (json.TokenType != JsonTokenType.String)
                throw error($"{MetadataName} must be an object of strings, \"{key}\" is none");
            if (!metadata.TryAdd(key, json.GetString()!))
                throw error($"{MetadataName} names \"{key}\" twice");
        }
        return metadata;
    }

    private static SafetensorsEntry ParseEntry(ref Utf8JsonReader json, string name, Func<string, Exception> error)
    {
        if (json.TokenType != JsonTokenType.StartObject)
            throw error($"tensor \"{name}\" must be an object with dtype, shape and data_offsets");
        string? dtype = null;
        long[]? shape = null, offsets = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string key = json.GetString()!;
            json.Read();
            if (key is "dtype" && dtype != null || key is "shape" && shape != null || key is "data_offsets" && offsets != null)
                throw error($"tensor \"{name}\" has {key} twice");
            switch (key)
            {
                case "dtype":
                    dtype = json.TokenType == JsonTokenType.String ? json.GetString()! : throw error($"dtype of tensor \"{name}\" must be a string");
                    break;
                case "shape":
                    shape = ParseSizes(ref json, $"shape of tensor \"{name}\"", error);
                    break;
                case "data_offsets":
                    offsets = ParseSizes(ref json, $"data_offsets of tensor \"{name}\"", error);
                    break;
                default:
                    json.Skip();
                    break;
            }
        }
        if (dtype == null || shape == null || offsets is not { Length: 2 })
            throw error($"tensor \"{name}\" must have dtype, shape and data_offsets of two numbers");
        int known = Array.FindIndex(Types, t => t.Name == dtype);
        if (known < 0)
            throw error($"tensor \"{name}\" has the unknown dtype \"{dtype}\", expected one of {string.Join(" ", Types.Select(t => t.Name))}");
        return new SafetensorsEntry(name, Types[known].Type, shape, offsets[0], offsets[1]);
    }

    private static long[] ParseSizes(ref Utf8JsonReader json, string what, Func<string, Exception> error)
    {
        if (json.TokenType != JsonTokenType.StartArray)
            throw error($"{what} must be a list of integers >= 0");
        List<long> sizes = [];
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            sizes.Add(json.TokenType == JsonTokenType.Number && json.TryGetInt64(out long size) && size >= 0
                ? size : throw error($"{what} must be a list of integers from 0 to 2^63 - 1"));
        return [.. sizes];
    }

    /// <summary>The tensors must fill the data without hole or overlap, each with as many bytes as its shape and type need.</summary>
    private static void CheckPlaces(List<SafetensorsEntry> entries, long dataBytes, Func<string, Exception> error)
    {
        long next = 0;
        foreach (SafetensorsEntry entry in entries)
        {
            string place = $"tensor \"{entry.Name}\" lies at bytes {entry.Begin} to {entry.End}";
            if (entry.End < entry.Begin)
                throw error($"{place}: it ends before it begins");
            if (entry.Begin != next)
                throw error($"{place}, but the one before it ends at {next}: tensors may neither overlap nor leave holes");
            Int128 bytes = NumberArray.Elements(entry.Shape) * entry.Type.Bytes();
            if (bytes != entry.End - entry.Begin)
                throw error($"{place}, but {entry.Type} of shape [{string.Join(", ", entry.Shape.ToArray())}] needs {bytes} bytes");
            next = entry.End;
        }
        if (next != dataBytes)
            throw error($"the tensors need {next} bytes behind the header, the file has {dataBytes}");
    }

    /// <summary>The header as the reference writer makes it: compact, padded with spaces to a multiple of 8 bytes.</summary>
    public static byte[] Make(IReadOnlyList<(string Name, NumberArray Array)> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        StringBuilder json = new("{");
        if (metadata != null)
            json.Append(Quote(MetadataName)).Append(":{")
                .AppendJoin(',', metadata.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => $"{Quote(m.Key)}:{Quote(m.Value)}")).Append("},");
        long begin = 0;
        foreach (var (name, array) in tensors)
        {
            long end = begin + array.Count * (long)array.Type.Bytes();
            string dtype = Types.First(t => t.Type == array.Type).Name;
            json.Append($"{Quote(name)}:{{\"dtype\":\"{dtype}\",\"shape\":[{string.Join(',', array.Shape.ToArray())}],\"data_offsets\":[{begin},{end}]}},");
            begin = end;
        }
        if (json[^1] == ',')
            json.Length--;
        byte[] header = Encoding.UTF8.GetBytes(json.Append('}').ToString());
        int padded = (header.Length + 7) / 8 * 8;
        int length = header.Length;
        Array.Resize(ref header, padded);
        header.AsSpan(length).Fill((byte)' ');
        return header;
    }

    private static string Quote(string text)
    {
        StringBuilder quoted = new("\"");
        foreach (char c in text)
            _ = c switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append("\\\\"),
                '\b' => quoted.Append("\\b"),
                '\f' => quoted.Append("\\f"),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                < ' ' => quoted.Append($"\\u{(int)c:x4}"),
                _ => quoted.Append(c),
            };
        return quoted.Append('"').ToString();
    }
}
