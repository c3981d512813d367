using Volute.Kernels;

namespace Volute;

/// <summary>y = min(max(a, Low), High).</summary>
internal readonly record struct Clamp(double Low, double High) : IMap1, IElementwise
{
    public static string Name => "clamp";

    public L Invoke<L, T>(L a) where L : struct, ILanes<L, T> where T : unmanaged
        => L.Min(L.Max(a, L.Broadcast(Low)), L.Broadcast(High));

    public Tensor? Gradient(int input, in Application application, Tensor gradient)
        => gradient * application.Input(0).Inside(Low, High);
}

/// <summary>Extends tensors by clamp.</summary>
public static class ClampOperator
{
    extension(Tensor x)
    {
        /// <summary>min(max(x, low), high), element by element.</summary>
        public Tensor Clamp(double low = double.NegativeInfinity, double high = double.PositiveInfinity) => Tensor.Apply(new Unary<Clamp>(new Clamp(low, high)), x);
    }
}
