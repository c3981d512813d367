namespace Volute;

/// <summary>y[…, o] = b[o] + Σᵢ x[…, i]·w[o, i]. State: weight (out, in), bias (out), both at first uniform in ±1/√in.</summary>
public class Linear : WeightedLayer
{
    private readonly int _in, _out;

    /// <summary>A linear layer from <paramref name="inFeatures"/> to <paramref name="outFeatures"/>.</summary>
    /// <exception cref="InvalidArgumentException">A number below 1.</exception>
    public Linear(int inFeatures, int outFeatures, bool bias = true)
    {
        if (inFeatures < 1 || outFeatures < 1)
            throw new InvalidArgumentException($"Linear: features must be >= 1, got {inFeatures} in and {outFeatures} out");
        (_in, _out) = (inFeatures, outFeatures);
        double bound = 1 / Math.Sqrt(inFeatures);
        Weight = Add("weight", Initialize.Uniform([outFeatures, inFeatures], bound));
        Bias = bias ? Add("bias", Initialize.Uniform([outFeatures], bound)) : null;
    }

    /// <inheritdoc/>
    public override string Kind => $"Linear {_in}->{_out}";

    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x) => x.Linear(UsedWeight, Bias);
}
