using System.Text.Json.Serialization;

namespace Volute.Training;

/// <summary>Everything that makes a trained network usable on a new image, and its training repeatable: <c>recipe.json</c>.</summary>
public sealed record Recipe
{
    /// <summary>The layout of this file.</summary>
    public int Version { get; init; } = 1;

    /// <summary>The network: "staged-unet", or a name of <see cref="NamedNetwork"/>.</summary>
    public required string Model { get; init; }

    /// <summary>What makes the U-Net, where it is one.</summary>
    public UNetOptions? UNet { get; init; }

    /// <summary>What makes the staged U-Net, where it is one.</summary>
    public StagedUNetOptions? StagedUNet { get; init; }

    /// <summary>What is learned.</summary>
    public required DatasetTask Task { get; init; }

    /// <summary>How the network of volumes begins on slices; null: it does not.</summary>
    public Growth? Growth { get; init; }

    /// <summary>Whether this is the stage on slices of volumes, with which a network of volumes begins; it predicts nothing.</summary>
    public bool OnSlices { get; init; }

    /// <summary>The data, as they were named.</summary>
    public required string Data { get; init; }

    /// <summary>Names of the classes; where there are regions, of the single labels that these consist of.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Channels of an image.</summary>
    public required int Channels { get; init; }

    /// <summary>What the data call each channel, "CT" for instance; null where nothing names them.</summary>
    public IReadOnlyList<string>? ChannelNames { get; init; }

    /// <summary>The values of given masks, as <see cref="LabelMap.ToJson"/> writes them.</summary>
    public string? Labels { get; init; }

    /// <summary>Regions of several labels that are learned in place of single ones, in the order in which they are written; null: each class has a label of its own.</summary>
    public IReadOnlyList<LabelRegion>? Regions { get; init; }

    /// <summary>How volumes are turned, cut and resampled; null: pictures are seen as they are.</summary>
    public Preprocessing? Preprocessing { get; init; }

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

    /// <summary>"one-cycle", or "polynomial": (1 − share)^0.9 after a linear warm-up over 2 % of the training.</summary>
    public string Schedule { get; init; } = "one-cycle";

    /// <summary>"adamw", or "sgd": Nesterov's with momentum 0.99.</summary>
    public string Optimizer { get; init; } = "adamw";

    /// <summary>The optimizer's decay of weights.</summary>
    public double WeightDecay { get; init; } = 1e-4;

    /// <summary>The longest that all gradients together may be; null: as long as they are.</summary>
    public double? ClipNorm { get; init; }

    /// <summary>Whether class 0 counts in a segmentation's Dice loss.</summary>
    public bool DiceBackground { get; init; } = true;

    /// <summary>Weights of the pixels in a segmentation's cross-entropy; null: all count alike.</summary>
    public BorderWeighting? BorderWeights { get; init; }

    /// <summary>"none", "digits", "segmentation", "segmentation-rigid", "photographs" or "nnunet": see <see cref="AugmentationOptions.Named"/>.</summary>
    public required string Augmentation { get; init; }

    /// <summary>Batches of held-out patches that a segmentation's epoch is scored by (pseudo-Dice); null: whole images are.</summary>
    public int? ValidationBatches { get; init; }

    /// <summary>m of the moving average m·before + (1 − m)·now of the validation's score that chooses the best epoch; null: the score itself does.</summary>
    public double? ScoreMemory { get; init; }

    /// <summary>The share of samples held out for validation, where the data have no test samples of their own.</summary>
    public double ValidationShare { get; init; } = 0.2;

    /// <summary>Which fold is held out, of those that the data prescribe or of <see cref="Folds"/>; null: the first prescribed one, else a share of the samples.</summary>
    public int? Fold { get; init; }

    /// <summary>How many folds the samples are divided into; null: five. With no <see cref="Fold"/>, the recipe is of a cross-validation: one network for each.</summary>
    public int? Folds { get; init; }

    /// <summary>Whether neighbours by name are held out, the last ones or a fold of them, rather than random samples.</summary>
    public bool ValidationContiguous { get; init; }

    /// <summary>The largest tile of a prediction, positions along each axis; a memory limit may ask for a half or a quarter of it.</summary>
    public int Tile { get; init; } = 1024;

    /// <summary>What a size-keeping network sees around a tile's part.</summary>
    public int Context { get; init; } = 64;

    /// <summary>
    /// The largest distance of neighbouring tiles of <see cref="InputSize"/>, as a share of them, whose scores are averaged with Gaussian weights; null: each
    /// tile gives its middle.
    /// </summary>
    public double? TileStep { get; init; }

    /// <summary>
    /// Pixels along height and width by which pictures lie further on than their masks, as measured; they are moved so much before the network sees them. Null
    /// for none.
    /// </summary>
    public IReadOnlyList<double>? MaskOffset { get; init; }

