using Volute.Kernels;

namespace Volute;

/// <summary>y = 1 where Low ≤ a ≤ High, else 0.</summary>
internal readonly record struct Inside(double Low, double High) : IMap1, IElementwise
{
    public static string Name => "inside";

    public L Invoke<L, T>(L a) where L : struct, ILanes<L, T> where T : unmanaged
        => L.Select(L.GreaterOrEqual(a, L.Broadcast(Low)), L.Select(L.GreaterOrEqual(L.Broadcast(High), a), L.Broadcast(1), default), default);

    public Tensor? Gradient(int input, in Application application, Tensor gradient)
        => null;
}

/// <summary>Extends tensors by inside.</summary>
public static class InsideOperator
{
    extension(Tensor x)
    {
        /// <summary>1 where low ≤ x ≤ high, else 0; no gradient flows.</summary>
        public Tensor Inside(double low, double high) => Tensor.Apply(new Unary<Inside>(new Inside(low, high)), x);
    }
}
