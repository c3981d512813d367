using System.Globalization;

namespace Volute.Training;

/// <summary>
/// Makes recipes of segmentations: fingerprint → patch, pools and kernels → batch → normalization → memory → width and steps by what this machine does in
/// the given time. Each decision says its reason and whose rule it is (docs/recipes.md).
/// </summary>
internal sealed class SegmentationPlanner(Dataset data, TrainingWishes wishes)
{
    // The rules' constants for a processor.
    private const double TrainingShare = 0.8, ProbeSeconds = 5, ProbeShare = 0.05, LargestRecomputed = 0.2, ManySteps = 10_000;
    private const double SliceShare = 0.25;
    private const int LargestBatch = 32, SlicesOfStep = 4, VolumeBatchNormFrom = 8, BatchNormFrom = 4, DeepFrom = 4, EpochsInTime = 25, GpuBytes = 8;
    private static readonly int[] s_widths = [8, 16, 32];

    private readonly List<PlanChoice> _choices = [];
    private readonly bool _volumes = data.ShapeOf(0).Length == 4;

    private double FirstPatch => _volumes ? 64 * 64 * 64 : 256 * 256;

    private double LeastSteps => _volumes ? 1000 : 2000;

    private int Batch => _volumes ? 2 : 4;

    private int LeastOfBatchNorm => _volumes ? VolumeBatchNormFrom : BatchNormFrom;

    private string Kind => _volumes ? "volumes" : "pictures";

    private string UsualPatch => _volumes ? "64 x 64 x 64" : "256 x 256";

    /// <summary>The recipe, begun with what all recipes share.</summary>
    public Recipe Plan(Recipe common)
    {
        ImagePlan images = ImagePlan.Of(data, wishes.Seed, FirstPatch, mayCoarsen: !wishes.NnUNet);
        _choices.AddRange(images.Choices);
        bool isStack = HeldOut.IsStack(data);
        Recipe recipe = common with
        {
            ValidationContiguous = isStack,
            Preprocessing = images.Preprocessing,
            Standardization = images.Standardization,
            DiceBackground = common.Outputs < 2,
            Augmentation = AugmentationChoice.For(data.Count, wishes.Augmentation),
            ScoreMemory = 0.9,
            TileStep = !_volumes ? null : wishes.NnUNet ? 0.5 : 0.75,
        };
        if (!_volumes && data.Count > 1)
            recipe = recipe with { MaskOffset = MaskOffset.Of(data, TrainingData.Split(data, recipe).Training) };
        if (recipe.MaskOffset is { } offset)
            Choose("Offset", "pictures are moved onto their masks", $"they lie {MaskOffset.Describe(offset)}, by their edges; mirrored patches would hide that from the network", "measured by Volute");
        recipe = wishes.NnUNet ? NnUNet(recipe, images) : Processor(recipe, images);
        _choices.Add(HeldOut.Explain(data, common.Fold, isStack, "a random fifth", common.Folds ?? 5) with { Source = "nnU-Net's folds; Volute" });
        string coarser = recipe.StagedUNet!.DeepSupervision ? ", also at coarser resolutions" : "";
        if (recipe.Regions is { } regions)
        {
            Choose("Outputs", $"{DatasetException.Count(regions.Count, "region")}: {string.Join(", ", regions)}", "dataset.json names regions, of which a pixel may have several: a sigmoid for each, none for the background", "nnU-Net");
            Choose("Loss", $"binary cross-entropy + Dice of each region{coarser}", "pixels and regions both count", "nnU-Net");
        }
        else
        {
            Choose("Loss", $"cross-entropy + Dice{coarser}", "pixels and regions both count, the background not among the regions", "nnU-Net");
        }
        Choose("Optimizer", $"{recipe.Optimizer}, rate {Number(recipe.LearningRate)}, {recipe.Schedule}", recipe.Optimizer == "sgd" ? "many steps: momentum 0.99 has the time that it needs" : "few steps: it adapts the rates of weights at once", recipe.Optimizer == "sgd" ? "nnU-Net" : "measured by Volute");
        _choices.Add(AugmentationChoice.Explain(recipe.Augmentation, data.Count, wishes.Augmentation));
        if (recipe.TileStep is { } step)
            Choose("Inference", $"patches {Number(step)} of their length apart, averaged with Gaussian weights, no mirroring", wishes.NnUNet ? "nnU-Net's constants were asked for" : "a processor has time for few passes", wishes.NnUNet ? "nnU-Net" : "nnU-Net; Volute");
        Choose("Best epoch", "moving average 0.9 of the pseudo-Dice of held-out patches", "one lucky epoch does not decide", "nnU-Net");
        return recipe with { Choices = _choices };
    }

