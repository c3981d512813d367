using Volute.Cli.Bench;

namespace Volute.Cli;

/// <summary>A network that commands know by name.</summary>
/// <param name="Name">The name.</param>
/// <param name="Input">The input that it is shown with.</param>
/// <param name="Create">Makes it, with fresh weights.</param>
internal sealed record NamedNetwork(string Name, Shape Input, Func<Module> Create)
{
    private static readonly NamedNetwork[] s_all =
    [
        new("unet", [1, 1, 572, 572], () => new UNet()),
        new("unet16", [8, 1, 256, 256], () => new UNet(new UNetOptions(BaseWidth: 16, Padded: true, Normalization: Normalization.Batch))),
        new("unet3d", [1, 1, 64, 128, 128], () => new UNet(new UNetOptions(Rank: 3, BaseWidth: 16, Levels: 4, Padded: true, Normalization: Normalization.Batch))),
        new("unet3d-acs", [1, 1, 64, 128, 128], () => new UNet(new UNetOptions(Rank: 3, BaseWidth: 16, Levels: 4, Padded: true, Normalization: Normalization.Batch, Volumes: VolumeForm.Acs))),
        new("lenet", [1, 1, 28, 28], () => new LeNet()),
        new("lenet5", [1, 1, 28, 28], () => new LeNet5()),
        new("resnet18", [1, 3, 224, 224], () => new ResNet18()),
        new("mobilenetv2", [1, 3, 224, 224], () => new MobileNetV2()),
    ];

    /// <summary>All names, for messages.</summary>
    public static string Names => string.Join(", ", s_all.Select(n => n.Name));

    /// <summary>What a command line asks for.</summary>
    /// <param name="name">A network's name.</param>
    /// <param name="input">The input's shape as text; the usual one unless given.</param>
    /// <param name="train">Whether it trains.</param>
    /// <exception cref="InvalidArgumentException">No such network, or no shape.</exception>
    public static NetworkCase Case(string name, string? input, bool train)
    {
        NamedNetwork network = Find(name) ?? throw new InvalidArgumentException($"'{name}' is no network's name; there are {Names}");
        return new NetworkCase(network, input is null ? network.Input : ShapeOption.Parse(input), train);
    }

    /// <summary>The network of this name, or null.</summary>
    public static NamedNetwork? Find(string name) => s_all.FirstOrDefault(n => n.Name == name);
}
