using System.CommandLine;
using Volute.Cli.Bench;

namespace Volute.Cli;

/// <summary>The options that say beside whom something is measured.</summary>
internal sealed class PeerOptions
{
    private readonly Option<string[]> _against = new("--against") { Description = "Measure others too, turn by turn: pytorch, onnxruntime, or both separated by a comma" };

    private readonly Option<string?> _python = Python(), _node = new("--node") { Description = "The Node.js that has ONNX Runtime; node unless given" };

    /// <summary>The option that says which Python runs PyTorch.</summary>
    public static Option<string?> Python() => new("--python") { Description = "The Python that has PyTorch; /usr/bin/python3, else python3, unless given" };

    /// <summary>Lets a command have them.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_against);
        command.Options.Add(_python);
        command.Options.Add(_node);
    }

    /// <summary>The peers that a command line asks for, each once.</summary>
    /// <exception cref="InvalidArgumentException">A name that no peer has.</exception>
    public IReadOnlyList<Peer> Peers(ParseResult parsed)
    {
        PyTorch pytorch = new(parsed.GetValue(_python));
        Peer[] all = [pytorch, new OnnxRuntime(parsed.GetValue(_node), pytorch)];
        string[] wanted = [.. (parsed.GetValue(_against) ?? []).SelectMany(a => a.Split(',', StringSplitOptions.TrimEntries))];
        return wanted.FirstOrDefault(w => all.All(p => p.Key != w)) is { } other
            ? throw new InvalidArgumentException($"--against must be some of {string.Join(", ", all.Select(p => p.Key))}, got '{other}'")
            : [.. all.Where(p => wanted.Contains(p.Key))];
    }
}