    /// <summary>nnU-Net's own plan and training.</summary>
    private Recipe NnUNet(Recipe recipe, ImagePlan images)
    {
        double gigabytes = (wishes.MemoryBytes ?? GpuBytes * 1_000_000_000L) / 1e9;
        PlanningRules rules = PlanningRules.NnUNet(images.Median.Length, gigabytes) with { BaseWidth = wishes.BaseWidth ?? 32 };
        NetworkPlan plan = NetworkPlan.Make(images.Spacing, images.Median, images.Voxels, data.Channels, recipe.Outputs, rules);
        Choose("Network", $"{Describe(plan.Network)}, instance norm", "nnU-Net's constants were asked for", "nnU-Net");
        Choose("Patch", string.Join(" x ", plan.Patch), $"the largest whose cost fits {Number(gigabytes)} GB by nnU-Net's count", "nnU-Net");
        Choose("Batch", $"{wishes.BatchSize ?? plan.Batch}", wishes.BatchSize is null ? "what the cost leaves room for, at most 5 % of the pixels" : "asked for", "nnU-Net");
        return Sgd(recipe with
        {
            StagedUNet = plan.Network with { DeepSupervision = true },
            InputSize = plan.Patch,
            BatchSize = wishes.BatchSize ?? plan.Batch,
            Augmentation = wishes.Augmentation ?? "nnunet",
            StepsPerEpoch = 250,
            ValidationBatches = 50,
            Epochs = wishes.Minutes is null ? wishes.Epochs ?? 1000 : null,
        });
    }

