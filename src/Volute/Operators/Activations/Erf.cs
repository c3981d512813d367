using Volute.Kernels;

namespace Volute;

/// <summary>y = erf a.</summary>
internal readonly record struct Erf : IMap1, IElementwise
{
    public static string Name => "erf";

    public L Invoke<L, T>(L a) where L : struct, ILanes<L, T> where T : unmanaged
        => LaneMath.Erf<L, T>(a);

    public Tensor? Gradient(int input, in Application application, Tensor gradient)
        => gradient * (-(application.Input(0) * application.Input(0))).Exp() * (2 / Math.Sqrt(Math.PI));
}

/// <summary>Extends tensors by erf.</summary>
public static class ErfOperator
{
    extension(Tensor x)
    {
        /// <summary>The error function, 2/√π·∫₀ˣ e^(−t²) dt.</summary>
        public Tensor Erf() => Tensor.Apply(new Unary<Erf>(default), x);
    }
}
