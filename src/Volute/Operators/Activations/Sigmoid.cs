using Volute.Kernels;

namespace Volute;

/// <summary>y = 1 / (1 + e⁻ᵃ).</summary>
internal readonly record struct SigmoidMap : IEpilogueMap<SigmoidMap>, IElementwise
{
    public static string Name => "sigmoid";

    public (double A, double B) Parameters => (0, 0);

    public static SigmoidMap From(double a, double b) => default;

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
        public Tensor Sigmoid() => Tensor.Apply(new Activation<SigmoidMap>(default), x);
    }
}
