namespace Volute.Training;

/// <summary>Chooses what a classification needs: the network by the pictures, their size, the batch, the rate.</summary>
internal static class ClassificationPlanner
{
    // Pictures of so few pixels on a side are signs and thumbnails.
    private const int SmallPicture = 64;

    // Of so many a twentieth tells enough.
    private const int ManySamples = 2000;

    // A batch of so many values fills a processor; more only takes memory.
    private const int ValuesOfBatch = 1 << 22, LeastBatch = 4, MostBatch = 32;

    // Steps of an epoch that few samples give all the same, of a training whose length is not asked for, and what that takes at the most.
    private const int LeastSteps = 16, StepsOfTraining = 500, LeastEpochs = 10, MostEpochs = 100;

    // What networks without normalization bear: their gradients grow and shrink with depth.
    private const double Rate = 2e-3, PlainRate = 3e-4;
    private const long LargePlainNetwork = 1_000_000;

    /// <summary>The network's name for the data, unless one is asked for.</summary>
    public static string Model(Dataset data)
    {
        int[] shape = data.ShapeOf(0);
        return shape.Length == 4 ? "resnet18acs"
            : shape.Skip(1).Max() > SmallPicture ? "resnet18"
            : shape[0] == 1 ? "lenet" : "resnet20";
    }

    /// <summary>The recipe, where what does not depend on the network is known.</summary>
    /// <param name="common">Names the model.</param>
    /// <param name="known">The model.</param>
    /// <param name="data">Classified pictures or clips.</param>
    /// <param name="wishes">What is asked for.</param>
    public static Recipe Plan(Recipe common, NamedNetwork known, Dataset data, TrainingWishes wishes)
    {
        PlanChoice input = Input(known, data, out int[] size);
        Recipe recipe = common with { InputSize = size };
        Module network = recipe.CreateNetwork();
        bool isPlain = network.ParameterCount >= LargePlainNetwork && !network.Modules().OfType<ChannelNorm>().Any();
        long values = data.Channels * size.Aggregate(1L, (a, b) => a * b);
        int training = data.Count - (int)(data.Count * ValidationShare(data));
        int batch = wishes.BatchSize ?? (int)Math.Clamp(Math.Min(ValuesOfBatch / values, training / LeastSteps), LeastBatch, MostBatch), steps = Math.Max(1, training / batch);
        int epochs = Math.Clamp((StepsOfTraining + steps - 1) / steps, LeastEpochs, MostEpochs);
        double rate = wishes.LearningRate ?? (isPlain ? PlainRate : Rate);
        bool isPhotograph = data.Channels == 3 && size.Length == 2;
        string augmentation = wishes.Augmentation ?? (isPhotograph ? "photographs" : "none");
        return recipe with
        {
            BatchSize = batch,
            Epochs = wishes.Minutes is null ? wishes.Epochs ?? epochs : null,
            LearningRate = rate,
            Augmentation = augmentation,
            ValidationShare = ValidationShare(data),
            Choices =
            [
                new("Network", common.Model, wishes.Model is not null ? "asked for" : size.Length == 3 ? "clips with one class each" : $"{(size.Max() > SmallPicture ? "large" : "small")} {(data.Channels == 1 ? "gray" : "colour")} pictures with one class each"),
                input,
                new("Batch", $"{batch}", wishes.BatchSize is not null ? "asked for" : batch == MostBatch ? "small pictures: many at once"
                    : steps <= 2 * LeastSteps ? $"so that an epoch of few samples has {steps} steps" : "as many as fill the processor; more only take memory"),
                HeldOut.Explain(data, common.Fold, isStack: false, data.Count >= ManySamples ? "a random twentieth" : "a random fifth", common.Folds ?? 5),
                new("Learning rate", $"{rate}, one cycle", isPlain ? "no layer normalizes: small steps; rises for the first quarter, then falls to nearly nothing" : "rises for the first quarter, then falls to nearly nothing"),
                new("Augmentation", augmentation, wishes.Augmentation is not null ? "asked for" : isPhotograph ? "colour pictures: mirrored left to right and moved by up to an eighth" : "what is seen may not be mirrored or turned"),
            ],
        };
    }

    /// <summary>The size of what the network sees: that of the data, where all have one and the network takes it; else the one that it is known with.</summary>
    private static PlanChoice Input(NamedNetwork known, Dataset data, out int[] size)
    {
        int[] own = data.ShapeOf(0)[1..], usual = [.. known.Input.Skip(2)];
        bool isOne = SizedDataset.Have(data, own), isLarge = own.Zip(usual).Any(axis => axis.First > 2 * axis.Second);
        bool fits = Takes(known, data, own, out string? reason);
        size = isOne && fits && !isLarge ? own : usual;
        string text = string.Join(" x ", [data.Channels, .. size]);
        return new("Input", text, size == own ? "the size of the data"
            : !isOne ? $"the data differ in size: all are brought to the one that {known.Name} is known with"
            : isLarge ? $"the data are {string.Join(" x ", own)}: brought to the size that {known.Name} is known with, which costs less"
            : $"the data are {string.Join(" x ", own)}, which {known.Name} does not take ({reason}): brought to the size that it is known with");
    }

    private static double ValidationShare(Dataset data) => data.Count >= ManySamples ? 0.05 : 0.2;

    private static bool Takes(NamedNetwork known, Dataset data, int[] size, out string? reason)
    {
        Shape input = Shape.Create([1, data.Channels, .. size]);
        try
        {
            _ = known.Make(input, data.Classes.Count).Eval().Forward(Tensor.Full(input, 0));
            reason = null;
            return true;
        }
        catch (VoluteException e)
        {
            reason = e.Message.Split('\n')[0];
            return false;
        }
    }
}
