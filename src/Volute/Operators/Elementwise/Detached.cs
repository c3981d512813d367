using Volute.Kernels;

namespace Volute;

/// <summary>y = a, held constant.</summary>
internal readonly record struct Detached : IMap1, IElementwise
{
    public static string Name => "detached";

    public L Invoke<L, T>(L a) where L : struct, ILanes<L, T> where T : unmanaged
        => a;

    public Tensor? Gradient(int input, in Application application, Tensor gradient)
        => null;
}

/// <summary>Extends tensors by detach.</summary>
public static class DetachOperator
{
    extension(Tensor x)
    {
        /// <summary>The same numbers, through which no gradient flows.</summary>
        public Tensor Detach() => Tensor.Apply(new Unary<Detached>(default(Detached)), x);
    }
}
