namespace Volute.Training;

/// <summary>What is done to predicted classes: only the largest connected component is kept, of all foreground together or of single classes.</summary>
/// <param name="LargestForeground">Whether only the largest component of all classes above 0 together stays.</param>
/// <param name="LargestOf">Classes of which only the largest component stays, after that.</param>
public sealed record Postprocessing(bool LargestForeground, IReadOnlyList<int> LargestOf)
{
    /// <summary>Whether nothing is done.</summary>
    internal bool IsNothing => !LargestForeground && LargestOf.Count == 0;

    /// <summary>In words.</summary>
    internal string Describe(IReadOnlyList<string> names)
        => string.Join(", then ", ((string?[])[LargestForeground ? "only the largest component of the foreground" : null,
            LargestOf.Count > 0 ? $"only the largest component of {string.Join(", ", LargestOf.Select(label => names[label]))}" : null]).OfType<string>());

    /// <summary>Changes the classes of a volume in place: what is dropped becomes class 0.</summary>
    /// <param name="classes">Row-major.</param>
    /// <param name="grid">Their sizes.</param>
    public void Apply(int[] classes, PixelGrid grid)
    {
        ArgumentNullException.ThrowIfNull(classes);
        ArgumentNullException.ThrowIfNull(grid);
        if (LargestForeground)
            KeepLargest(classes, grid, label => label > 0);
        foreach (int kept in LargestOf)
            KeepLargest(classes, grid, label => label == kept);
    }

    private static void KeepLargest(int[] classes, PixelGrid grid, Func<int, bool> belongs)
    {
        bool[] mask = Array.ConvertAll(classes, label => belongs(label));
        var (components, count) = ConnectedComponents.Of(mask, grid, Connectivity.Corners);
        if (count < 2)
            return;
        int[] sizes = new int[count + 1];
        foreach (int component in components)
            sizes[component]++;
        sizes[0] = 0;
        int largest = Array.IndexOf(sizes, sizes.Max());
        for (int i = 0; i < classes.Length; i++)
        {
            if (components[i] != 0 && components[i] != largest)
                classes[i] = 0;
        }
    }

    /// <summary>
    /// Decides by labelled volumes, nnU-Net's rule: what is kept of the foreground first, then of each class. A step is taken where it raises the mean Dice
    /// and lowers that of no class.
    /// </summary>
    public sealed class Choice(int classes)
    {
        // Dice of each class, summed over cases, and how many cases have it: as predicted, and with the largest foreground only; then again of each class
        // with its own largest only.
        private readonly double[,] _plain = new double[2, classes], _largest = new double[2, classes];
        private readonly int[,] _cases = new int[2, classes], _largestCases = new int[2, classes];

        /// <summary>Looks at one case.</summary>
        /// <param name="predicted">Classes, row-major.</param>
        /// <param name="labels">What is right; <see cref="LabelMap.Ignored"/> counts nowhere.</param>
        /// <param name="grid">Their sizes.</param>
        public void Add(int[] predicted, int[] labels, PixelGrid grid)
        {
            ArgumentNullException.ThrowIfNull(predicted);
            for (int step = 0; step < 2; step++)
            {
                int[] found = [.. predicted];
                if (step == 1)
                    new Postprocessing(true, []).Apply(found, grid);
                for (int label = 1; label < classes; label++)
                {
                    Count(found, labels, label, _plain, _cases, step);
                    int[] kept = [.. found];
                    new Postprocessing(false, [label]).Apply(kept, grid);
                    Count(kept, labels, label, _largest, _largestCases, step);
                }
            }
        }

        /// <summary>What is to be done.</summary>
        public Postprocessing Decide()
        {
            double[] plain = Means(_plain, _cases, 0), foreground = Means(_plain, _cases, 1);
            bool largestForeground = foreground.Sum() > plain.Sum() && foreground.Zip(plain).All(pair => pair.First >= pair.Second);
            int step = largestForeground ? 1 : 0;
            double[] before = Means(_plain, _cases, step), after = Means(_largest, _largestCases, step);
            return new Postprocessing(largestForeground, [.. Enumerable.Range(1, classes - 1).Where(label => after[label - 1] > before[label - 1])]);
        }

        private static double[] Means(double[,] sums, int[,] cases, int step)
            => [.. Enumerable.Range(1, sums.GetLength(1) - 1).Select(label => cases[step, label] == 0 ? 0 : sums[step, label] / cases[step, label])];

        private static void Count(int[] found, int[] labels, int label, double[,] sums, int[,] cases, int step)
        {
            int both = 0, either = 0;
            for (int i = 0; i < found.Length; i++)
            {
                if (labels[i] == LabelMap.Ignored)
                    continue;
                int hits = (found[i] == label ? 1 : 0) + (labels[i] == label ? 1 : 0);
                either += hits;
                both += hits == 2 ? 1 : 0;
            }
            if (either == 0)
                return;
            sums[step, label] += 2.0 * both / either;
            cases[step, label]++;
        }
    }
}
