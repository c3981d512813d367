using System.Text.Json;

namespace Volute.Cli.Bench;

/// <summary>A file of convolutions: one JSON object a line; every error names file, line and field.</summary>
internal static class ShapeFile
{
    private static readonly string[] s_fields = ["name", "input", "weight", "stride", "padding", "dilation", "groups", "transposed", "outputPadding"];

    /// <summary>The cases of a file, in order; blank lines do not count.</summary>
    /// <exception cref="FileFormatException">A line that is no convolution, or a file without any.</exception>
    public static IReadOnlyList<ConvolutionCase> Read(string path)
    {
        if (!File.Exists(path))
            throw new InvalidArgumentException($"there is no file '{path}'");
        List<ConvolutionCase> cases = [];
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            if (line.AsSpan().Trim().Length > 0)
                cases.Add(Parse(path, number, line));
        }
        return cases.Count > 0 ? cases : throw new FileFormatException(path, -1, "holds no convolution; a line is {\"name\":\"stem\",\"input\":[1,3,32,32],\"weight\":[8,3,3,3]}");
    }

    private static ConvolutionCase Parse(string path, int number, string line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            ConvolutionCase made = From(document.RootElement);
            made.Problem();
            return made;
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

    private static ConvolutionCase From(JsonElement line)
    {
        if (line.ValueKind != JsonValueKind.Object)
            throw new InvalidArgumentException("this is no JSON object");
        HashSet<string> seen = [];
        foreach (JsonProperty property in line.EnumerateObject())
        {
            if (!s_fields.Contains(property.Name))
                throw new InvalidArgumentException($"there is no field '{property.Name}'; there are {string.Join(", ", s_fields)}");
            if (!seen.Add(property.Name))
                throw new InvalidArgumentException($"{property.Name}: stands twice");
        }
        string name = Required(line, "name") is { ValueKind: JsonValueKind.String } text && text.GetString() is { Length: > 0 } given ? given
            : throw new InvalidArgumentException("name: must be a text that is not empty");
        int[] input = Sizes(Required(line, "input"), "input");
        if (input.Length is < 3 or > 5)
            throw new InvalidArgumentException($"input: must be [N, C, 1 to 3 spatial sizes], got {input.Length} sizes");
        int[] weight = Sizes(Required(line, "weight"), "weight");
        if (weight.Length != input.Length)
            throw new InvalidArgumentException($"weight: must have as many sizes as the input, {input.Length}, got {weight.Length}");
        int rank = input.Length - 2;
        return new ConvolutionCase(name, input, weight, Each(line, "stride", rank, 1, 1), Each(line, "padding", rank, 0, 0), Each(line, "dilation", rank, 1, 1),
            line.TryGetProperty("groups", out JsonElement groups) ? Whole(groups, "groups", 1) : 1, Flag(line, "transposed"), Each(line, "outputPadding", rank, 0, 0));
    }

    private static JsonElement Required(JsonElement line, string field)
        => line.TryGetProperty(field, out JsonElement value) ? value : throw new InvalidArgumentException($"{field}: is missing");

    private static int[] Sizes(JsonElement value, string field)
        => value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(e => Whole(e, field, 1))]
            : throw new InvalidArgumentException($"{field}: must be a list of sizes, got {value.GetRawText()}");

    /// <summary>A number for each spatial axis: a list, or one number for all.</summary>
    private static int[] Each(JsonElement line, string field, int rank, int least, int otherwise)
    {
        if (!line.TryGetProperty(field, out JsonElement value))
            return [.. Enumerable.Repeat(otherwise, rank)];
        if (value.ValueKind == JsonValueKind.Number)
            return [.. Enumerable.Repeat(Whole(value, field, least), rank)];
        return value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == rank ? [.. value.EnumerateArray().Select(e => Whole(e, field, least))]
            : throw new InvalidArgumentException($"{field}: must be {rank} number{(rank == 1 ? "" : "s")}, one for each spatial axis, got {value.GetRawText()}");
    }

    private static bool Flag(JsonElement line, string field) => line.TryGetProperty(field, out JsonElement value) && value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw new InvalidArgumentException($"{field}: must be true or false, got {value.GetRawText()}"),
    };

    private static int Whole(JsonElement value, string field, int least)
        => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number >= least ? number
            : throw new InvalidArgumentException($"{field}: must be whole numbers >= {least}, got {value.GetRawText()}");
}
