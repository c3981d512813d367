namespace Volute.Training;

/// <summary>What a validation found.</summary>
/// <param name="Loss">The mean loss of the held-out samples.</param>
/// <param name="Score">What decides which epoch is best: more is better.</param>
/// <param name="Metrics">By name.</param>
public sealed record ValidationResult(double? Loss, double Score, Dictionary<string, double?> Metrics);

/// <summary>What differs between classifying images and segmenting them: batches, loss, and how predictions are scored.</summary>
public abstract class TaskHead
{
    private const int ValuesAtOnce = 1 << 20;

    private protected TaskHead(Recipe recipe, TrainingData data) => (Recipe, Data) = (recipe, data);

    /// <summary>The names of the metrics that each epoch logs.</summary>
    public abstract IReadOnlyList<string> Metrics { get; }

    private protected Recipe Recipe { get; }

    private protected TrainingData Data { get; }

    /// <summary>The head for a recipe's task.</summary>
    public static TaskHead Create(Recipe recipe, TrainingData data)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(data);
        return recipe.Task == DatasetTask.Segmentation ? new SegmentationHead(recipe, data) : new ClassificationHead(recipe, data);
    }

    /// <summary>The batches to learn from.</summary>
    public abstract Loader Loader();

    /// <summary>The loss of a batch.</summary>
    public abstract Tensor Loss(Module network, Batch batch);

    /// <summary>Scores the held-out samples.</summary>
    public abstract ValidationResult Validate(Module network);

    /// <summary>About how many seconds the final scoring of the judged samples will take, from a trial.</summary>
    /// <param name="network">As far as it is trained.</param>
    /// <param name="validationSeconds">What the last validation took.</param>
    public abstract double OutcomeSeconds(Module network, double validationSeconds);

    /// <summary>How many images are classified at a time: many small ones, few large ones.</summary>
    internal static int PredictedAtOnce(Recipe recipe) => (int)Math.Clamp(ValuesAtOnce / (recipe.Channels * recipe.InputSize.Aggregate(1L, (a, b) => a * b)), 1, 256);

    private protected AugmentationOptions Augmentation => AugmentationOptions.Named(Recipe.Augmentation, Recipe.InputSize);

    private protected static Tensor Images(Batch batch) => Tensor.FromArray(batch.Images.AsSpan(0, Elements(batch.ImageShape)).ToArray(), batch.ImageShape);

    private protected static Tensor Labels(Batch batch) => Tensor.FromArray(batch.Labels.AsSpan(0, Elements(batch.LabelShape)).ToArray(), batch.LabelShape);

    private static int Elements(int[] shape) => shape.Aggregate(1, (a, b) => a * b);
}

internal sealed class ClassificationHead(Recipe recipe, TrainingData data) : TaskHead(recipe, data)
{
    public override IReadOnlyList<string> Metrics => ["accuracy"];

    public override Loader Loader() => new(Data.Data, new LoaderOptions
    {
        BatchSize = Math.Min(Recipe.BatchSize, Data.Training.Length),
        Seed = (ulong)Recipe.Seed,
        Shuffle = true,
        DropLast = true,
        Indices = Data.Training,
        Augmentation = Augmentation,
        Standardization = Recipe.Standardization,
    });

    public override Tensor Loss(Module network, Batch batch) => Volute.Loss.CrossEntropy(network.Forward(Images(batch)), Labels(batch));

    public override ValidationResult Validate(Module network)
    {
        Loader loader = new(Data.Data, new LoaderOptions { BatchSize = PredictedAtOnce(Recipe), Indices = Data.Validation, Standardization = Recipe.Standardization });
        double loss = 0;
        int hits = 0, count = 0;
        foreach (Batch batch in loader.Epoch(0))
        {
            using (batch)
            {
                Tensor scores = network.Forward(Images(batch)), labels = Labels(batch), lost = Volute.Loss.CrossEntropy(scores, labels, reduction: Reduction.Sum), answers = scores.ArgMax(1);
                Tensor.Evaluate(lost, answers);
                loss += lost.Item();
                int[] found = answers.ToArray<int>();
                for (int i = 0; i < batch.Count; i++)
                    hits += found[i] == batch.Labels[i] ? 1 : 0;
                count += batch.Count;
            }
        }
        double accuracy = (double)hits / count;
        return new ValidationResult(loss / count, accuracy, new() { ["accuracy"] = accuracy });
    }

    // The same forward passes, then the numbers and their intervals.
    public override double OutcomeSeconds(Module network, double validationSeconds) => 1 + 1.5 * validationSeconds * Data.Judged.Length / Data.Validation.Length;
}
