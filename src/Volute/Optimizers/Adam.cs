using Volute.Kernels;

namespace Volute;

/// <summary>
/// m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²; w ← w − rate·m̂/(√v̂ + eps), with m̂ = m/(1 − β₁ᵗ), v̂ = v/(1 − β₂ᵗ) (Kingma and Ba, 2015).
/// Weight decay is added to the gradient.
/// </summary>
public class Adam : Optimizer
{
    private readonly double _beta1, _beta2, _eps, _weightDecay;
    private readonly bool _amsgrad;
    private readonly Func<double> _scale, _kept, _rate;

    /// <summary>Adam with PyTorch's defaults.</summary>
    public Adam(IEnumerable<Parameter> parameters, double learningRate = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weightDecay = 0, bool amsgrad = false)
        : base(parameters, learningRate)
    {
        if (beta1 is not (>= 0 and < 1) || beta2 is not (>= 0 and < 1))
            throw new InvalidArgumentException($"{GetType().Name}: betas must be from 0 to below 1, got {beta1} and {beta2}");
        NotNegative(eps, "eps");
        NotNegative(weightDecay, "weightDecay");
        (_beta1, _beta2, _eps, _weightDecay, _amsgrad) = (beta1, beta2, eps, weightDecay, amsgrad);
        _scale = () => 1 / Math.Sqrt(1 - Math.Pow(_beta2, Steps));
        _kept = () => IsDecoupled ? 1 - LearningRate * _weightDecay : 1;
        _rate = () => LearningRate / (1 - Math.Pow(_beta1, Steps));
    }

    /// <summary>Whether the decay shrinks the weight itself instead of joining the gradient (Loshchilov and Hutter, 2019).</summary>
    private protected virtual bool IsDecoupled => false;

    /// <inheritdoc/>
    protected override Tensor Update(Parameter parameter, Tensor gradient)
    {
        double decay = IsDecoupled ? 0 : _weightDecay;
        Parameter first = Remembered(parameter, "exp_avg"), second = Remembered(parameter, "exp_avg_sq");
        Tensor mean = Tensor.Apply(new Ternary<Average>(new Average(_beta1, decay)), first, gradient, parameter);
        Tensor square = Tensor.Apply(new Ternary<AverageSquare>(new AverageSquare(_beta2, decay)), second, gradient, parameter);
        Assign(first, mean);
        Assign(second, square);
        if (_amsgrad)
        {
            Parameter largest = Remembered(parameter, "max_exp_avg_sq");
            square = largest.Maximum(square);
            Assign(largest, square);
        }
        Tensor direction = Tensor.Apply(new Ternary<Normalize>(new Normalize(_eps)), mean, square, Number(_scale, parameter.Type));
        Tensor kept = Number(_kept, parameter.Type), rate = Number(_rate, parameter.Type);
        return Tensor.Apply(new Quaternary<ShrinkAndDescend>(default), parameter, direction, rate, kept);
    }
}

/// <summary>Adam with decoupled weight decay: w ← w·(1 − rate·decay) before the step (Loshchilov and Hutter, 2019).</summary>
public sealed class AdamW(IEnumerable<Parameter> parameters, double learningRate = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weightDecay = 1e-2, bool amsgrad = false)
    : Adam(parameters, learningRate, beta1, beta2, eps, weightDecay, amsgrad)
{
    private protected override bool IsDecoupled => true;
}

/// <summary>
/// v ← αv + (1 − α)g²; w ← w − rate·g/(√v + eps); centered: √(v − ḡ²); with momentum b ← momentum·b + g/…, w ← w − rate·b (Hinton, 2012).
/// </summary>
public sealed class RMSprop : Optimizer
{
    private readonly double _alpha, _eps, _weightDecay, _momentum;
    private readonly bool _centered;
    private readonly Func<double> _rate;

