using Volute.Kernels;

namespace Volute;

/// <summary>y = a·Φ(a), Φ the normal distribution.</summary>
internal readonly record struct Gelu : IMap1, IElementwise
{
    public static string Name => "gelu";

    public L Invoke<L, T>(L a) where L : struct, ILanes<L, T> where T : unmanaged
        => a * L.Broadcast(0.5) * (L.Broadcast(1) + LaneMath.Erf<L, T>(a * L.Broadcast(Math.Sqrt(0.5))));

    public Tensor? Gradient(int input, in Application application, Tensor gradient)
    {
        Tensor x = application.Input(0), distribution = ((x * Math.Sqrt(0.5)).Erf() + 1) * 0.5, density = (x * x * -0.5).Exp() * (1 / Math.Sqrt(2 * Math.PI));
        return gradient * (distribution + x * density);
    }
}

/// <summary>Extends tensors by gelu.</summary>
public static class GeluOperator
{
    extension(Tensor x)
    {
        /// <summary>x·Φ(x) with the exact normal distribution (Hendrycks and Gimpel, 2016).</summary>
        public Tensor Gelu() => Tensor.Apply(new Unary<Gelu>(default), x);
    }
}
