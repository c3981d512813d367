using System.Text.Json;

namespace Volute.Cli.Bench;

/// <summary>A file of convolutions: one JSON object a line; every error names file, line and field.</summary>
internal static class ShapeFile
{
    private static readonly string[] s_fields = ["name", "input", "weight", "stride", "padding", "dilation", "groups", "transposed", "outputPadding"];

    /// <summary>The cases of a file, in order; blank lines do not count.</summary>
    /// <exception cref="FileFormatException">A line that is no convolution, or a file without any.</exception>
    public static IReadOnlyList<ConvolutionCase> Read(string path)
        => JsonLines.Read(path, s_fields, From, """holds no convolution; a line is {"name":"stem","input":[1,3,32,32],"weight":[8,3,3,3]}""");

    private static ConvolutionCase From(JsonElement line)
    {
        string name = JsonLines.Required(line, "name") is { ValueKind: JsonValueKind.String } text && text.GetString() is { Length: > 0 } given ? given
            : throw new InvalidArgumentException("name: must be a text that is not empty");
        int[] input = JsonLines.Sizes(JsonLines.Required(line, "input"), "input");
        if (input.Length is < 3 or > 5)
            throw new InvalidArgumentException($"input: must be [N, C, 1 to 3 spatial sizes], got {input.Length} sizes");
        int[] weight = JsonLines.Sizes(JsonLines.Required(line, "weight"), "weight");
        if (weight.Length != input.Length)
            throw new InvalidArgumentException($"weight: must have as many sizes as the input, {input.Length}, got {weight.Length}");
        int rank = input.Length - 2;
        ConvolutionCase made = new(name, input, weight, Each(line, "stride", rank, 1, 1), Each(line, "padding", rank, 0, 0), Each(line, "dilation", rank, 1, 1),
            line.TryGetProperty("groups", out JsonElement groups) ? JsonLines.Whole(groups, "groups", 1) : 1, JsonLines.Flag(line, "transposed"), Each(line, "outputPadding", rank, 0, 0));
        made.Problem();
        return made;
    }

    /// <summary>A number for each spatial axis: a list, or one number for all.</summary>
    private static int[] Each(JsonElement line, string field, int rank, int least, int otherwise)
    {
        if (!line.TryGetProperty(field, out JsonElement value))
            return [.. Enumerable.Repeat(otherwise, rank)];
        if (value.ValueKind == JsonValueKind.Number)
            return [.. Enumerable.Repeat(JsonLines.Whole(value, field, least), rank)];
        return value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == rank ? [.. value.EnumerateArray().Select(e => JsonLines.Whole(e, field, least))]
            : throw new InvalidArgumentException($"{field}: must be {rank} number{(rank == 1 ? "" : "s")}, one for each spatial axis, got {value.GetRawText()}");
    }
}
