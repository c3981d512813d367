using Volute.Kernels;

namespace Volute;

/// <summary>
/// y = (x − mean)/√(variance + eps)·weight + bias per channel, over the batch in training, over running statistics in inference (Ioffe and Szegedy, 2015).
/// State: weight, bias (C), running_mean, running_var (C), num_batches_tracked.
/// </summary>
public abstract class BatchNorm : ChannelNorm
{
    private readonly int _rank;
    private readonly double _eps;
    private readonly double? _momentum;

    private protected BatchNorm(int rank, int numFeatures, double eps, double? momentum, bool affine, bool trackRunningStats) : base(numFeatures, affine, trackRunningStats)
        => (_rank, _eps, _momentum) = (rank, eps, momentum);

    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x)
    {
        if (x.Shape.Rank != _rank + 2 && !(_rank == 1 && x.Shape.Rank == 2))
            throw SourceLine.Error($"{GetType().Name}: expected a shape of {_rank + 2} axes [N, C, ...], got {x.Shape}");
        if (x.Shape[1] != Features)
            throw SourceLine.Error($"{GetType().Name}: expected {Features} channels, got {x.Shape[1]} in shape {x.Shape}");
        if (!IsTraining && RunningMean is not null)
            return Running(x, _eps);

        Shape perChannel = Norms.PerChannel(x.Shape.Rank, Features);
        double count = (double)x.Shape.Elements / Features;
        if (IsTraining && count <= 1)
            throw SourceLine.Error($"{GetType().Name}: training needs more than one value per channel, got shape {x.Shape}");
        int[] axes = [0, .. Enumerable.Range(2, x.Shape.Rank - 2)];
        var (mean, variance) = x.Moments(axes);
        Tensor y = Norms.Apply(x, mean, variance, _eps, Weight?.Reshape(perChannel), Bias?.Reshape(perChannel));
        if (IsTraining && RunningMean is not null)
        {
            Tensor batches = Batches! + 1;
            Tensor momentum = _momentum is { } m ? Tensor.Scalar(m, x.Type) : 1 / batches;
            RunningMean.AssignWith(Norms.Mix(RunningMean, mean.Reshape(RunningMean.Shape), momentum), y);
            RunningVariance!.AssignWith(Norms.Mix(RunningVariance, variance.Reshape(RunningMean.Shape) * (count / (count - 1)), momentum), y);
            Batches!.AssignWith(batches, y);
        }
        return y;
    }

    internal override Module InVolumes(VolumeForm form) => _rank == 2 ? OfRank(3) : this;

    /// <summary>The same for maps of another number of axes, which is to take this one's parameters.</summary>
    internal BatchNorm OfRank(int rank)
    {
        (bool affine, bool statistics) = (Weight is not null, RunningMean is not null);
        return rank switch
        {
            1 => new BatchNorm1d(Features, _eps, _momentum, affine, statistics),
            2 => new BatchNorm2d(Features, _eps, _momentum, affine, statistics),
            _ => new BatchNorm3d(Features, _eps, _momentum, affine, statistics),
        };
    }
}

/// <summary>Batch normalization of (N, C) or (N, C, L).</summary>
/// <param name="numFeatures">C.</param>
/// <param name="eps">Added to the variance.</param>
/// <param name="momentum">The share of the new batch in the running statistics; null: the mean of all batches.</param>
/// <param name="affine">Whether weight and bias are learned.</param>
/// <param name="trackRunningStats">Whether running statistics are kept; without them inference uses the batch too.</param>
public class BatchNorm1d(int numFeatures, double eps = 1e-5, double? momentum = 0.1, bool affine = true, bool trackRunningStats = true)
    : BatchNorm(1, numFeatures, eps, momentum, affine, trackRunningStats);

/// <summary>Batch normalization of (N, C, H, W).</summary>
/// <inheritdoc cref="BatchNorm1d(int, double, double?, bool, bool)"/>
public class BatchNorm2d(int numFeatures, double eps = 1e-5, double? momentum = 0.1, bool affine = true, bool trackRunningStats = true)
    : BatchNorm(2, numFeatures, eps, momentum, affine, trackRunningStats);

