using System.Globalization;

namespace Volute.Training;

/// <summary>What a user may fix; the rest is chosen from the data.</summary>
public sealed record TrainingWishes
{
    /// <summary>"staged-unet", or the name of a <see cref="NamedNetwork"/> that classifies or segments.</summary>
    public string? Model { get; init; }

    /// <summary>Epochs.</summary>
    public int? Epochs { get; init; }

    /// <summary>Minutes.</summary>
    public double? Minutes { get; init; }

    /// <summary>Samples of a batch.</summary>
    public int? BatchSize { get; init; }

    /// <summary>The highest learning rate.</summary>
    public double? LearningRate { get; init; }

    /// <summary>Channels of a U-Net's first level.</summary>
    public int? BaseWidth { get; init; }

    /// <summary>Spatial size of a segmentation's patches.</summary>
    public int? Patch { get; init; }

    /// <summary>The most bytes that a training step may take; 8 GB, or half of the machine's memory where that is less, unless given.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Whether a staged U-Net is planned with nnU-Net's own constants, for a GPU, rather than for this machine.</summary>
    public bool NnUNet { get; init; }

    /// <summary>Whether a network of volumes learns from slices first, and goes on in volumes by ACS convolutions.</summary>
    public bool Grow { get; init; }

    /// <summary>Epochs without a better validation after which training stops.</summary>
    public int? Patience { get; init; }

    /// <summary>The fold to hold out, of those that the data prescribe or of <see cref="Folds"/>.</summary>
    public int? Fold { get; init; }

    /// <summary>How many folds the samples are divided into; without <see cref="Fold"/>, a network is trained for each of them.</summary>
    public int? Folds { get; init; }

    /// <summary>A name of <see cref="AugmentationOptions.Named"/>.</summary>
    public string? Augmentation { get; init; }

    /// <summary>Whether gaps between objects weigh more in a segmentation's loss: <see cref="BorderWeighting"/>.</summary>
    public bool BorderWeights { get; init; }

    /// <summary>The seed of everything random.</summary>
    public long Seed { get; init; }
}

/// <summary>Chooses a recipe for data, and says why. Given minutes, it measures steps on this machine for a few seconds.</summary>
public static class RecipeMaker
{
    private const string StagedUNet = "staged-unet";

