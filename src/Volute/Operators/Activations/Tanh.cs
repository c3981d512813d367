using Volute.Kernels;

namespace Volute;

/// <summary>y = tanh a.</summary>
internal readonly record struct TanhMap : IMap1, IElementwise
{
    public static string Name => "tanh";

    public L Invoke<L, T>(L a) where L : struct, ILanes<L, T> where T : unmanaged
        => LaneMath.Tanh<L, T>(a);

    public Tensor? Gradient(int input, in Application application, Tensor gradient)
        => gradient * (1 - application.Output * application.Output);
}

/// <summary>Extends tensors by tanh.</summary>
public static class TanhOperator
{
    extension(Tensor x)
    {
        /// <summary>tanh x.</summary>
        public Tensor Tanh() => Tensor.Apply(new Unary<TanhMap>(default), x);
    }
}