/// <summary>Batch normalization of (N, C, D, H, W).</summary>
/// <inheritdoc cref="BatchNorm1d(int, double, double?, bool, bool)"/>
public class BatchNorm3d(int numFeatures, double eps = 1e-5, double? momentum = 0.1, bool affine = true, bool trackRunningStats = true)
    : BatchNorm(3, numFeatures, eps, momentum, affine, trackRunningStats);

/// <summary>
/// The normalization of each channel of each sample by itself (Ulyanov et al., 2016). PyTorch's defaults: no affine, no running statistics.
/// </summary>
public abstract class InstanceNorm : ChannelNorm
{
    private readonly int _rank;
    private readonly double _eps, _momentum;

    // PyTorch's instance norm has num_batches_tracked and never counts.
    private protected InstanceNorm(int rank, int numFeatures, double eps, double momentum, bool affine, bool trackRunningStats) : base(numFeatures, affine, trackRunningStats)
        => (_rank, _eps, _momentum) = (rank, eps, momentum);

    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x) => Batched(x, _rank, batch =>
    {
        if (batch.Shape[1] != Features)
            throw SourceLine.Error($"{GetType().Name}: expected {Features} channels, got {batch.Shape[1]} in shape {x.Shape}");
        if (!IsTraining && RunningMean is not null)
            return Running(batch, _eps);
        Shape perChannel = Norms.PerChannel(batch.Shape.Rank, Features);
        double count = (double)batch.Shape.Elements / Math.Max(1, (long)batch.Shape[0] * Features);
        if (count <= 1)
            throw SourceLine.Error($"{GetType().Name}: needs more than one value per channel and sample, got shape {x.Shape}");
        int[] axes = [.. Enumerable.Range(2, _rank)];
        var (mean, variance) = batch.Moments(axes);
        Tensor y = Norms.Apply(batch, mean, variance, _eps, Weight?.Reshape(perChannel), Bias?.Reshape(perChannel));
        if (IsTraining && RunningMean is not null)
        {
            Tensor momentum = Tensor.Scalar(_momentum, x.Type);
            RunningMean.AssignWith(Norms.Mix(RunningMean, mean.Mean([0]).Reshape(RunningMean.Shape), momentum), y);
            RunningVariance!.AssignWith(Norms.Mix(RunningVariance, variance.Mean([0]).Reshape(RunningMean.Shape) * (count / (count - 1)), momentum), y);
        }
        return y;
    });

    internal override Module InVolumes(VolumeForm form)
        => _rank == 2 ? new InstanceNorm3d(Features, _eps, _momentum, Weight is not null, RunningMean is not null) : this;
}

/// <summary>Instance normalization of (N, C, L) or (C, L).</summary>
/// <inheritdoc cref="BatchNorm1d(int, double, double?, bool, bool)"/>
public class InstanceNorm1d(int numFeatures, double eps = 1e-5, double momentum = 0.1, bool affine = false, bool trackRunningStats = false)
    : InstanceNorm(1, numFeatures, eps, momentum, affine, trackRunningStats);

/// <summary>Instance normalization of (N, C, H, W) or (C, H, W).</summary>
/// <inheritdoc cref="BatchNorm1d(int, double, double?, bool, bool)"/>
public class InstanceNorm2d(int numFeatures, double eps = 1e-5, double momentum = 0.1, bool affine = false, bool trackRunningStats = false)
    : InstanceNorm(2, numFeatures, eps, momentum, affine, trackRunningStats);

/// <summary>Instance normalization of (N, C, D, H, W) or (C, D, H, W).</summary>
/// <inheritdoc cref="BatchNorm1d(int, double, double?, bool, bool)"/>
public class InstanceNorm3d(int numFeatures, double eps = 1e-5, double momentum = 0.1, bool affine = false, bool trackRunningStats = false)
    : InstanceNorm(3, numFeatures, eps, momentum, affine, trackRunningStats);

