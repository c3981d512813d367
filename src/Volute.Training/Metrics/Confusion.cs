namespace Volute.Training;

/// <summary>counts[r, p] = number of pixels (or pictures) of reference class r that were predicted as class p.</summary>
public sealed class Confusion
{
    private readonly long[] counts;

    /// <summary>An empty matrix for <paramref name="classes"/> classes, numbered from 0.</summary>
    /// <exception cref="InvalidArgumentException">Fewer than 1 or more than 4,096 classes.</exception>
    public Confusion(int classes)
    {
        if (classes is < 1 or > MaxClasses)
            throw new InvalidArgumentException($"the number of classes must be 1 to {MaxClasses}, got {classes}");
        Classes = classes;
        counts = new long[Volute.Kernels.Sizes.Product([classes, classes], "a confusion matrix")];
    }

    private const int MaxClasses = 4096;

    /// <summary>The number of classes.</summary>
    public int Classes { get; }

    /// <summary>How often reference class <paramref name="reference"/> was predicted as <paramref name="predicted"/>.</summary>
    public long this[int reference, int predicted]
    {
        get
        {
            CheckClass(reference);
            CheckClass(predicted);
            return counts[reference * Classes + predicted];
        }
    }

    /// <summary>∑ counts.</summary>
    public long Total => counts.Sum();

    /// <summary>∑ counts[c, c].</summary>
    public long Right
    {
        get
        {
            long right = 0;
            for (int c = 0; c < Classes; c++)
                right += counts[c * Classes + c];
            return right;
        }
    }

    /// <summary>The share that is right: ∑ counts[c, c] / ∑ counts; NaN where nothing was counted.</summary>
    public double Accuracy => Total is var total and > 0 ? (double)Right / total : double.NaN;

    /// <summary>The accuracy of always answering the most frequent reference class, and that class: what a model must beat.</summary>
    public (double Accuracy, int Class) Majority
    {
        get
        {
            int most = 0;
            for (int c = 1; c < Classes; c++)
                if (ReferenceOf(c) > ReferenceOf(most))
                    most = c;
            return (Total is var total and > 0 ? (double)ReferenceOf(most) / total : double.NaN, most);
        }
    }

    /// <summary>What class <paramref name="c"/> got.</summary>
    public ClassCounts Of(int c)
    {
        CheckClass(c);
        return Of([c]);
    }

    /// <summary>What the classes of a set got, taken for one.</summary>
    internal ClassCounts Of(LabelSet set) => Of(set.Labels);

    private ClassCounts Of(ReadOnlySpan<int> set)
    {
        long hits = 0, predicted = 0, reference = 0;
        foreach (int c in set)
        {
            reference += ReferenceOf(c);
            for (int r = 0; r < Classes; r++)
                predicted += counts[r * Classes + c];
            foreach (int p in set)
                hits += counts[c * Classes + p];
        }
        return new ClassCounts(hits, predicted - hits, reference - hits);
    }

    /// <summary>
    /// Counts one case. Where <paramref name="labels"/> says <paramref name="ignore"/> nothing is counted, whatever the prediction is.
    /// </summary>
    /// <exception cref="InvalidArgumentException">The lengths differ, or a label or a prediction that counts is no class; <paramref name="name"/> is in the message.</exception>
    public void Add(ReadOnlySpan<int> predictions, ReadOnlySpan<int> labels, int? ignore = null, string name = "the case")
    {
        Check(predictions, labels, ignore, name);
        for (int i = 0; i < labels.Length; i++)
            if (labels[i] != ignore)
                counts[labels[i] * Classes + predictions[i]]++;
    }

    /// <summary>Adds the counts of <paramref name="other"/>.</summary>
    /// <exception cref="InvalidArgumentException">It has another number of classes.</exception>
    public void Add(Confusion other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Classes != Classes)
            throw new InvalidArgumentException($"a confusion matrix of {other.Classes} classes cannot be added to one of {Classes}");
        for (int i = 0; i < counts.Length; i++)
            counts[i] += other.counts[i];
    }

    /// <summary>The rows, one a reference class: what JSON documents hold.</summary>
    public long[][] ToRows() => [.. counts.Chunk(Classes)];

    /// <summary>The matrix whose rows these are.</summary>
    /// <exception cref="InvalidArgumentException">The rows are not as many as each is long, or a count is negative.</exception>
    public static Confusion FromRows(IReadOnlyList<IReadOnlyList<long>> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        Confusion confusion = new(rows.Count);
        for (int r = 0; r < rows.Count; r++)
        {
            if (rows[r].Count != rows.Count)
                throw new InvalidArgumentException($"a confusion matrix is square, but row {r} of {rows.Count} has {rows[r].Count} counts");
            for (int p = 0; p < rows.Count; p++)
                confusion.counts[r * rows.Count + p] = rows[r][p] >= 0 ? rows[r][p]
                    : throw new InvalidArgumentException($"a count is >= 0, got {rows[r][p]} in row {r}, column {p}");
        }
        return confusion;
    }

    private long ReferenceOf(int c)
    {
        long sum = 0;
        for (int p = 0; p < Classes; p++)
            sum += counts[c * Classes + p];
        return sum;
    }

    /// <summary>Everything is looked at before anything is counted: a faulty case leaves the matrix as it was.</summary>
    private void Check(ReadOnlySpan<int> predictions, ReadOnlySpan<int> labels, int? ignore, string name)
    {
        if (predictions.Length != labels.Length)
            throw new InvalidArgumentException($"{name}: {predictions.Length} predictions for {labels.Length} labels; both need the same size");
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] == ignore)
                continue;
            if ((uint)labels[i] >= (uint)Classes)
                throw new InvalidArgumentException($"{name}: label {labels[i]} at index {i} is none of the {Classes} classes (0 to {Classes - 1}); " +
                    "if it marks what is not labelled, give it as the ignore label");
            if ((uint)predictions[i] >= (uint)Classes)
                throw new InvalidArgumentException($"{name}: prediction {predictions[i]} at index {i} is none of the {Classes} classes (0 to {Classes - 1})");
        }
    }

    private void CheckClass(int c)
    {
        if ((uint)c >= (uint)Classes)
            throw new InvalidArgumentException($"no class {c}; there are {Classes} (0 to {Classes - 1})");
    }
}
