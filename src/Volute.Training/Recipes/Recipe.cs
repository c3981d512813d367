using System.Text.Json.Serialization;

namespace Volute.Training;

/// <summary>Everything that makes a trained network usable on a new image, and its training repeatable: <c>recipe.json</c>.</summary>
public sealed record Recipe
{
    /// <summary>The layout of this file.</summary>
    public int Version { get; init; } = 1;

    /// <summary>The network: "unet", "lenet" or "lenet5".</summary>
    public required string Model { get; init; }

    /// <summary>What makes the U-Net, where it is one.</summary>
    public UNetOptions? UNet { get; init; }

    /// <summary>What is learned.</summary>
    public required DatasetTask Task { get; init; }

    /// <summary>The data, as they were named.</summary>
    public required string Data { get; init; }

    /// <summary>Names of the classes.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Channels of an image.</summary>
    public required int Channels { get; init; }

    /// <summary>The values of given masks, as <see cref="LabelMap.ToJson"/> writes them.</summary>
    public string? Labels { get; init; }

    /// <summary>Applied to every image before the network sees it.</summary>
    public required Standardization Standardization { get; init; }

    /// <summary>The spatial size of what the network is trained on: patches, or whole images of a classification.</summary>
    public required IReadOnlyList<int> InputSize { get; init; }

    /// <summary>Samples of a batch.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Batches of an epoch; null: each sample once.</summary>
    public int? StepsPerEpoch { get; init; }

    /// <summary>Epochs to train, where no time is given.</summary>
    public int? Epochs { get; init; }

    /// <summary>Minutes to train, where no epochs are given.</summary>
    public double? Minutes { get; init; }

    /// <summary>Epochs without a better validation after which training stops; null: never.</summary>
    public int? Patience { get; init; }

    /// <summary>The highest learning rate.</summary>
    public required double LearningRate { get; init; }

    /// <summary>AdamW's decay.</summary>
    public double WeightDecay { get; init; } = 1e-4;

    /// <summary>"none", "digits" or "segmentation".</summary>
    public required string Augmentation { get; init; }

    /// <summary>The share of samples held out for validation, where the data have no test samples of their own.</summary>
    public double ValidationShare { get; init; } = 0.2;

    /// <summary>Which fold is held out, of those that the data prescribe or of five; null: the first prescribed one, else a share of the samples.</summary>
    public int? Fold { get; init; }

    /// <summary>Whether the last samples by name are held out rather than random ones.</summary>
    public bool ValidationContiguous { get; init; }

    /// <summary>The largest tile of a prediction.</summary>
    public int Tile { get; init; } = 512;

    /// <summary>What a size-keeping network sees around a tile's part.</summary>
    public int Context { get; init; } = 64;

    /// <summary>The seed of everything random.</summary>
    public required long Seed { get; init; }

    /// <summary>What was chosen and why, in words.</summary>
    public IReadOnlyList<PlanChoice> Choices { get; init; } = [];

    /// <summary>The network, with fresh weights drawn from <see cref="Settings.Seed"/>.</summary>
    /// <exception cref="VoluteException">The recipe names a network that this version does not know.</exception>
    public Module CreateNetwork() => Model switch
    {
        "unet" => new UNet(UNet ?? throw new VoluteException("the recipe's model is 'unet', but it has no options of one ('uNet')")),
        "lenet" => new LeNet(Channels, Classes.Count),
        "lenet5" => new LeNet5(Channels, Classes.Count, InputSize[0] == 32 ? 0 : 2),
        _ => throw new VoluteException($"the recipe's model '{Model}' is not known here; known are unet, lenet and lenet5"),
    };
}

/// <summary>JSON of recipes without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Recipe))]
[JsonSerializable(typeof(CheckpointState))]
internal sealed partial class RecipeJson : JsonSerializerContext;