    /// <summary>RMSprop with PyTorch's defaults.</summary>
    /// <exception cref="InvalidArgumentException">A negative option.</exception>
    public RMSprop(IEnumerable<Parameter> parameters, double learningRate = 1e-2, double alpha = 0.99, double eps = 1e-8, double weightDecay = 0, double momentum = 0, bool centered = false)
        : base(parameters, learningRate)
    {
        NotNegative(alpha, "alpha");
        NotNegative(eps, "eps");
        NotNegative(weightDecay, "weightDecay");
        NotNegative(momentum, "momentum");
        (_alpha, _eps, _weightDecay, _momentum, _centered) = (alpha, eps, weightDecay, momentum, centered);
        _rate = () => LearningRate;
    }

    /// <inheritdoc/>
    protected override Tensor Update(Parameter parameter, Tensor gradient)
    {
        if (_weightDecay != 0)
            gradient += parameter * _weightDecay;
        Parameter second = Remembered(parameter, "square_avg");
        Tensor square = Tensor.Apply(new Ternary<AverageSquare>(new AverageSquare(_alpha, 0)), second, gradient, parameter);
        Assign(second, square);
        if (_centered)
        {
            Parameter first = Remembered(parameter, "grad_avg");
            Tensor mean = Tensor.Apply(new Ternary<Average>(new Average(_alpha, 0)), first, gradient, parameter);
            Assign(first, mean);
            square -= mean * mean;
        }
        Tensor direction = Tensor.Apply(new Ternary<Normalize>(new Normalize(_eps)), gradient, square, parameter.Scalar(1));
        if (_momentum > 0)
        {
            Parameter buffer = Remembered(parameter, "momentum_buffer");
            direction = buffer * _momentum + direction;
            Assign(buffer, direction);
        }
        return Tensor.Apply(new Ternary<Descend>(new Descend(0)), parameter, direction, Number(_rate, parameter.Type));
    }
}

/// <summary>Beta·a + (1 − Beta)·(b + Decay·c).</summary>
internal readonly record struct Average(double Beta, double Decay) : IMap3, IElementwise
{
    public static string Name => "average";

    public L Invoke<L, T>(L a, L b, L c) where L : struct, ILanes<L, T> where T : unmanaged
        => a * L.Broadcast(Beta) + (b + L.Broadcast(Decay) * c) * L.Broadcast(1 - Beta);

    public Tensor? Gradient(int input, in Application application, Tensor gradient) => Update.NoGradient();
}

/// <summary>Beta·a + (1 − Beta)·(b + Decay·c)².</summary>
internal readonly record struct AverageSquare(double Beta, double Decay) : IMap3, IElementwise
{
    public static string Name => "average square";

    public L Invoke<L, T>(L a, L b, L c) where L : struct, ILanes<L, T> where T : unmanaged
    {
        L gradient = b + L.Broadcast(Decay) * c;
        return a * L.Broadcast(Beta) + gradient * gradient * L.Broadcast(1 - Beta);
    }

    public Tensor? Gradient(int input, in Application application, Tensor gradient) => Update.NoGradient();
}

/// <summary>a / (√b·c + Eps).</summary>
internal readonly record struct Normalize(double Eps) : IMap3, IElementwise
{
    public static string Name => "normalize";

    public L Invoke<L, T>(L a, L b, L c) where L : struct, ILanes<L, T> where T : unmanaged
        => a / (L.Sqrt(b) * c + L.Broadcast(Eps));

    public Tensor? Gradient(int input, in Application application, Tensor gradient) => Update.NoGradient();
}

/// <summary>a·d − c·b.</summary>
internal readonly record struct ShrinkAndDescend : IMap4, IElementwise
{
    public static string Name => "descend";

    public L Invoke<L, T>(L a, L b, L c, L d) where L : struct, ILanes<L, T> where T : unmanaged
        => a * d - c * b;

    public Tensor? Gradient(int input, in Application application, Tensor gradient) => Update.NoGradient();
}
