using Volute.Kernels;

namespace Volute;

/// <summary>y = eᵃ.</summary>
internal readonly record struct Exp : IMap1, IElementwise
{
    public static string Name => "exp";

    public L Invoke<L, T>(L a) where L : struct, ILanes<L, T> where T : unmanaged
        => L.Exp(a);

    public Tensor? Gradient(int input, in Application application, Tensor gradient)
        => gradient * application.Output;
}

/// <summary>Extends tensors by exp.</summary>
public static class ExpOperator
{
    extension(Tensor x)
    {
        /// <summary>eˣ, element by element.</summary>
        public Tensor Exp() => Tensor.Apply(new Unary<Exp>(default(Exp)), x);
    }
}
