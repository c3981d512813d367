using Volute.Kernels;

namespace Volute;

/// <summary>y = max(a, 0).</summary>
internal readonly record struct Relu : IEpilogueMap<Relu>, IElementwise
{
    public static string Name => "relu";

    public (double A, double B) Parameters => (0, 0);

    public static Relu From(double a, double b) => default;

    public L Invoke<L, T>(L a) where L : struct, ILanes<L, T> where T : unmanaged
        => L.Max(a, default);

    public Tensor? Gradient(int input, in Application application, Tensor gradient)
        => gradient.GatedBy(application.Output, 0);
}

/// <summary>Extends tensors by relu.</summary>
public static class ReluOperator
{
    extension(Tensor x)
    {
        /// <summary>max(x, 0).</summary>
        public Tensor Relu() => Tensor.Apply(new Activation<Relu>(default), x);
    }
}
