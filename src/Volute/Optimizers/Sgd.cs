using Volute.Kernels;

namespace Volute;

/// <summary>
/// g ← g + decay·w; v ← momentum·v + (1 − dampening)·g (v ← g at the first step); w ← w − rate·v, or with Nesterov w − rate·(g + momentum·v).
/// </summary>
public sealed class SGD : Optimizer
{
    private readonly double _momentum, _dampening, _weightDecay;
    private readonly bool _nesterov;
    private readonly Func<double> _rate, _share;

    /// <summary>Stochastic gradient descent with PyTorch's options.</summary>
    /// <exception cref="InvalidArgumentException">A negative option, or Nesterov without momentum or with dampening.</exception>
    public SGD(IEnumerable<Parameter> parameters, double learningRate, double momentum = 0, double dampening = 0, double weightDecay = 0, bool nesterov = false)
        : base(parameters, learningRate)
    {
        NotNegative(momentum, "momentum");
        NotNegative(weightDecay, "weightDecay");
        if (nesterov && (momentum <= 0 || dampening != 0))
            throw new InvalidArgumentException($"SGD: Nesterov needs a momentum > 0 and no dampening, got {momentum} and {dampening}");
        (_momentum, _dampening, _weightDecay, _nesterov) = (momentum, dampening, weightDecay, nesterov);
        (_rate, _share) = (() => LearningRate, () => Steps == 1 ? 1 : 1 - _dampening);
    }

    /// <inheritdoc/>
    protected override Tensor Update(Parameter parameter, Tensor gradient)
    {
        Tensor rate = Number(_rate, parameter.Type);
        if (_momentum == 0)
            return Tensor.Apply(new Ternary<Descend>(new Descend(_weightDecay)), parameter, gradient, rate);
        Parameter velocity = Remembered(parameter, "momentum_buffer");
        Tensor share = Number(_share, parameter.Type);
        Tensor next = Tensor.Apply(new Quaternary<Accelerate>(new Accelerate(_momentum, _weightDecay)), velocity, gradient, parameter, share);
        Assign(velocity, next);
        return _nesterov
            ? Tensor.Apply(new Quaternary<DescendAhead>(new DescendAhead(_momentum, _weightDecay)), parameter, gradient, next, rate)
            : Tensor.Apply(new Ternary<Descend>(new Descend(0)), parameter, next, rate);
    }
}

/// <summary>a − c·(b + Decay·a).</summary>
internal readonly record struct Descend(double Decay) : IMap3, IElementwise
{
    public static string Name => "descend";

    public L Invoke<L, T>(L a, L b, L c) where L : struct, ILanes<L, T> where T : unmanaged
        => a - c * (b + L.Broadcast(Decay) * a);

    public Tensor? Gradient(int input, in Application application, Tensor gradient) => Update.NoGradient();
}

/// <summary>Momentum·a + d·(b + Decay·c).</summary>
internal readonly record struct Accelerate(double Momentum, double Decay) : IMap4, IElementwise
{
    public static string Name => "accelerate";

    public L Invoke<L, T>(L a, L b, L c, L d) where L : struct, ILanes<L, T> where T : unmanaged
        => a * L.Broadcast(Momentum) + d * (b + L.Broadcast(Decay) * c);

    public Tensor? Gradient(int input, in Application application, Tensor gradient) => Update.NoGradient();
}

/// <summary>a − d·(b + Decay·a + Momentum·c).</summary>
internal readonly record struct DescendAhead(double Momentum, double Decay) : IMap4, IElementwise
{
    public static string Name => "descend ahead";

    public L Invoke<L, T>(L a, L b, L c, L d) where L : struct, ILanes<L, T> where T : unmanaged
        => a - d * (b + L.Broadcast(Decay) * a + L.Broadcast(Momentum) * c);

    public Tensor? Gradient(int input, in Application application, Tensor gradient) => Update.NoGradient();
}

/// <summary>What the updates of optimizers share.</summary>
internal static class Update
{
    public static Tensor? NoGradient() => throw new VoluteException("no gradient flows through an optimizer's update");
}
