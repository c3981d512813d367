namespace Volute.Training;

/// <summary>A network with the patches and batches that it is trained on.</summary>
/// <param name="Spacing">Millimetres between neighbours along each axis, the coarsest axis first; ones for pictures.</param>
/// <param name="MedianShape">The median image at that spacing.</param>
/// <param name="Patch">The network's input in training.</param>
/// <param name="Batch">Patches of a batch.</param>
/// <param name="Network">The network.</param>
public sealed record NetworkPlan(double[] Spacing, int[] MedianShape, int[] Patch, int Batch, StagedUNetOptions Network)
{
    /// <summary>How often each axis is halved.</summary>
    public int[] Pools => [.. Patch.Select((_, axis) => Network.Stages.Count(stage => stage.Stride[axis] > 1))];

    /// <summary>
    /// nnU-Net's plan: the first patch has the aspect of a cube of millimetres and is clipped to the median image; while the network on it costs too much,
    /// the axis that is largest beside the median image is cut by its divisor, and the topology is found anew. The batch is what the cost leaves room
    /// for, at most 5 % of the voxels of the data.
    /// </summary>
    /// <param name="spacing">Along each axis, the coarsest first.</param>
    /// <param name="medianShape">The median image at this spacing.</param>
    /// <param name="voxels">Voxels of the whole data set.</param>
    /// <param name="channels">Channels of an image.</param>
    /// <param name="classes">Classes, the background among them.</param>
    /// <param name="rules">The constants.</param>
    /// <exception cref="LimitException">Not even the smallest patch is within the rules' cost.</exception>
    public static NetworkPlan Make(IReadOnlyList<double> spacing, IReadOnlyList<int> medianShape, double voxels, int channels, int classes, PlanningRules rules)
    {
        ArgumentNullException.ThrowIfNull(spacing);
        ArgumentNullException.ThrowIfNull(medianShape);
        ArgumentNullException.ThrowIfNull(rules);
        Topology topology = Topology.Of(spacing, FirstPatch(spacing, medianShape, rules.FirstPatch), rules.LeastEdge);
        StagedUNetOptions network = NetworkOf(topology, channels, classes, rules);
        double elements;
        while ((elements = network.OutputElements(topology.Patch)) / rules.ReferenceBatch * 2 > rules.ReferenceElements)
        {
            topology = Cut(topology, spacing, medianShape, rules)
                ?? throw new LimitException($"the network on a patch of {string.Join(" x ", topology.Patch)}", $"{elements / rules.ReferenceBatch * 2:N0}", $"{rules.ReferenceElements:N0}", "of the reference's output elements");
            network = NetworkOf(topology, channels, classes, rules);
        }
        double patchVoxels = topology.Patch.Aggregate(1.0, (product, n) => product * n);
        double fits = Math.Round(rules.ReferenceElements / elements * rules.ReferenceBatch), share = Math.Round(voxels * rules.LargestShare / patchVoxels);
        return new NetworkPlan([.. spacing], [.. medianShape], topology.Patch, (int)Math.Max(Math.Min(fits, share), rules.LeastBatch), network);
    }

    /// <summary>The network that a topology and the rules make.</summary>
    internal static StagedUNetOptions NetworkOf(Topology topology, int channels, int classes, PlanningRules rules) => new()
    {
        InChannels = channels,
        Classes = classes,
        Residual = rules.Residual,
        Stages = [.. topology.Strides.Select((stride, s) => new UNetStage((int)Math.Min((long)rules.BaseWidth << s, rules.LargestWidth), topology.Kernels[s], stride, rules.Down(s), rules.Up))],
    };

    /// <summary>The same cut of millimetres along every axis, with about <paramref name="volume"/> voxels, clipped to the median image.</summary>
    internal static int[] FirstPatch(IReadOnlyList<double> spacing, IReadOnlyList<int> medianShape, double volume)
    {
        double edge = Math.Pow(volume * spacing.Aggregate(1.0, (product, s) => product * s), 1.0 / spacing.Count);
        return [.. spacing.Select((s, axis) => (int)Math.Min(Math.Round(edge / s), medianShape[axis]))];
    }

    /// <summary>The axis that is largest beside the median image loses its divisor: the one that it has after a first cut, so that no valid size is skipped. Null where nothing is left.</summary>
    private static Topology? Cut(Topology topology, IReadOnlyList<double> spacing, IReadOnlyList<int> medianShape, PlanningRules rules)
    {
        int axis = 0;
        for (int other = 1; other < medianShape.Count; other++)
        {
            if ((double)topology.Patch[other] / medianShape[other] >= (double)topology.Patch[axis] / medianShape[axis])
                axis = other;
        }
        int[] Less(int by) => [.. topology.Patch.Select((n, i) => i == axis ? n - by : n)];
        int[] tried = Less(topology.Divisors[axis]);
        return tried[axis] < rules.LeastEdge ? null : Topology.Of(spacing, Less(Topology.Of(spacing, tried, rules.LeastEdge).Divisors[axis]), rules.LeastEdge);
    }
}
