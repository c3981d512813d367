using Volute.Kernels;

namespace Volute;

/// <summary>y = min(max(a, Low), High).</summary>
internal readonly record struct HardTanh : IMap1, IElementwise
{
    public HardTanh(double low, double high)
    {
        if (double.IsNaN(low) || double.IsNaN(high))
            throw new InvalidArgumentException($"hardtanh: bounds must be numbers, got {low} and {high}");
        (Low, High) = (low, high);
    }

    public static string Name => "hardtanh";

    public double Low { get; }

    public double High { get; }

    public L Invoke<L, T>(L a) where L : struct, ILanes<L, T> where T : unmanaged
        => L.AtMost(L.AtLeast(a, L.Broadcast(Low)), L.Broadcast(High));

    public Tensor? Gradient(int input, in Application application, Tensor gradient)
        => gradient * application.Input(0).Between(Low, High);
}

/// <summary>Extends tensors by hardtanh.</summary>
public static class HardTanhOperator
{
    extension(Tensor x)
    {
        /// <summary>min(max(x, low), high); at the limits themselves the slope is 0, as in PyTorch; NaN stays NaN.</summary>
        /// <exception cref="InvalidArgumentException">A bound is NaN.</exception>
        public Tensor HardTanh(double low = -1, double high = 1) => Tensor.Apply(new Unary<HardTanh>(new HardTanh(low, high)), x);
    }
}
