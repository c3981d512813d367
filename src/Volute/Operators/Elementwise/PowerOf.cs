using Volute.Kernels;

namespace Volute;

/// <summary>y = aᵇ.</summary>
internal readonly record struct PowerOf : IMap2, IElementwise
{
    public static string Name => "pow";

    public L Invoke<L, T>(L a, L b) where L : struct, ILanes<L, T> where T : unmanaged
        => Powers.Power<L, T>(a, b);

    public Tensor? Gradient(int input, in Application application, Tensor gradient)
    {
        // 0⁰ = 1 is taken for a constant, as in PyTorch: no slope comes of 0·∞.
        Tensor a = application.Input(0), b = application.Input(1), zero = a.Scalar(0);
        return input == 0
            ? b.EqualTo(zero).Where(zero, gradient * (b * a.Pow(b - 1)))
            : a.EqualTo(zero).Where(zero, gradient * (application.Output * a.Log()));
    }
}

/// <summary>Extends tensors by pow with a tensor as exponent.</summary>
public static class PowerOfOperator
{
    extension(Tensor x)
    {
        /// <summary>x^exponent, element by element with broadcasting; negative x only with whole exponents, otherwise NaN.</summary>
        public Tensor Pow(Tensor exponent) => Tensor.Apply(new Binary<PowerOf>(default), x, exponent);
    }
}
