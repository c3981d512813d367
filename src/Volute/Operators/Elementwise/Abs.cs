using Volute.Kernels;

namespace Volute;

/// <summary>y = |a|.</summary>
internal readonly record struct Abs : IMap1, IElementwise
{
    public static string Name => "abs";

    public L Invoke<L, T>(L a) where L : struct, ILanes<L, T> where T : unmanaged
        => L.Abs(a);

    public Tensor? Gradient(int input, in Application application, Tensor gradient)
        => gradient * application.Input(0).Sign();
}

/// <summary>Extends tensors by abs.</summary>
public static class AbsOperator
{
    extension(Tensor x)
    {
        /// <summary>|x|, element by element; the slope at 0 is 0, as in PyTorch.</summary>
        public Tensor Abs() => Tensor.Apply(new Unary<Abs>(default(Abs)), x);
    }
}
