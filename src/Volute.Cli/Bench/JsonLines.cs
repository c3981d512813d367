using System.Text.Json;

namespace Volute.Cli.Bench;

/// <summary>A file with one JSON object a line, and the fields of such objects; every error names file, line and field.</summary>
internal static class JsonLines
{
    /// <summary>The objects of a file, in order; blank lines do not count.</summary>
    /// <param name="path">The file.</param>
    /// <param name="fields">The fields that an object may have.</param>
    /// <param name="from">Makes what an object says.</param>
    /// <param name="empty">What is said of a file without objects.</param>
    /// <exception cref="FileFormatException">A line that is not such an object, or a file without any.</exception>
    public static IReadOnlyList<T> Read<T>(string path, IReadOnlyList<string> fields, Func<JsonElement, T> from, string empty)
    {
        if (!File.Exists(path))
            throw new InvalidArgumentException($"there is no file '{path}'");
        List<T> read = [];
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            if (line.AsSpan().Trim().Length > 0)
                read.Add(Parse(path, number, line, fields, from));
        }
        return read.Count > 0 ? read : throw new FileFormatException(path, -1, empty);
    }

    /// <summary>A field that must be there.</summary>
    public static JsonElement Required(JsonElement line, string field)
        => line.TryGetProperty(field, out JsonElement value) ? value : throw new InvalidArgumentException($"{field}: is missing");

    /// <summary>A list of sizes.</summary>
    public static int[] Sizes(JsonElement value, string field)
        => value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(e => Whole(e, field, 1))]
            : throw new InvalidArgumentException($"{field}: must be a list of sizes, got {value.GetRawText()}");

    /// <summary>True or false; false where it is not there.</summary>
    public static bool Flag(JsonElement line, string field) => line.TryGetProperty(field, out JsonElement value) && value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw new InvalidArgumentException($"{field}: must be true or false, got {value.GetRawText()}"),
    };

    /// <summary>A whole number from <paramref name="least"/> on.</summary>
    public static int Whole(JsonElement value, string field, int least)
        => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number >= least ? number
            : throw new InvalidArgumentException($"{field}: must be whole numbers >= {least}, got {value.GetRawText()}");

    private static T Parse<T>(string path, int number, string line, IReadOnlyList<string> fields, Func<JsonElement, T> from)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            CheckFields(document.RootElement, fields);
            return from(document.RootElement);
        }
        catch (JsonException)
        {
            throw new FileFormatException(path, -1, $"line {number}: this is no JSON object on one line");
        }
        catch (Exception problem) when (problem is InvalidArgumentException or LimitException)
        {
            throw new FileFormatException(path, -1, $"line {number}: {problem.Message}");
        }
    }

    private static void CheckFields(JsonElement line, IReadOnlyList<string> fields)
    {
        if (line.ValueKind != JsonValueKind.Object)
            throw new InvalidArgumentException("this is no JSON object");
        HashSet<string> seen = [];
        foreach (JsonProperty property in line.EnumerateObject())
        {
            if (!fields.Contains(property.Name))
                throw new InvalidArgumentException($"there is no field '{property.Name}'; there are {string.Join(", ", fields)}");
            if (!seen.Add(property.Name))
                throw new InvalidArgumentException($"{property.Name}: stands twice");
        }
    }
}
