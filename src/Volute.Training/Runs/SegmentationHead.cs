using System.Diagnostics;

namespace Volute.Training;

internal sealed class SegmentationHead(Recipe recipe, TrainingData data) : TaskHead(recipe, data)
{
    private const int Examples = 4;
    private const double QuickTrial = 5;

    private readonly RegionLabels? _regions = RegionLabels.Of(recipe);

    public override IReadOnlyList<string> Metrics => Recipe.ValidationBatches is null ? ["dice", "pixelAccuracy"] : PseudoDice.Names(Recipe);

    public override Loader Loader() => Patches(Data.Training, Recipe.StepsPerEpoch, Augmentation);

    public override Tensor Loss(Module network, Batch batch)
        => LossOf(network is StagedUNet staged ? staged.Outputs(Images(batch)) : [network.Forward(Images(batch))], batch);

    public override ValidationResult Validate(Module network) => Recipe.ValidationBatches is { } batches ? ByPatches(network, batches) : ByImages(network);

    public override double OutcomeSeconds(Module network, double validationSeconds)
    {
        if (Recipe.OnSlices)
            return 0;
        Predictor predictor = new(Recipe, network);
        int count = Data.Judged.Length;
        if (Data.Judged.Any(Data.Judge.IsLarge))
            return SecondsOfPixels(predictor, Data.Judge.Look(Data.Judged.First(Data.Judge.IsLarge)))
                * Data.Judged.Sum(index => Data.Judge.ShapeOf(index).Skip(1).Aggregate(1.0, (product, n) => product * n));
        Sample sample = Data.Judge[Data.Judged[0]];
        double Scored() => Seconds(() => Scoring.Score(predictor, Data.Judge, [Data.Judged[0]], examples: 0));
        double first = Scored();
        // The first time includes what happens once.
        double score = first < QuickTrial ? Scored() : first, predict = Seconds(() => predictor.Segment(sample));
        // Mirror images are tried on what is held out, and may be taken.
        int times = OutcomeChoices.TriesMirrors(Recipe, Data) ? OutcomeChoices.MirroredWork : 1;
        int decide = Data.Validation.Length * (times > 1 ? 1 + times : Recipe.Preprocessing is null ? 0 : 1);
        return first - score + count * (score + (times - 1) * predict) + (Math.Min(count, (Scoring.WorstShare + 1) * Examples) * times + decide) * predict;
    }

    /// <summary>What a pixel of a large raster takes, by its middle.</summary>
    private static double SecondsOfPixels(Predictor predictor, WindowedSample raster)
    {
        Sample middle = raster.Cut(raster.Middle(Scoring.RasterBlock));
        double Once() => Seconds(() => predictor.Segment(middle, probabilities: false)) / middle.Labels.Length;
        double first = Once();
        return first * middle.Labels.Length < QuickTrial ? Once() : first;
    }

    private ValidationResult ByImages(Module network)
    {
        Evaluation evaluation = Scoring.PixelsAlone(new Predictor(Recipe, network), Data.Source, Data.Validation);
        double dice = evaluation.Metrics["dice"] ?? 0;
        return new ValidationResult(null, double.IsNaN(dice) ? 0 : dice, new() { ["dice"] = dice, ["pixelAccuracy"] = evaluation.Metrics["pixelAccuracy"] });
    }

    /// <summary>By patches of the held-out samples, which costs the same however large the images are. The patches are the same each time.</summary>
    private ValidationResult ByPatches(Module network, int batches)
    {
        PseudoDice dice = new(Recipe.Outputs, _regions);
        double loss = 0;
        int done = 0;
        foreach (Batch batch in Patches(Data.Validation, batches, AugmentationOptions.None).Epoch(0).Take(batches))
        {
            using (batch)
            {
                Tensor scores = network.Forward(Images(batch)), lost = LossOf([scores], batch), answers = dice.Answers(scores);
                Tensor.Evaluate(lost, answers);
                loss += lost.Item();
                done++;
                dice.Add(answers, batch);
            }
        }
        return new ValidationResult(loss / done, double.IsNaN(dice.Mean) ? 0 : dice.Mean, dice.Metrics);
    }

    /// <summary>Patches of some samples: in an epoch enough of each for <paramref name="batches"/> batches, or one of each.</summary>
    private Loader Patches(int[] samples, int? batches, AugmentationOptions augmentation)
    {
        int each = batches is { } wanted ? Math.Max(1, (wanted * Recipe.BatchSize + samples.Length - 1) / samples.Length) : 1;
        return new Loader(Data.Data, new LoaderOptions
        {
            BatchSize = Recipe.BatchSize,
            Seed = (ulong)Recipe.Seed,
            Shuffle = true,
            DropLast = samples.Length * each >= Recipe.BatchSize,
            Indices = samples,
            Crop = Recipe.InputSize,
            CropsPerSample = each,
            Foreground = 1.0 / 3,
            Augmentation = augmentation,
            Standardization = Recipe.Standardization,
            MaskOffset = Recipe.MaskOffset,
        });
    }

    private Tensor LossOf(IReadOnlyList<Tensor> scores, Batch batch)
        => SegmentationLoss.Of(scores, batch, Recipe.DiceBackground, Recipe.BorderWeights, _regions);

    private static double Seconds(Action work)
    {
        Stopwatch clock = Stopwatch.StartNew();
        work();
        return clock.Elapsed.TotalSeconds;
    }
}