/// <summary>The normalization of groups of channels of each sample (Wu and He, 2018). State: weight, bias (C).</summary>
public class GroupNorm : Layer
{
    private readonly int _groups, _channels;
    private readonly double _eps;

    /// <summary>Normalizes <paramref name="numChannels"/> in <paramref name="numGroups"/> groups.</summary>
    /// <exception cref="InvalidArgumentException">The channels do not divide into the groups.</exception>
    public GroupNorm(int numGroups, int numChannels, double eps = 1e-5, bool affine = true)
    {
        if (numGroups < 1 || numChannels < 1 || numChannels % numGroups != 0)
            throw new InvalidArgumentException($"GroupNorm: {numChannels} channels do not divide into {numGroups} groups");
        (_groups, _channels, _eps) = (numGroups, numChannels, eps);
        if (affine)
        {
            Weight = Add("weight", new Parameter([numChannels], 1));
            Bias = Add("bias", new Parameter([numChannels]));
        }
    }

    /// <summary>(C), or null without affine.</summary>
    public Parameter? Weight { get; }

    /// <summary>(C), or null without affine.</summary>
    public Parameter? Bias { get; }

    /// <inheritdoc/>
    public override string Kind => $"GroupNorm {_groups} of {_channels}";

    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x)
    {
        if (x.Shape.Rank < 2 || x.Shape[1] != _channels)
            throw SourceLine.Error($"GroupNorm: expected {_channels} channels [N, {_channels}, ...], got shape {x.Shape}");
        int[] spatial = [.. x.Shape.Skip(2)];
        Tensor grouped = x.Reshape([x.Shape[0], _groups, _channels / _groups, .. spatial]);
        int[] axes = [.. Enumerable.Range(2, grouped.Shape.Rank - 2)];
        // The statistics are small: spread over their channels, so that the large pass runs over x as it lies.
        Shape perSample = [x.Shape[0], _channels, .. spatial.Select(_ => 1)];
        Tensor Spread(Tensor statistic) => statistic.Reshape([x.Shape[0], _groups, 1]).BroadcastTo([x.Shape[0], _groups, _channels / _groups]).Reshape(perSample);
        Shape perChannel = Norms.PerChannel(x.Shape.Rank, _channels);
        var (mean, variance) = grouped.Moments(axes);
        return Norms.Apply(x, Spread(mean), Spread(variance), _eps, Weight?.Reshape(perChannel), Bias?.Reshape(perChannel));
    }
}

/// <summary>The normalization over the last axes of each sample (Ba et al., 2016). State: weight, bias of the normalized shape.</summary>
public class LayerNorm : Layer
{
    private readonly Shape _shape;
    private readonly double _eps;

    /// <summary>Normalizes over the last axes, whose sizes are <paramref name="normalizedShape"/>.</summary>
    public LayerNorm(Shape normalizedShape, double eps = 1e-5, bool elementwiseAffine = true)
    {
        ArgumentNullException.ThrowIfNull(normalizedShape);
        if (normalizedShape.Rank == 0 || normalizedShape.Elements == 0)
            throw new InvalidArgumentException($"LayerNorm: normalizedShape needs at least one axis and sizes >= 1, got {normalizedShape}");
        (_shape, _eps) = (normalizedShape, eps);
        if (elementwiseAffine)
        {
            Weight = Add("weight", new Parameter(normalizedShape, 1));
            Bias = Add("bias", new Parameter(normalizedShape));
        }
    }

    /// <summary>Of the normalized shape, or null without affine.</summary>
    public Parameter? Weight { get; }

    /// <summary>Of the normalized shape, or null without affine.</summary>
    public Parameter? Bias { get; }

