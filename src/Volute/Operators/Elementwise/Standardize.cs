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
            // Where the scale is one for all that share a mean, as in every normalization, the sum comes first: no map is written.
            1 when application.Input(1).Shape == application.Input(2).Shape => -(gradient.SumTo(application.Input(1).Shape) * application.Input(2)),
            1 => -(gradient * application.Input(2)),
            2 => Tensor.Apply(new Ternary<CenteredProduct>(default), gradient, application.Input(0), application.Input(1)),
            _ => gradient,
        };
}

/// <summary>y = a·(b − c): a gradient, a map and its mean.</summary>
internal readonly record struct CenteredProduct : IMap3, IElementwise
{
    public static string Name => "centeredproduct";

    public L Invoke<L, T>(L a, L b, L c) where L : struct, ILanes<L, T> where T : unmanaged => a * (b - c);

    public Tensor? Gradient(int input, in Application application, Tensor gradient)
        => input switch
        {
            0 => Tensor.Apply(new Ternary<CenteredProduct>(default), gradient, application.Input(1), application.Input(2)),
            1 => gradient * application.Input(0),
            _ => -(gradient * application.Input(0)),
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
