using Volute.Kernels;

namespace Volute;

/// <summary>y = −a.</summary>
internal readonly record struct Negate : IMap1, IElementwise
{
    public static string Name => "negate";

    public L Invoke<L, T>(L a) where L : struct, ILanes<L, T> where T : unmanaged
        => default(L) - a;

    public Tensor? Gradient(int input, in Application application, Tensor gradient)
        => -gradient;
}

/// <summary>Extends tensors by negate.</summary>
public static class NegateOperator
{
    extension(Tensor)
    {
        /// <summary>−x, element by element.</summary>
        public static Tensor operator -(Tensor x) => Tensor.Apply(new Unary<Negate>(default), x);
    }
}
