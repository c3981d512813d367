using Volute.Kernels;

namespace Volute;

/// <summary>y = a / b.</summary>
internal readonly record struct Divide : IMap2, IElementwise
{
    public static string Name => "divide";

    public L Invoke<L, T>(L a, L b) where L : struct, ILanes<L, T> where T : unmanaged
        => a / b;

    public Tensor? Gradient(int input, in Application application, Tensor gradient)
        => input == 0 ? gradient / application.Input(1) : -(gradient * application.Output / application.Input(1));
}

/// <summary>Extends tensors by divide.</summary>
public static class DivideOperator
{
    extension(Tensor)
    {
        /// <summary>a / b, element by element with broadcasting.</summary>
        public static Tensor operator /(Tensor a, Tensor b) => Tensor.Apply(new Binary<Divide>(default), a, b);

        /// <summary>a / b with a number.</summary>
        public static Tensor operator /(Tensor a, double b) => a / Tensor.Scalar(b, a.Type);

        /// <summary>a / b with a number.</summary>
        public static Tensor operator /(double a, Tensor b) => Tensor.Scalar(a, b.Type) / b;
    }
}
