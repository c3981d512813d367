using Volute.Kernels;

namespace Volute;

/// <summary>y = a / (1 + e⁻ᵃ).</summary>
internal readonly record struct Silu : IMap1, IElementwise
{
    public static string Name => "silu";

    public L Invoke<L, T>(L a) where L : struct, ILanes<L, T> where T : unmanaged
        => a * LaneMath.Sigmoid<L, T>(a);

    public Tensor? Gradient(int input, in Application application, Tensor gradient)
    {
        Tensor x = application.Input(0), sigmoid = x.Sigmoid();
        return gradient * (sigmoid * (1 + x * (1 - sigmoid)));
    }
}

/// <summary>Extends tensors by silu.</summary>
public static class SiluOperator
{
    extension(Tensor x)
    {
        /// <summary>x·sigmoid(x), also called swish (Elfwing et al., 2017).</summary>
        public Tensor Silu() => Tensor.Apply(new Unary<Silu>(default), x);
    }
}
