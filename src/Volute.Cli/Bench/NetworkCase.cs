namespace Volute.Cli.Bench;

/// <summary>A network and what it does.</summary>
/// <param name="Network">The network.</param>
/// <param name="Input">The shape of its input.</param>
/// <param name="IsTraining">Whether it takes a step of training rather than predicts.</param>
internal sealed record NetworkCase(NamedNetwork Network, Shape Input, bool IsTraining)
{
    private readonly Lazy<long> _parameters = new(() => Network.Create().ParameterCount);

    /// <summary>Trainable numbers; a network is made to count them, so only where a peer's are to be compared: it would be part of what is measured.</summary>
    public long Parameters => _parameters.Value;

    /// <summary>What it does, in words.</summary>
    public string Work => IsTraining ? "training step" : "prediction";

    /// <summary>All of it in words.</summary>
    public string Title => $"{Network.Name} {Input}, {Work}";

    /// <summary>What a command line asks for.</summary>
    /// <param name="name">A network's name.</param>
    /// <param name="input">The input's shape as text; the usual one unless given.</param>
    /// <param name="train">Whether it trains.</param>
    /// <exception cref="InvalidArgumentException">No such network, or no shape.</exception>
    public static NetworkCase Of(string name, string? input, bool train)
    {
        NamedNetwork network = NamedNetwork.Find(name) ?? throw new InvalidArgumentException($"'{name}' is no network's name; there are {NamedNetwork.Names}");
        return new NetworkCase(network, input is null ? network.Input : ShapeOption.Parse(input), train);
    }
}
