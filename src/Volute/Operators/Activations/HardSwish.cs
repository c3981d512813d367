using Volute.Kernels;

namespace Volute;

/// <summary>y = a·min(max(a + 3, 0), 6)/6.</summary>
internal readonly record struct HardSwish : IMap1, IElementwise
{
    public static string Name => "hardswish";

    public L Invoke<L, T>(L a) where L : struct, ILanes<L, T> where T : unmanaged
        => a * (L.AtMost(L.AtLeast(a + L.Broadcast(3), default), L.Broadcast(6)) * L.Broadcast(1.0 / 6));

    public Tensor? Gradient(int input, in Application application, Tensor gradient)
    {
        // At the kinks themselves the slope is that to their right, as in PyTorch.
        Tensor x = application.Input(0);
        return gradient * (x.HardSigmoid() + x * Tensor.Apply(new Unary<Between>(new Between(-3, 3, IsLowIncluded: true)), x) * (1.0 / 6));
    }
}

/// <summary>Extends tensors by hardswish.</summary>
public static class HardSwishOperator
{
    extension(Tensor x)
    {
        /// <summary>x·min(max(x + 3, 0), 6)/6 (MobileNetV3).</summary>
        public Tensor HardSwish() => Tensor.Apply(new Unary<HardSwish>(default), x);
    }
}
