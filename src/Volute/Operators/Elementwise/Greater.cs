using Volute.Kernels;

namespace Volute;

/// <summary>y = 1 where a &gt; b, else 0.</summary>
internal readonly record struct Greater : IMap2, IElementwise
{
    public static string Name => "greater";

    public L Invoke<L, T>(L a, L b) where L : struct, ILanes<L, T> where T : unmanaged
        => L.Select(L.Greater(a, b), L.Broadcast(1), default);

    public Tensor? Gradient(int input, in Application application, Tensor gradient)
        => null;
}

/// <summary>Extends tensors by greater.</summary>
public static class GreaterOperator
{
    extension(Tensor a)
    {
        /// <summary>1 where a &gt; b, else 0, element by element with broadcasting; no gradient flows.</summary>
        public Tensor GreaterThan(Tensor b) => Tensor.Apply(new Binary<Greater>(default), a, b);
    }
}