    /// <summary>The plan for this machine.</summary>
    private Recipe Processor(Recipe recipe, ImagePlan images)
    {
        int[] median = images.Median;
        PlanningRules rules = new() { FirstPatch = FirstPatch, ReferenceElements = double.PositiveInfinity, ReferenceBatch = 1, LargestWidth = int.MaxValue };
        int[] wanted = wishes.Patch is { } asked ? [.. median.Select(_ => asked)] : NetworkPlan.FirstPatch(images.Spacing, [.. median.Select(n => Math.Max(n, 2 * rules.LeastEdge))], rules.FirstPatch);
        Recipe At(int width, int[] patch, int batch)
        {
            Topology topology = Topology.Of(images.Spacing, patch, rules.LeastEdge);
            if (wishes.Grow)
                topology = topology.OfPlanes();
            StagedUNetOptions network = NetworkPlan.NetworkOf(topology, data.Channels, recipe.Outputs, rules with { BaseWidth = width, LargestWidth = 16 * width });
            return recipe with
            {
                Growth = wishes.Grow ? new Growth(topology.Patch[1..], Math.Clamp(batch * topology.Patch[0] / SlicesOfStep, 2, LargestBatch), SliceShare) : null,
                InputSize = topology.Patch,
                BatchSize = batch,
                StagedUNet = network with { Volumes = wishes.Grow ? VolumeForm.Acs : null, Normalization = batch >= LeastOfBatchNorm ? Normalization.Batch : Normalization.Instance, DeepSupervision = network.Stages.Count >= DeepFrom },
            };
        }
        int pixels = wanted.Aggregate(1, (product, n) => product * n);
        int share = (int)Math.Round(images.Voxels * rules.LargestShare / pixels), room = (int)Math.Clamp(Math.Round(Batch * FirstPatch / pixels), Batch, LargestBatch);
        int batch = wishes.BatchSize ?? Math.Max(Math.Min(room, share), rules.LeastBatch);

        // The blocks of a single picture are cut by the patch.
        TrainingData split = TrainingData.Split(data, At(s_widths[0], wanted, batch));
        StepCost? cost = null;
        Recipe chosen = Fitting(At(wishes.BaseWidth ?? (wishes.Minutes is null ? 16 : s_widths[0]), wanted, batch), At, split, out Plan step);
        double time = TrainingShare * 60 * (wishes.Grow ? 1 - SliceShare : 1) * wishes.Minutes ?? 0;
        if (wishes.Minutes is not null)
        {
            double probe = Math.Min(ProbeSeconds, ProbeShare * time) / s_widths.Length;
            cost = StepProbe.Measure(chosen, split, probe);
            foreach (int width in wishes.BaseWidth is null ? s_widths[1..] : [])
            {
                Recipe wider = At(width, [.. chosen.InputSize], chosen.BatchSize);
                if (time / cost.Seconds < LeastSteps || !Fits(wider, split, out Plan? plan))
                    break;
                StepCost slower = StepProbe.Measure(wider, split, probe);
                if (time / slower.Seconds < LeastSteps)
                    break;
                (chosen, cost, step) = (wider, slower, plan);
            }
        }
        int steps = cost is null ? 0 : Math.Max(1, (int)(time / cost.Seconds));
        int perEpoch = cost is null
            ? Math.Max(20, Math.Min(200, data.Count * Math.Max(1, median.Aggregate(1, (a, b) => a * b) / pixels) / batch))
            : Math.Clamp(steps / EpochsInTime, 1, 250);
        chosen = chosen with { StepsPerEpoch = perEpoch, ValidationBatches = Math.Max(2, perEpoch / 5) };
        chosen = steps > ManySteps ? Sgd(chosen) : chosen with { LearningRate = wishes.LearningRate ?? 0.01 };
        Explain(chosen, median, step, share);
        if (cost is not null)
            Choose("Time", $"about {steps:N0} steps, {TaskHead.Create(chosen, split).Loader().BatchesPerEpoch} an epoch", $"a step takes {Number(Math.Round(cost.Seconds * 1000))} ms ({cost.Steps} measured); {Number(wishes.Minutes!.Value)} minutes hold planning, validations and the final scoring too", "measured here");
        Choose("Base width", $"{chosen.StagedUNet!.Stages[0].Width}",
            wishes.BaseWidth is not null ? "asked for"
            : cost is null ? "no time is given: a width that trains in minutes to hours"
            : steps >= LeastSteps ? $"the widest of {string.Join(", ", s_widths)} that leaves {LeastSteps:N0} steps"
            : $"the narrowest of {string.Join(", ", s_widths)}: there is time for {steps:N0} steps only",
            wishes.BaseWidth is not null ? null : cost is null ? "Volute" : "measured here");
        return chosen;
    }

    /// <summary>nnU-Net's optimizer.</summary>
    private Recipe Sgd(Recipe recipe) => recipe with
    {
        Optimizer = "sgd",
        Schedule = "polynomial",
        LearningRate = wishes.LearningRate ?? 0.01,
        WeightDecay = 3e-5,
        ClipNorm = 12,
    };

