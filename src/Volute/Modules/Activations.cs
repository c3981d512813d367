namespace Volute;

/// <summary>max(x, 0).</summary>
public class ReLU : Layer
{
    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x) => x.Relu();
}

/// <summary>min(max(x, 0), 6).</summary>
public class ReLU6 : Layer
{
    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x) => x.HardTanh(0, 6);
}

/// <summary>x where x &gt; 0, else negativeSlope·x.</summary>
public class LeakyReLU(double negativeSlope = 0.01) : Layer
{
    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x) => x.LeakyRelu(negativeSlope);
}

/// <summary>x where x &gt; 0, else weight·x with one learned weight, or one for each channel. State: weight (numParameters).</summary>
public class PReLU : Layer
{
    /// <summary>With <paramref name="numParameters"/> weights (1 or C), at first <paramref name="init"/>.</summary>
    /// <exception cref="InvalidArgumentException">Less than 1 weight.</exception>
    public PReLU(int numParameters = 1, double init = 0.25)
        => Weight = numParameters >= 1 ? Add("weight", new Parameter([numParameters], init))
            : throw new InvalidArgumentException($"PReLU: numParameters must be >= 1, got {numParameters}");

    /// <summary>(1) or (C).</summary>
    public Parameter Weight { get; }

    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x)
    {
        int count = Weight.Shape[0], channels = x.Shape.Rank > 1 ? x.Shape[1] : 1;
        if (count != 1 && count != channels)
            throw SourceLine.Error($"PReLU: has {count} weights, but the input {x.Shape} has {channels} channels");
        return x.PRelu(count == 1 || x.Shape.Rank < 2 ? Weight : Weight.Reshape(Norms.PerChannel(x.Shape.Rank, count)));
    }
}

/// <summary>x where x &gt; 0, else α·(eˣ − 1).</summary>
public class ELU(double alpha = 1) : Layer
{
    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x) => x.Elu(alpha);
}

/// <summary>x·Φ(x); approximate "tanh": ½x·(1 + tanh(√(2/π)·(x + 0.044715x³))).</summary>
public class GELU(string approximate = "none") : Layer
{
    private readonly bool _tanh = approximate switch
    {
        "none" => false,
        "tanh" => true,
        _ => throw new InvalidArgumentException($"GELU: approximate must be 'none' or 'tanh', got '{approximate}'"),
    };

    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x)
        => _tanh ? x * 0.5 * (((x + x * x * x * 0.044715) * Math.Sqrt(2 / Math.PI)).Tanh() + 1) : x.Gelu();
}

/// <summary>x·sigmoid(x).</summary>
public class SiLU : Layer
{
    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x) => x.Silu();
}

/// <summary>x·tanh(ln(1 + eˣ)).</summary>
public class Mish : Layer
{
    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x) => x * x.Softplus().Tanh();
}

/// <summary>1 / (1 + e⁻ˣ).</summary>
public class Sigmoid : Layer
{
    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x) => x.Sigmoid();
}

/// <summary>ln(1 / (1 + e⁻ˣ)).</summary>
public class LogSigmoid : Layer
{
    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x) => -(-x).Softplus();
}

/// <summary>tanh x.</summary>
public class Tanh : Layer
{
    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x) => x.Tanh();
}

/// <summary>ln(1 + e^(βx))/β; the identity where βx is above the threshold.</summary>
public class Softplus(double beta = 1, double threshold = 20) : Layer
{
    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x)
    {
        Tensor scaled = x * beta;
        return scaled.GreaterThan(x.Scalar(threshold)).Where(x, scaled.Softplus() * (1 / beta));
    }
}

/// <summary>min(max(x, minVal), maxVal).</summary>
public class Hardtanh(double minVal = -1, double maxVal = 1) : Layer
{
    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x) => x.HardTanh(minVal, maxVal);
}

/// <summary>min(max(x/6 + ½, 0), 1).</summary>
public class Hardsigmoid : Layer
{
    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x) => x.HardSigmoid();
}

/// <summary>x·min(max(x + 3, 0), 6)/6.</summary>
public class Hardswish : Layer
{
    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x) => x.HardSwish();
}

/// <summary>eˣ / Σ eˣ along an axis.</summary>
public class Softmax(int dim) : Layer
{
    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x) => x.Softmax(dim);
}

/// <summary>x − ln Σ eˣ along an axis.</summary>
public class LogSoftmax(int dim) : Layer
{
    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x) => x.LogSoftmax(dim);
}

/// <summary>Softmax over the channels of every pixel: (N, C, H, W) or (C, H, W).</summary>
public class Softmax2d : Layer
{
    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x) => x.Shape.Rank is 3 or 4 ? x.Softmax(-3)
        : throw SourceLine.Error($"Softmax2d: expected [N, C, H, W] or [C, H, W], got shape {x.Shape}");

    internal override Module InVolumes(VolumeForm form) => new Softmax(-4);
}

/// <summary>The input itself.</summary>
public class Identity : Layer
{
    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x) => x;
}
