using Volute.Kernels;

namespace Volute;

/// <summary>y = 1, 0 or −1.</summary>
internal readonly record struct Sign : IMap1, IElementwise
{
    public static string Name => "sign";

    public L Invoke<L, T>(L a) where L : struct, ILanes<L, T> where T : unmanaged
        => L.Select(L.Greater(a, default), L.Broadcast(1), L.Select(L.Greater(default, a), L.Broadcast(-1), a));

    public Tensor? Gradient(int input, in Application application, Tensor gradient)
        => null;
}

/// <summary>Extends tensors by sign.</summary>
public static class SignOperator
{
    extension(Tensor x)
    {
        /// <summary>The sign: 1, 0 or −1 (NaN stays NaN).</summary>
        public Tensor Sign() => Tensor.Apply(new Unary<Sign>(default(Sign)), x);
    }
}
