using Volute.Kernels;

namespace Volute;

/// <summary>y = aᵖ for a fixed p.</summary>
internal readonly record struct Power(double Exponent) : IMap1, IElementwise
{
    public static string Name => "pow";

    public L Invoke<L, T>(L a) where L : struct, ILanes<L, T> where T : unmanaged
        => Powers.Power<L, T>(a, Exponent);

    public Tensor? Gradient(int input, in Application application, Tensor gradient)
        => Exponent == 0 ? gradient * 0 : gradient * (application.Input(0).Pow(Exponent - 1) * Exponent);
}

/// <summary>Extends tensors by pow.</summary>
public static class PowerOperator
{
    extension(Tensor x)
    {
        /// <summary>xᵖ, element by element, for a fixed exponent p.</summary>
        public Tensor Pow(double exponent) => Tensor.Apply(new Unary<Power>(new Power(exponent)), x);
    }
}
