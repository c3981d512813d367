using Volute.Kernels;

namespace Volute;

/// <summary>y = min(max(a/6 + ½, 0), 1).</summary>
internal readonly record struct HardSigmoid : IMap1, IElementwise
{
    public static string Name => "hardsigmoid";

    public L Invoke<L, T>(L a) where L : struct, ILanes<L, T> where T : unmanaged
        => L.AtMost(L.AtLeast(a * L.Broadcast(1.0 / 6) + L.Broadcast(0.5), default), L.Broadcast(1));

    public Tensor? Gradient(int input, in Application application, Tensor gradient)
        => gradient * application.Input(0).Between(-3, 3) * (1.0 / 6);
}

/// <summary>Extends tensors by hardsigmoid.</summary>
public static class HardSigmoidOperator
{
    extension(Tensor x)
    {
        /// <summary>min(max(x/6 + ½, 0), 1).</summary>
        public Tensor HardSigmoid() => Tensor.Apply(new Unary<HardSigmoid>(default), x);
    }
}
