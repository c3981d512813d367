using System.Text.Json;

namespace Volute.Cli.Bench;

/// <summary>A file of networks: one JSON object a line; every error names file, line and field.</summary>
internal static class NetworkFile
{
    /// <summary>The cases of a file, in order; blank lines do not count.</summary>
    /// <exception cref="FileFormatException">A line that is no network, or a file without any.</exception>
    public static IReadOnlyList<NetworkCase> Read(string path)
        => JsonLines.Read(path, ["model", "input", "train"], From, """holds no network; a line is {"model":"unet","input":[1,1,572,572],"train":true}""");

    private static NetworkCase From(JsonElement line)
    {
        string name = JsonLines.Required(line, "model") is { ValueKind: JsonValueKind.String } text ? text.GetString()! : throw new InvalidArgumentException("model: must be a text");
        NamedNetwork network = NamedNetwork.Find(name) ?? throw new InvalidArgumentException($"model: '{name}' is no network's name; there are {NamedNetwork.Names}");
        Shape input = line.TryGetProperty("input", out JsonElement sizes) ? JsonLines.Sizes(sizes, "input") : network.Input;
        return new NetworkCase(network, input, JsonLines.Flag(line, "train"));
    }
}
