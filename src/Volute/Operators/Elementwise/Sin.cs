using Volute.Kernels;

namespace Volute;

/// <summary>y = sin a.</summary>
internal readonly record struct Sin : IMap1, IElementwise
{
    public static string Name => "sin";

    public L Invoke<L, T>(L a) where L : struct, ILanes<L, T> where T : unmanaged
        => L.Sin(a);

    public Tensor? Gradient(int input, in Application application, Tensor gradient)
        => gradient * application.Input(0).Cos();
}

/// <summary>Extends tensors by sin.</summary>
public static class SinOperator
{
    extension(Tensor x)
    {
        /// <summary>sin x, x in radians, element by element.</summary>
        public Tensor Sin() => Tensor.Apply(new Unary<Sin>(default), x);
    }
}
