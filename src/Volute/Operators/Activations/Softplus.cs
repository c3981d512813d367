using Volute.Kernels;

namespace Volute;

/// <summary>y = ln(1 + eᵃ).</summary>
internal readonly record struct SoftplusMap : IMap1, IElementwise
{
    public static string Name => "softplus";

    public L Invoke<L, T>(L a) where L : struct, ILanes<L, T> where T : unmanaged
        => LaneMath.Softplus<L, T>(a);

    public Tensor? Gradient(int input, in Application application, Tensor gradient)
        => gradient * application.Input(0).Sigmoid();
}

/// <summary>Extends tensors by softplus.</summary>
public static class SoftplusOperator
{
    extension(Tensor x)
    {
        /// <summary>ln(1 + eˣ).</summary>
        public Tensor Softplus() => Tensor.Apply(new Unary<SoftplusMap>(default), x);
    }
}