    /// <summary>The recipe for <paramref name="data"/>.</summary>
    /// <exception cref="InvalidArgumentException">A wish that does not fit the data.</exception>
    public static Recipe Make(Dataset data, string path, TrainingWishes wishes)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(wishes);
        Check(wishes);
        return CrossValidation.Of(wishes, own => WithBorderWeights(Plan(data, path, own)));
    }

    private static Recipe WithBorderWeights(Recipe recipe) => recipe.BorderWeights is not { } weights ? recipe : recipe with
    {
        Choices = [.. recipe.Choices, new("Border weights", string.Create(CultureInfo.InvariantCulture, $"w0 {weights.Strength}, sigma {weights.Sigma} px; classes {string.Join(", ", weights.ClassWeights.Select(w => w.ToString("0.##", CultureInfo.InvariantCulture)))}"), "asked for: gaps between objects weigh more", "U-Net")],
    };

    private static Recipe Plan(Dataset data, string path, TrainingWishes wishes)
    {
        string model = wishes.Model ?? (data.Task == DatasetTask.Segmentation ? StagedUNet : ClassificationPlanner.Model(data));
        NamedNetwork? known = NamedNetwork.Find(model);
        if (model != StagedUNet && known is not { Task: NetworkTask.Segmentation or NetworkTask.Classification })
            throw new InvalidArgumentException($"model '{model}' {(known is null ? "is not known" : "has no classes to learn")}; known are {StagedUNet}, {Names(NetworkTask.Segmentation)} (segmentation), {Names(NetworkTask.Classification)} (classification)");
        bool segments = known is null || known.Task == NetworkTask.Segmentation;
        if (segments != (data.Task == DatasetTask.Segmentation))
            throw new InvalidArgumentException($"model '{model}' is for {(segments ? "segmentation" : "classification")}, but the data are a {data.Task.ToString().ToLowerInvariant()}: {data.Describe()}");
        int[] image = data.ShapeOf(0)[1..];
        if (wishes.Grow && image.Length != 3)
            throw new InvalidArgumentException($"growing begins on slices of volumes, but '{path}' holds pictures [C, {string.Join(", ", image)}]");
        if (known is not null && known.Input.Rank - 2 != image.Length)
            throw new InvalidArgumentException($"model '{model}' is for {Axes(known.Input.Rank - 2)}, but '{path}' holds {(segments || image.Length == 2 ? Axes(image.Length) : $"clips [C, {string.Join(", ", image)}]")}{(segments ? $"; {StagedUNet} takes them" : "")}");
        if (data.Regions is { } regions)
            CheckRegions(regions, model, path, wishes);
        Recipe common = new()
        {
            Model = model,
            Task = data.Task,
            Data = path,
            Classes = [.. data.Classes],
            Channels = data.Channels,
            ChannelNames = data.ChannelNames,
            Labels = data.Labels?.ToJson(),
            Regions = data.Regions,
            Standardization = data.Standardization,
            InputSize = image,
            BatchSize = wishes.BatchSize ?? 32,
            LearningRate = wishes.LearningRate ?? 2e-3,
            Augmentation = wishes.Augmentation ?? "none",
            Epochs = wishes.Minutes is null ? wishes.Epochs ?? 10 : null,
            Minutes = wishes.Minutes,
            Patience = wishes.Patience,
            Fold = wishes.Fold,
            Folds = wishes.Folds,
            BorderWeights = wishes.BorderWeights ? BorderWeighting.Of(data) : null,
            Seed = wishes.Seed,
        };
        return model switch
        {
            StagedUNet => new SegmentationPlanner(data, wishes).Plan(common),
            _ => known!.Task == NetworkTask.Segmentation ? PatchPlanner.Plan(common, known, data, wishes) : ClassificationPlanner.Plan(common, known, data, wishes),
        };
    }

    private static string Names(NetworkTask task) => string.Join(", ", NamedNetwork.All.Where(n => n.Task == task).Select(n => n.Name));

    private static string Axes(int axes) => axes switch { 1 => "signals [C, L]", 2 => "pictures [C, H, W]", _ => "volumes [C, D, H, W]" };

    /// <summary>The recipe of a run that goes on, for longer or with another patience than it began with.</summary>
    /// <exception cref="InvalidArgumentException">Epochs and minutes at once, or less than one.</exception>
    public static Recipe Extend(Recipe recipe, TrainingWishes wishes)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(wishes);
        Check(wishes);
        bool timed = wishes.Minutes is not null || wishes.Epochs is null && recipe.Minutes is not null;
        return recipe with
        {
            Epochs = timed ? null : wishes.Epochs ?? recipe.Epochs,
            Minutes = timed ? wishes.Minutes ?? recipe.Minutes : null,
            Patience = wishes.Patience ?? recipe.Patience,
        };
    }

    private static void CheckRegions(IReadOnlyList<LabelRegion> regions, string model, string path, TrainingWishes wishes)
    {
        string asked = $"'{path}' asks for regions, of which a pixel may have several ({string.Join(", ", regions)})";
        if (model != StagedUNet)
            throw new InvalidArgumentException($"model '{model}' gives each pixel one class, but {asked}; staged-unet learns them");
        if (wishes.BorderWeights)
            throw new InvalidArgumentException($"border weights part objects of classes, but {asked}; leave them out, or name each label as a class of its own in a classes.csv (value,name)");
    }

    private static void Check(TrainingWishes wishes)
    {
        if (wishes.Epochs is < 1)
            throw new InvalidArgumentException($"epochs must be >= 1, got {wishes.Epochs}");
        if (wishes.Minutes is <= 0 or double.NaN)
            throw new InvalidArgumentException($"minutes must be > 0, got {wishes.Minutes}");
        if (wishes.Epochs is not null && wishes.Minutes is not null)
            throw new InvalidArgumentException("give either epochs or minutes, not both");
        if (wishes.BatchSize is < 1)
            throw new InvalidArgumentException($"the batch size must be >= 1, got {wishes.BatchSize}");
        if (wishes.Patch is < 4)
            throw new InvalidArgumentException($"the patch must be >= 4, got {wishes.Patch}");
        if (wishes.BaseWidth is < 1)
            throw new InvalidArgumentException($"the base width must be >= 1, got {wishes.BaseWidth}");
        if (wishes.NnUNet && wishes.Model is not (null or StagedUNet))
            throw new InvalidArgumentException($"nnU-Net's budget is for the staged-unet, got model '{wishes.Model}'");
        if (wishes.Grow && (wishes.NnUNet || wishes.Model is not (null or StagedUNet)))
            throw new InvalidArgumentException($"growing is for the staged-unet by this machine's plan, got {(wishes.NnUNet ? "nnU-Net's budget" : $"model '{wishes.Model}'")}");
        if (wishes.NnUNet && wishes.Patch is not null)
            throw new InvalidArgumentException($"nnU-Net's budget plans the patch itself, got one of {wishes.Patch}; leave out one of both");
        if (wishes.Augmentation is { } name)
            AugmentationOptions.Named(name, [1, 1]);
        CrossValidation.Check(wishes);
        if (wishes.Patience is < 1)
            throw new InvalidArgumentException($"the patience must be >= 1 epoch, got {wishes.Patience}");
        if (wishes.LearningRate is <= 0 or double.NaN)
            throw new InvalidArgumentException($"the learning rate must be > 0, got {wishes.LearningRate}");
    }
}
