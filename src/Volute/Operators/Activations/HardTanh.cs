using Volute.Kernels;

namespace Volute;

/// <summary>y = min(max(a, Low), High).</summary>
internal readonly record struct HardTanh(double Low, double High) : IMap1, IElementwise
{
    public static string Name => "hardtanh";

    public L Invoke<L, T>(L a) where L : struct, ILanes<L, T> where T : unmanaged
        => L.Min(L.Max(a, L.Broadcast(Low)), L.Broadcast(High));

    public Tensor? Gradient(int input, in Application application, Tensor gradient)
        => gradient * application.Input(0).Between(Low, High);
}

/// <summary>Extends tensors by hardtanh.</summary>
public static class HardTanhOperator
{
    extension(Tensor x)
    {
        /// <summary>min(max(x, low), high); at the limits themselves the slope is 0, as in PyTorch.</summary>
        public Tensor HardTanh(double low = -1, double high = 1) => Tensor.Apply(new Unary<HardTanh>(new HardTanh(low, high)), x);
    }
}
