namespace Volute;

/// <summary>A normalization of channels with what it may learn and what it may keep of the batches.</summary>
public abstract class ChannelNorm : Layer
{
    private RunningNorm? _running;

    private protected ChannelNorm(int numFeatures, bool affine, bool trackRunningStats)
    {
        if (numFeatures < 1)
            throw new InvalidArgumentException($"{GetType().Name}: numFeatures must be >= 1, got {numFeatures}");
        Features = numFeatures;
        if (affine)
        {
            Weight = Add("weight", new Parameter([numFeatures], 1));
            Bias = Add("bias", new Parameter([numFeatures]));
        }
        if (trackRunningStats)
        {
            RunningMean = Add("running_mean", new Parameter([numFeatures], 0, isTrainable: false));
            RunningVariance = Add("running_var", new Parameter([numFeatures], 1, isTrainable: false));
            Batches = Add("num_batches_tracked", new Parameter(Shape.Scalar, 0, isTrainable: false));
        }
    }

    /// <summary>(C), or null without affine.</summary>
    public Parameter? Weight { get; private set; }

    /// <summary>(C), or null without affine.</summary>
    public Parameter? Bias { get; private set; }

    /// <summary>(C): the running mean, or null.</summary>
    public Parameter? RunningMean { get; private set; }

    /// <summary>(C): the running unbiased variance, or null.</summary>
    public Parameter? RunningVariance { get; private set; }

    /// <inheritdoc/>
    public override string Kind => $"{GetType().Name} {Features}";

    /// <summary>C.</summary>
    private protected int Features { get; }

    private protected Parameter? Batches { get; private set; }

    /// <summary>y = (x − running mean)/√(running variance + eps)·weight + bias.</summary>
    private protected Tensor Running(Tensor x, double eps)
        => (_running = RunningNorm.Of(_running, x.Shape.Rank, RunningMean!, RunningVariance!, eps, Weight, Bias)).Apply(x);

    internal override void TakeParameters(Module flat)
    {
        ChannelNorm from = (ChannelNorm)flat;
        (Weight, Bias) = (Exchange(Weight, from.Weight), Exchange(Bias, from.Bias));
        (RunningMean, RunningVariance, Batches) = (Exchange(RunningMean, from.RunningMean), Exchange(RunningVariance, from.RunningVariance), Exchange(Batches, from.Batches));
    }
}
