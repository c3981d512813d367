using Volute.Kernels;

namespace Volute;

/// <summary>y = √a.</summary>
internal readonly record struct Sqrt : IMap1, IElementwise
{
    public static string Name => "sqrt";

    public L Invoke<L, T>(L a) where L : struct, ILanes<L, T> where T : unmanaged
        => L.Sqrt(a);

    public Tensor? Gradient(int input, in Application application, Tensor gradient)
        => gradient / (application.Output * 2);
}

/// <summary>Extends tensors by sqrt.</summary>
public static class SqrtOperator
{
    extension(Tensor x)
    {
        /// <summary>√x, element by element.</summary>
        public Tensor Sqrt() => Tensor.Apply(new Unary<Sqrt>(default(Sqrt)), x);
    }
}
