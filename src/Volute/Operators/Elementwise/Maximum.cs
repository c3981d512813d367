using Volute.Kernels;

namespace Volute;

/// <summary>y = max(a, b).</summary>
internal readonly record struct Maximum : IMap2, IElementwise
{
    public static string Name => "maximum";

    public L Invoke<L, T>(L a, L b) where L : struct, ILanes<L, T> where T : unmanaged
        => L.Max(a, b);

    public Tensor? Gradient(int input, in Application application, Tensor gradient)
    {
        // PyTorch's rule: equal values share the gradient.
        Tensor a = application.Input(0), b = application.Input(1), half = a.EqualTo(b) * 0.5;
        Tensor wins = input == 0 ? a.GreaterThan(b) : b.GreaterThan(a);
        return gradient * (wins + half);
    }
}

/// <summary>Extends tensors by maximum.</summary>
public static class MaximumOperator
{
    extension(Tensor a)
    {
        /// <summary>max(a, b), element by element with broadcasting; NaN wins.</summary>
        public Tensor Maximum(Tensor b) => Tensor.Apply(new Binary<Maximum>(default), a, b);
    }
}
