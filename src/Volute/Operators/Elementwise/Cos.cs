using Volute.Kernels;

namespace Volute;

/// <summary>y = cos a.</summary>
internal readonly record struct Cos : IMap1, IElementwise
{
    public static string Name => "cos";

    public L Invoke<L, T>(L a) where L : struct, ILanes<L, T> where T : unmanaged
        => L.Cos(a);

    public Tensor? Gradient(int input, in Application application, Tensor gradient)
        => -(gradient * application.Input(0).Sin());
}

/// <summary>Extends tensors by cos.</summary>
public static class CosOperator
{
    extension(Tensor x)
    {
        /// <summary>cos x, x in radians, element by element.</summary>
        public Tensor Cos() => Tensor.Apply(new Unary<Cos>(default), x);
    }
}
