using Volute.Kernels;

namespace Volute;

/// <summary>y = (a − b)·c + d: a map, its mean, its scale and its shift.</summary>
internal readonly record struct Standardize : IMap4, IElementwise
{
    public static string Name => "standardize";

    public L Invoke<L, T>(L a, L b, L c, L d) where L : struct, ILanes<L, T> where T : unmanaged
        => L.MultiplyAdd(a - b, c, d);

    public Tensor? Gradient(int input, in Application application, Tensor gradient)
        => input switch
        {
            0 => gradient * application.Input(2),
            1 => -(gradient * application.Input(2)),
            2 => gradient * (application.Input(0) - application.Input(1)),
            _ => gradient,
        };
}

/// <summary>Extends tensors by standardize.</summary>
public static class StandardizeOperator
{
    extension(Tensor x)
    {
        /// <summary>(x − mean)·scale + shift, element by element with broadcasting: the one pass of every normalization.</summary>
        public Tensor Standardize(Tensor mean, Tensor scale, Tensor shift) => Tensor.Apply(new Quaternary<Standardize>(default), x, mean, scale, shift);
    }
}
