using Volute.Kernels;

namespace Volute;

/// <summary>y = max(a, 0).</summary>
internal readonly record struct Relu : IMap1, IElementwise
{
    public static string Name => "relu";

    public L Invoke<L, T>(L a) where L : struct, ILanes<L, T> where T : unmanaged
        => L.AtLeast(a, default);

    public Tensor? Gradient(int input, in Application application, Tensor gradient)
        => gradient.GatedBy(application.Output, 0);
}

/// <summary>Extends tensors by relu.</summary>
public static class ReluOperator
{
    extension(Tensor x)
    {
        /// <summary>max(x, 0).</summary>
        public Tensor Relu() => Tensor.Apply(new Unary<Relu>(default), x);
    }
}
