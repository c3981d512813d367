using Volute.Kernels;

namespace Volute;

/// <summary>y = a where a &gt; 0, else Slope·a.</summary>
internal readonly record struct LeakyRelu(double Slope) : IMap1, IElementwise
{
    public static string Name => "leakyrelu";

    public L Invoke<L, T>(L a) where L : struct, ILanes<L, T> where T : unmanaged
        => L.Select(L.Greater(a, default), a, a * L.Broadcast(Slope));

    public Tensor? Gradient(int input, in Application application, Tensor gradient)
        => gradient.GatedBy(Slope > 0 ? application.Output : application.Input(0), Slope);
}

/// <summary>Extends tensors by leakyrelu.</summary>
public static class LeakyReluOperator
{
    extension(Tensor x)
    {
        /// <summary>x where x &gt; 0, else slope·x.</summary>
        public Tensor LeakyRelu(double slope = 0.01) => Tensor.Apply(new Unary<LeakyRelu>(new LeakyRelu(slope)), x);
    }
}