    private void Explain(Recipe recipe, int[] median, Plan step, int share)
    {
        StagedUNetOptions network = recipe.StagedUNet!;
        Choose("Network", Describe(network), "an axis is halved down to 4 positions", "nnU-Net");
        if (recipe.Growth is { } growth)
            Choose("Growth", $"{growth.Share:P0} of the training on slices ({growth.BatchSize} patches of {string.Join(" x ", growth.Patch)}), then in volumes by ACS convolutions", Saving(recipe), "ACSConv; Volute");
        Choose("Normalization", $"{network.Normalization}".ToLowerInvariant(), $"batches {(recipe.BatchSize >= LeastOfBatchNorm ? $"of {LeastOfBatchNorm} and more {Kind} give" : $"below {LeastOfBatchNorm} {Kind} give no")} steady statistics", "nnU-Net; Volute");
        Choose("Deep supervision", network.DeepSupervision ? "on" : "off", network.DeepSupervision ? "coarse stages learn at once" : $"fewer than {DeepFrom} stages need none", "nnU-Net; Volute");
        Choose("Patch", string.Join(" x ", recipe.InputSize), wishes.Patch is not null ? "asked for" : $"{UsualPatch} give many steps; the median image is {string.Join(" x ", median)}, and {string.Join(" x ", recipe.InputSize)} divides by the strides", wishes.Patch is not null ? null : "nnU-Net; Volute");
        Choose("Batch", $"{recipe.BatchSize}", wishes.BatchSize is not null ? "asked for" : recipe.BatchSize == share ? "at most 5 % of all pixels, that a batch is not the data again and again" : $"as many {(_volumes ? "voxels" : "pixels")} as {Batch} patches of {UsualPatch}, within 5 % of all and the memory", wishes.BatchSize is not null ? null : "nnU-Net; Volute");
        Choose("Memory", $"{step.PeakBytes / 1e6:N0} MB for a step", $"{Limit / 1e9:N1} GB are allowed{(step.RecomputedShare > 0 ? $"; {step.RecomputedShare:P0} of the time goes to what is computed twice" : "")}", "planned exactly");
    }

    /// <summary>Batch, then patch, made smaller until a step fits the memory; what was asked for stays.</summary>
    /// <exception cref="LimitException">Not even the smallest does.</exception>
    private Recipe Fitting(Recipe recipe, Func<int, int[], int, Recipe> at, TrainingData split, out Plan plan)
    {
        while (true)
        {
            if (Fits(recipe, split, out Plan? found))
            {
                plan = found;
                return recipe;
            }
            int width = recipe.StagedUNet!.Stages[0].Width, longest = recipe.InputSize.Max();
            if (wishes.BatchSize is null && recipe.BatchSize > 2)
                recipe = at(width, [.. recipe.InputSize], Math.Max(2, recipe.BatchSize / 2));
            else if (wishes.Patch is null && longest >= 16)
                recipe = at(width, [.. recipe.InputSize.Select(n => n == longest ? n / 2 : n)], recipe.BatchSize);
            else
                throw new LimitException($"a training step with a batch of {recipe.BatchSize} patches of {string.Join(" x ", recipe.InputSize)} and base width {width}", "more", $"{Limit:N0}", "bytes of memory");
        }
    }

    private bool Fits(Recipe recipe, TrainingData split, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Plan? plan)
    {
        try
        {
            plan = StepProbe.PlanStep(recipe, split);
            return plan.PeakBytes <= Limit && plan.RecomputedShare <= LargestRecomputed;
        }
        catch (LimitException)
        {
            plan = null;
            return false;
        }
    }

    private long Limit => wishes.MemoryBytes ?? Math.Min(8_000_000_000L, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2);

    private void Choose(string label, string value, string reason, string? source) => _choices.Add(new PlanChoice(label, value, reason, source));

    /// <summary>What a patch costs beside a network of plain 3D convolutions.</summary>
    private static string Saving(Recipe recipe)
    {
        Shape input = [1, recipe.Channels, .. recipe.InputSize];
        double Billions(VolumeForm? form) => Summary.Of(new StagedUNet(recipe.StagedUNet! with { Volumes = form }), input).Multiplies / 1e9;
        return string.Create(CultureInfo.InvariantCulture, $"the slices' weights go on; {Billions(VolumeForm.Acs):0.###} instead of {Billions(null):0.###} billion multiplications a patch");
    }

    private static string Describe(StagedUNetOptions network)
        => $"U-Net of {network.Stages.Count} stages, {string.Join("-", network.Stages.Select(stage => stage.Width))} channels";

    private static string Number(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}
