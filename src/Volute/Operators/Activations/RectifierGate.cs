using Volute.Kernels;

namespace Volute;

/// <summary>y = a where b &gt; 0, else Slope·a: how a gradient passes a rectifier.</summary>
internal readonly record struct RectifierGate(double Slope) : IMap2, IElementwise
{
    public static string Name => "rectifiergate";

    public L Invoke<L, T>(L a, L b) where L : struct, ILanes<L, T> where T : unmanaged
        => L.Select(L.Greater(b, default), a, a * L.Broadcast(Slope));

    public Tensor? Gradient(int input, in Application application, Tensor gradient)
        => input == 0 ? gradient.GatedBy(application.Input(1), Slope) : null;
}

/// <summary>Extends tensors by rectifiergate.</summary>
public static class RectifierGateOperator
{
    extension(Tensor x)
    {
        /// <summary>x where <paramref name="gate"/> is positive, else <paramref name="slope"/>·x; no gradient flows to the gate.</summary>
        public Tensor GatedBy(Tensor gate, double slope) => Tensor.Apply(new Binary<RectifierGate>(new RectifierGate(slope)), x, gate);
    }
}
