using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Volute.Tests.Golden;

/// <summary>All cases of one family; read once.</summary>
public sealed class GoldenFile
{
    internal static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    private static readonly ConcurrentDictionary<string, Lazy<GoldenFile>> s_files = new();

    public required string Family { get; init; }

    public required string RecordedWith { get; init; }

    public required IReadOnlyList<GoldenCase> Cases { get; init; }

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "golden");

    public static IEnumerable<string> Families => Directory.GetFiles(Folder, "*.json").Select(path => Path.GetFileNameWithoutExtension(path)).Order();

    public static GoldenFile Of(string family) => s_files.GetOrAdd(family, name => new(() => Read(name))).Value;

    private static GoldenFile Read(string family)
    {
        using var stream = File.OpenRead(Path.Combine(Folder, family + ".json"));
        var content = JsonSerializer.Deserialize<Content>(stream, JsonOptions)!;
        return new()
        {
            Family = content.Family,
            RecordedWith = content.RecordedWith,
            Cases = [.. content.Cases.Select((data, index) => GoldenCase.From(content.Family, index, data))],
        };
    }

    private sealed record Content(string Family, string RecordedWith, GoldenCaseData[] Cases);
}
