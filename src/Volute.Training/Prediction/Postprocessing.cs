namespace Volute.Training;

/// <summary>What is done to predicted classes: only the largest connected component is kept, of all foreground together or of single classes or regions.</summary>
/// <param name="LargestForeground">Whether only the largest component of all classes above 0 together stays.</param>
/// <param name="LargestOf">Classes of which only the largest component stays, after that; the numbers of regions, from 0, where there are regions.</param>
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
    public void Apply(int[] classes, PixelGrid grid) => Apply(classes, grid, regions: null);

    /// <inheritdoc cref="Apply(int[], PixelGrid)"/>
    /// <param name="classes">Row-major.</param>
    /// <param name="grid">Their sizes.</param>
    /// <param name="regions">The classes of each region, which <see cref="LargestOf"/> numbers; null: it numbers classes.</param>
    internal void Apply(int[] classes, PixelGrid grid, IReadOnlyList<LabelSet>? regions)
    {
        ArgumentNullException.ThrowIfNull(classes);
        ArgumentNullException.ThrowIfNull(grid);
        if (LargestForeground)
            KeepLargest(classes, grid, label => label > 0);
        foreach (int kept in LargestOf)
            KeepLargest(classes, grid, regions is null ? label => label == kept : regions[kept].Holds);
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
    /// Decides by labelled volumes, nnU-Net's rule: what is kept of the foreground first, then of each class or region. A step is taken where it raises the
    /// mean Dice and lowers that of none.
    /// </summary>
    public sealed class Choice
    {
        private readonly LabelSet[] _sets;
        private readonly bool _areRegions;

        // Mean Dice over the cases that have a set: without and with the largest foreground only; as it is then, and with the largest of one set only, which
        // changes the sets that overlap it.
        private readonly DiceMean[,] _plain;
        private readonly DiceMean[,,] _largest;

        /// <summary>For classes, of which 0 is the background.</summary>
        public Choice(int classes) : this([.. Enumerable.Range(1, classes - 1).Select(label => new LabelSet(label))], areRegions: false)
        {
        }

        /// <summary>For regions.</summary>
        internal Choice(IReadOnlyList<LabelSet> regions) : this([.. regions], areRegions: true)
        {
        }

        private Choice(LabelSet[] sets, bool areRegions)
            => (_sets, _areRegions, _plain, _largest) = (sets, areRegions, new DiceMean[2, sets.Length], new DiceMean[2, sets.Length, sets.Length]);

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
                for (int s = 0; s < _sets.Length; s++)
                {
                    _plain[step, s].Add(found, labels, _sets[s]);
                    int[] kept = [.. found];
                    KeepLargest(kept, grid, _sets[s].Holds);
                    foreach (int changed in ChangedBy(s))
                        _largest[step, s, changed].Add(kept, labels, _sets[changed]);
                }
            }
        }

        /// <summary>What is to be done. Of regions that overlap only the one whose largest component helps most is reduced to it: nobody looked at both.</summary>
        public Postprocessing Decide()
        {
            int[] all = [.. Enumerable.Range(0, _sets.Length)];
            bool largestForeground = Gain(all, s => _plain[0, s], s => _plain[1, s]) > 0;
            int step = largestForeground ? 1 : 0;
            List<int> kept = [];
            foreach (var (s, gain) in all.Select(s => (s, Gain: Gain(ChangedBy(s), changed => _plain[step, changed], changed => _largest[step, s, changed]))).OrderByDescending(g => g.Gain))
            {
                if (gain > 0 && !kept.Exists(other => _sets[other].Overlaps(_sets[s])))
                    kept.Add(s);
            }
            return new Postprocessing(largestForeground, [.. kept.Order().Select(s => _areRegions ? s : s + 1)]);
        }

        private IEnumerable<int> ChangedBy(int set) => Enumerable.Range(0, _sets.Length).Where(other => _sets[other].Overlaps(_sets[set]));

        /// <summary>By how much the sum of Dice rises; 0 where one falls.</summary>
        private static double Gain(IEnumerable<int> sets, Func<int, DiceMean> before, Func<int, DiceMean> after)
        {
            double sum = 0;
            foreach (int s in sets)
            {
                double gain = after(s).Value - before(s).Value;
                if (gain < 0)
                    return 0;
                sum += gain;
            }
            return sum;
        }

        private record struct DiceMean(double Sum, int Cases)
        {
            public readonly double Value => Cases == 0 ? 0 : Sum / Cases;

            public void Add(int[] found, int[] labels, LabelSet set)
            {
                int both = 0, either = 0;
                for (int i = 0; i < found.Length; i++)
                {
                    if (labels[i] == LabelMap.Ignored)
                        continue;
                    int hits = (set.Holds(found[i]) ? 1 : 0) + (set.Holds(labels[i]) ? 1 : 0);
                    either += hits;
                    both += hits == 2 ? 1 : 0;
                }
                if (either == 0)
                    return;
                Sum += 2.0 * both / either;
                Cases++;
            }
        }
    }
}