    /// <summary>Whether predictions average all mirror images of a tile.</summary>
    public bool Mirrors { get; init; }

    /// <summary>What is done to predictions, decided by the held-out samples in the end; null where nothing is.</summary>
    public Postprocessing? Postprocessing { get; init; }

    /// <summary>The seed of everything random.</summary>
    public required long Seed { get; init; }

    /// <summary>What was chosen and why, in words.</summary>
    public IReadOnlyList<PlanChoice> Choices { get; init; } = [];

    /// <summary>Scores of a pixel that the network puts out: one for each region, else one for each class.</summary>
    internal int Outputs => Regions?.Count ?? Classes.Count;

    /// <summary>The network, with fresh weights drawn from <see cref="Settings.Seed"/>.</summary>
    /// <exception cref="VoluteException">The recipe names a network that this version does not know.</exception>
    public Module CreateNetwork() => Model switch
    {
        "staged-unet" => new StagedUNet(StagedUNet ?? throw new VoluteException("the recipe's model is 'staged-unet', but it has no options of one ('stagedUNet')")),
        "unet" => new UNet(UNet ?? throw new VoluteException("the recipe's model is 'unet', but it has no options of one ('uNet')")),
        _ => (NamedNetwork.Find(Model) ?? throw new VoluteException($"the recipe's model '{Model}' is not known here; known are staged-unet, {NamedNetwork.Names}"))
            .Make(Shape.Create([1, Channels, .. InputSize]), Outputs),
    };

    /// <summary>The recipe of the stage on slices.</summary>
    /// <exception cref="VoluteException">The recipe has no such stage.</exception>
    public Recipe OfSlices()
    {
        if (Growth is not { } growth || StagedUNet is not { Volumes: not null } network)
            throw new VoluteException("only a staged U-Net of volumes whose kernels lie in planes ('stagedUNet.volumes') grows from slices ('growth')");
        return this with
        {
            Growth = null,
            OnSlices = true,
            StagedUNet = network.Slices(),
            InputSize = growth.Patch,
            BatchSize = growth.BatchSize,
            Minutes = Minutes * growth.Share,
            Epochs = Epochs is { } epochs ? Math.Max(1, (int)Math.Round(epochs * growth.Share)) : null,
            Choices = [],
        };
    }

    /// <summary>The optimizer of a network's parameters.</summary>
    /// <exception cref="VoluteException">The recipe names an optimizer that this version does not know.</exception>
    public Optimizer CreateOptimizer(Module network)
    {
        ArgumentNullException.ThrowIfNull(network);
        Optimizer optimizer = Optimizer switch
        {
            "adamw" => new AdamW(network.Parameters(), LearningRate, weightDecay: WeightDecay),
            "sgd" => new SGD(network.Parameters(), LearningRate, momentum: 0.99, weightDecay: WeightDecay, nesterov: true),
            _ => throw new VoluteException($"the recipe's optimizer '{Optimizer}' is not known here; known are adamw and sgd"),
        };
        optimizer.ClipNorm = ClipNorm;
        return optimizer;
    }

    /// <summary>The learning rate where a share of the training, 0 to 1, is done.</summary>
    /// <exception cref="VoluteException">The recipe names a schedule that this version does not know.</exception>
    public double Rate(double share) => Schedule switch
    {
        "one-cycle" => RateCurve.OneCycle(LearningRate, share),
        "polynomial" => RateCurve.Polynomial(LearningRate, share),
        _ => throw new VoluteException($"the recipe's schedule '{Schedule}' is not known here; known are one-cycle and polynomial"),
    };
}

/// <summary>Learning rates by the share of a training that is done: of its steps, or of its time, whose steps nobody knows beforehand.</summary>
internal static class RateCurve
{
    private const double Rise = 0.25, WarmUp = 0.02, Power = 0.9;

    /// <summary>One cycle (Smith and Topin, 2018): from 1/25 of the rate to all of it in the first quarter, then down to 1/10,000, along half cosines.</summary>
    public static double OneCycle(double rate, double share)
        => share < Rise ? Between(rate / 25, rate, share / Rise) : Between(rate, rate / 1e4, (share - Rise) / (1 - Rise));

    /// <summary>nnU-Net's rate·(1 − share)^0.9, evenly reached from nothing over the first 2 %.</summary>
    public static double Polynomial(double rate, double share) => rate * Math.Pow(1 - share, Power) * Math.Min(1, share / WarmUp + 0.01);

    private static double Between(double from, double to, double at) => to + (from - to) * (1 + Math.Cos(Math.PI * at)) / 2;
}

/// <summary>JSON of recipes without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Recipe))]
[JsonSerializable(typeof(CheckpointState))]
internal sealed partial class RecipeJson : JsonSerializerContext;
