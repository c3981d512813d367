using Volute.Kernels;

namespace Volute;

/// <summary>y = 1 where Low &lt; a &lt; High, or a = Low where that is included; else 0.</summary>
internal readonly record struct Between(double Low, double High, bool IsLowIncluded = false) : IMap1, IElementwise
{
    public static string Name => "between";

    public L Invoke<L, T>(L a) where L : struct, ILanes<L, T> where T : unmanaged
        => L.Select(IsLowIncluded ? L.GreaterOrEqual(a, L.Broadcast(Low)) : L.Greater(a, L.Broadcast(Low)), L.Select(L.Greater(L.Broadcast(High), a), L.Broadcast(1), default), default);

    public Tensor? Gradient(int input, in Application application, Tensor gradient)
        => null;
}

/// <summary>Extends tensors by between.</summary>
public static class BetweenOperator
{
    extension(Tensor x)
    {
        /// <summary>1 where low &lt; x &lt; high, else 0; no gradient flows.</summary>
        public Tensor Between(double low, double high) => Tensor.Apply(new Unary<Between>(new Between(low, high)), x);
    }
}
