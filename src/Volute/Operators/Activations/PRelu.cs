using Volute.Kernels;

namespace Volute;

/// <summary>y = a where a &gt; 0, else b·a, with a learned slope b.</summary>
internal readonly record struct PRelu : IMap2, IElementwise
{
    public static string Name => "prelu";

    public L Invoke<L, T>(L a, L b) where L : struct, ILanes<L, T> where T : unmanaged
        => L.Select(L.Greater(a, default), a, a * b);

    public Tensor? Gradient(int input, in Application application, Tensor gradient)
    {
        Tensor x = application.Input(0), slope = application.Input(1);
        return input == 0
            ? x.GreaterThan(gradient.Scalar(0)).Where(gradient, gradient * slope)
            : gradient * x.Minimum(gradient.Scalar(0));
    }
}

/// <summary>Extends tensors by prelu.</summary>
public static class PReluOperator
{
    extension(Tensor x)
    {
        /// <summary>x where x &gt; 0, else slope·x, with broadcasting (He et al., 2015).</summary>
        public Tensor PRelu(Tensor slope) => Tensor.Apply(new Binary<PRelu>(default), x, slope);
    }
}