    /// <inheritdoc/>
    public override string Kind => $"LayerNorm {_shape}";

    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x)
    {
        if (x.Shape.Rank < _shape.Rank || !x.Shape.Skip(x.Shape.Rank - _shape.Rank).SequenceEqual(_shape))
            throw SourceLine.Error($"LayerNorm: expected the last axes to be {_shape}, got shape {x.Shape}");
        int[] axes = [.. Enumerable.Range(x.Shape.Rank - _shape.Rank, _shape.Rank)];
        var (mean, variance) = x.Moments(axes);
        return Norms.Apply(x, mean, variance, _eps, Weight, Bias);
    }

    internal override Module InVolumes(VolumeForm form)
        => _shape.Rank == 1 ? this : throw HasNoVolumes($"it normalizes over axes of the sizes {_shape}, one of which would be missing");
}

/// <summary>y = x / (k + α/n·Σ x²)^β over n neighbouring channels (Krizhevsky et al., 2012).</summary>
public class LocalResponseNorm(int size, double alpha = 1e-4, double beta = 0.75, double k = 1) : Layer
{
    private readonly int _size = size >= 1 ? size : throw new InvalidArgumentException($"LocalResponseNorm: size must be >= 1, got {size}");

    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x)
    {
        if (x.Shape.Rank < 3)
            throw SourceLine.Error($"LocalResponseNorm: expected at least 3 axes [N, C, ...], got shape {x.Shape}");
        Tensor padded = (x * x).Pad(1, _size / 2, (_size - 1) / 2), sum = padded.Slice(1, 0, x.Shape[1]);
        for (int i = 1; i < _size; i++)
            sum += padded.Slice(1, i, x.Shape[1]);
        return x / (sum * (alpha / _size) + k).Pow(beta);
    }
}

/// <summary>A normalization by running statistics: the numbers per channel are made once for as long as what they are made of stays as it is.</summary>
internal sealed class RunningNorm
{
    private readonly Node?[] _sources;
    private readonly int _rank;
    private readonly Tensor _mean, _scale, _shift;

    private RunningNorm(Node?[] sources, int rank, Tensor mean, Tensor variance, double eps, Tensor? weight, Tensor? bias)
    {
        (_sources, _rank) = (sources, rank);
        Shape perChannel = Norms.PerChannel(rank, mean.Shape[0]);
        Tensor scale = (variance + eps).Pow(-0.5);
        _mean = mean.Reshape(perChannel);
        scale = weight is null ? scale : scale * weight;
        // What waits for a training step's plan is left to it.
        if (Array.TrueForAll(sources, source => source?.Value is not null || source is null))
            scale.Evaluate();
        _scale = scale.Reshape(perChannel);
        _shift = bias?.Reshape(perChannel) ?? mean.Scalar(0);
    }

    /// <summary>The one from before, or a new one where anything has changed.</summary>
    public static RunningNorm Of(RunningNorm? before, int rank, Parameter mean, Parameter variance, double eps, Parameter? weight, Parameter? bias)
    {
        Node?[] sources = [mean.Node, variance.Node, weight?.Node, bias?.Node];
        return before?._rank == rank && before._sources.AsSpan().SequenceEqual(sources) ? before : new RunningNorm(sources, rank, mean, variance, eps, weight, bias);
    }

    public Tensor Apply(Tensor x) => x.Standardize(_mean, _scale, _shift);
}

/// <summary>What all normalizations share.</summary>
internal static class Norms
{
    /// <summary>(x − mean)·(weight/√(variance + eps)) + bias: the statistics are small, x is passed over once.</summary>
    public static Tensor Apply(Tensor x, Tensor mean, Tensor variance, double eps, Tensor? weight, Tensor? bias)
    {
        Tensor scale = (variance + eps).Pow(-0.5);
        return x.Standardize(mean, weight is null ? scale : scale * weight, bias ?? x.Scalar(0));
    }

    /// <summary>(1 − share)·old + share·fresh.</summary>
    public static Tensor Mix(Tensor old, Tensor fresh, Tensor share) => old + (fresh - old) * share;

    /// <summary>[1, C, 1, …].</summary>
    public static Shape PerChannel(int rank, int channels) => [1, channels, .. Enumerable.Repeat(1, rank - 2)];
}
