using System.Security.Cryptography;
using System.Text;

namespace Volute.Training;

/// <summary>The outcome of a training: <c>summary.json</c>, and together with the log all that a report says in words and numbers.</summary>
public sealed record RunSummary
{
    /// <summary>The run folder's name.</summary>
    public required string Run { get; init; }

    /// <summary>The data set, in words: "membranes, 16 images to train, 4 held out".</summary>
    public required string Data { get; init; }

    /// <summary>The model, in words: "U-Net, base width 16, 1,944,049 parameters".</summary>
    public required string Model { get; init; }

    /// <summary>The metrics of the held-out cases, as in <see cref="Evaluation"/>.</summary>
    public Dictionary<string, double?> Metrics => Evaluation.Metrics;

    /// <summary>Epochs trained.</summary>
    public required int Epochs { get; init; }

    /// <summary>The epoch whose weights were kept.</summary>
    public int? BestEpoch { get; init; }

    /// <summary>The time taken, resumed parts together, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>The minutes that were promised, all included; null where epochs were.</summary>
    public double? Minutes { get; init; }

    /// <summary>The epochs that were planned; null where minutes were.</summary>
    public int? PlannedEpochs { get; init; }

    /// <summary>When the training ended.</summary>
    public DateTimeOffset? Finished { get; init; }

    /// <summary>The seed of everything random.</summary>
    public required long Seed { get; init; }

    /// <summary>What was chosen and why.</summary>
    public IReadOnlyList<PlanChoice> Plan { get; init; } = [];

    /// <summary>What is odd about the data.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Where it was trained.</summary>
    public RunEnvironment? Environment { get; init; }

    /// <summary>SHA-256 of what went in and came out.</summary>
    public IReadOnlyList<NamedHash> Hashes { get; init; } = [];

    /// <summary>How good the held-out cases are.</summary>
    public required Evaluation Evaluation { get; init; }

    /// <summary>The log: one row an epoch; of a cross-validation each fold has its own.</summary>
    public IReadOnlyList<TrainingLogRow> Log { get; init; } = [];

    /// <summary>The folds of a cross-validation; empty for one training.</summary>
    public IReadOnlyList<FoldSummary> Folds { get; init; } = [];
}

/// <summary>How one fold of a cross-validation was trained.</summary>
/// <param name="Fold">Its number, from 0.</param>
/// <param name="Cases">Cases that its network judged; 0 where the data have test samples of their own, which all networks judge together.</param>
/// <param name="Score">The mean over its cases: of Dice, or of right answers; null without cases.</param>
/// <param name="Epochs">Epochs trained.</param>
/// <param name="BestEpoch">The epoch whose weights were kept.</param>
/// <param name="Seconds">The time taken.</param>
public sealed record FoldSummary(int Fold, int Cases, double? Score, int Epochs, int BestEpoch, double Seconds);

/// <summary>One choice of the recipe: "Patch", "256 × 256", "the largest that fits 8 GB".</summary>
/// <param name="Label">What was chosen.</param>
/// <param name="Value">What it is.</param>
/// <param name="Reason">Why.</param>
/// <param name="Source">Whose rule it is: "nnU-Net", "measured here", "asked for".</param>
public sealed record PlanChoice(string Label, string Value, string Reason, string? Source = null);

/// <summary>The SHA-256 of something.</summary>
/// <param name="Name">What it is of: a file's name, "data".</param>
/// <param name="Sha256">64 hexadecimal digits.</param>
public sealed record NamedHash(string Name, string Sha256)
{
    /// <summary>One hash of the names and pixels of all images; none where the pixels were not read when the data were opened.</summary>
    internal static IReadOnlyList<NamedHash> OfImages(Dataset data)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (Dataset part in data.Test is { } test ? (Dataset[])[data, test] : [data])
            for (int i = 0; i < part.Count; i++)
            {
                if (part.ContentOf(i) is not { } content)
                    return [];
                hash.AppendData(Encoding.UTF8.GetBytes($"{part.NameOf(i)}\n{content}\n"));
            }
        return [new NamedHash("all images", Convert.ToHexStringLower(hash.GetHashAndReset()))];
    }

    /// <summary>The hash of a file, named by its own name.</summary>
    /// <exception cref="VoluteException">The file cannot be read.</exception>
    public static NamedHash OfFile(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            return new NamedHash(Path.GetFileName(path), Convert.ToHexStringLower(SHA256.HashData(stream)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VoluteException($"cannot read '{path}': {e.Message}", e);
        }
    }
}
