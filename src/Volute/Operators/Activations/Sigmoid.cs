using Volute.Kernels;

namespace Volute;

/// <summary>y = 1 / (1 + e⁻ᵃ).</summary>
internal readonly record struct SigmoidMap : IMap1, IElementwise
{
    public static string Name => "sigmoid";

    public L Invoke<L, T>(L a) where L : struct, ILanes<L, T> where T : unmanaged
        => LaneMath.Sigmoid<L, T>(a);

    public Tensor? Gradient(int input, in Application application, Tensor gradient)
        => gradient * (application.Output * (1 - application.Output));
}

/// <summary>Extends tensors by sigmoid.</summary>
public static class SigmoidOperator
{
    extension(Tensor x)
    {
        /// <summary>1 / (1 + e⁻ˣ).</summary>
        public Tensor Sigmoid() => Tensor.Apply(new Unary<SigmoidMap>(default), x);
    }
}
