using Volute.Kernels;

namespace Volute;

/// <summary>y = a where a &gt; 0, else Alpha·(eᵃ − 1).</summary>
internal readonly record struct Elu(double Alpha) : IMap1, IElementwise
{
    public static string Name => "elu";

    public L Invoke<L, T>(L a) where L : struct, ILanes<L, T> where T : unmanaged
        => L.Select(L.Greater(a, default), a, LaneMath.Expm1<L, T>(a) * L.Broadcast(Alpha));

    public Tensor? Gradient(int input, in Application application, Tensor gradient)
        => gradient * application.Input(0).GreaterThan(gradient.Scalar(0)).Where(gradient.Scalar(1), (application.Input(0).Minimum(gradient.Scalar(0))).Exp() * Alpha);
}

/// <summary>Extends tensors by elu.</summary>
public static class EluOperator
{
    extension(Tensor x)
    {
        /// <summary>x where x &gt; 0, else α·(eˣ − 1) (Clevert et al., 2015).</summary>
        public Tensor Elu(double alpha = 1) => Tensor.Apply(new Unary<Elu>(new Elu(alpha)), x);
    }
}
