using Volute.Kernels;

namespace Volute;

/// <summary>y = min(max(a, Low), High).</summary>
internal readonly record struct Clamp : IMap1, IElementwise
{
    public Clamp(double low, double high)
    {
        if (double.IsNaN(low) || double.IsNaN(high))
            throw new InvalidArgumentException($"clamp: bounds must be numbers, got {low} and {high}");
        (Low, High) = (low, high);
    }

    public static string Name => "clamp";

    public double Low { get; }

    public double High { get; }

    public L Invoke<L, T>(L a) where L : struct, ILanes<L, T> where T : unmanaged
        => L.AtMost(L.AtLeast(a, L.Broadcast(Low)), L.Broadcast(High));

    public Tensor? Gradient(int input, in Application application, Tensor gradient)
        => gradient * application.Input(0).Inside(Low, High);
}

/// <summary>Extends tensors by clamp.</summary>
public static class ClampOperator
{
    extension(Tensor x)
    {
        /// <summary>min(max(x, low), high), element by element; NaN stays NaN.</summary>
        /// <exception cref="InvalidArgumentException">A bound is NaN.</exception>
        public Tensor Clamp(double low = double.NegativeInfinity, double high = double.PositiveInfinity) => Tensor.Apply(new Unary<Clamp>(new Clamp(low, high)), x);
    }
}
