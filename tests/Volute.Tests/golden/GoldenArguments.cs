using System.Text.Json;

namespace Volute.Tests.Golden;

/// <summary>The argument values that were given to PyTorch, by their camelCase names. A reader that has built what a case
/// describes calls <see cref="AssertAllRead"/>, so that no argument is passed over in silence.</summary>
public sealed class GoldenArguments(Dictionary<string, JsonElement> given)
{
    private readonly HashSet<string> _read = [];

    public bool Has(string name) => given.ContainsKey(name);

    /// <summary>True where the argument was given as None.</summary>
    public bool IsNone(string name) => Has(name) && Find(name) is null;

    public bool IsText(string name) => given.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.String;

    public int Int(string name, int otherwise) => Find(name) is { } value ? value.GetInt32() : otherwise;

    public double Double(string name, double otherwise) => Find(name) is { } value ? value.Deserialize<double>(GoldenFile.JsonOptions) : otherwise;

    public bool Bool(string name, bool otherwise) => Find(name) is { } value ? value.GetBoolean() : otherwise;

    public string Text(string name, string otherwise) => Find(name) is { } value ? value.GetString()! : otherwise;

    public string[] Texts(string name) => Find(name) is { } list ? [.. list.EnumerateArray().Select(item => item.GetString()!)] : [];

    /// <summary>A list, or one number for every axis.</summary>
    public int[]? Ints(string name, int axes) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } one => [.. Enumerable.Repeat(one.GetInt32(), axes)],
        { } list => [.. list.EnumerateArray().Select(item => item.GetInt32())],
    };

    /// <summary>A list with null where an axis was given as None.</summary>
    public int?[]? IntsOrNone(string name, int axes) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } one => [.. Enumerable.Repeat<int?>(one.GetInt32(), axes)],
        { } list => [.. list.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.Null ? (int?)null : item.GetInt32())],
    };

    /// <summary>A list, or one number for every axis.</summary>
    public double[]? Doubles(string name, int axes) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } one => [.. Enumerable.Repeat(one.GetDouble(), axes)],
        { } list => [.. list.EnumerateArray().Select(item => item.GetDouble())],
    };

    public GoldenTensor? Tensor(string name) => Find(name)?.Deserialize<GoldenTensor>(GoldenFile.JsonOptions);

    public void AssertAllRead() => Assert.Empty(given.Keys.Except(_read));

    public override string ToString() => string.Join(", ", given.Select(pair => $"{pair.Key}: {pair.Value.GetRawText().Replace(",", ", ")}"));

    private JsonElement? Find(string name)
    {
        if (!given.TryGetValue(name, out var value))
            return null;
        _read.Add(name);
        return value.ValueKind == JsonValueKind.Null ? null : value;
    }
}
