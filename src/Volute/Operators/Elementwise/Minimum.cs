using Volute.Kernels;

namespace Volute;

/// <summary>y = min(a, b).</summary>
internal readonly record struct Minimum : IMap2, IElementwise
{
    public static string Name => "minimum";

    public L Invoke<L, T>(L a, L b) where L : struct, ILanes<L, T> where T : unmanaged
        => L.Min(a, b);

    public Tensor? Gradient(int input, in Application application, Tensor gradient)
    {
        // PyTorch's rule: equal values share the gradient.
        Tensor a = application.Input(0), b = application.Input(1), half = a.EqualTo(b) * 0.5;
        Tensor wins = input == 0 ? b.GreaterThan(a) : a.GreaterThan(b);
        return gradient * (wins + half);
    }
}

/// <summary>Extends tensors by minimum.</summary>
public static class MinimumOperator
{
    extension(Tensor a)
    {
        /// <summary>min(a, b), element by element with broadcasting; NaN wins.</summary>
        public Tensor Minimum(Tensor b) => Tensor.Apply(new Binary<Minimum>(default), a, b);
    }
}
