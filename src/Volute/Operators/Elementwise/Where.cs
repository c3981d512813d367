using Volute.Kernels;

namespace Volute;

/// <summary>y = b where a ≠ 0, else c.</summary>
internal readonly record struct Where : IMap3, IElementwise
{
    public static string Name => "where";

    public L Invoke<L, T>(L a, L b, L c) where L : struct, ILanes<L, T> where T : unmanaged
        => L.Select(L.Equal(a, default), c, b);

    public Tensor? Gradient(int input, in Application application, Tensor gradient)
        => input == 0 ? null : input == 1 ? application.Input(0).Where(gradient, gradient * 0) : application.Input(0).Where(gradient * 0, gradient);
}

/// <summary>Extends tensors by where.</summary>
public static class WhereOperator
{
    extension(Tensor condition)
    {
        /// <summary><paramref name="yes"/> where the condition is not 0, else <paramref name="no"/>, element by element with broadcasting.</summary>
        public Tensor Where(Tensor yes, Tensor no) => Tensor.Apply(new Ternary<Where>(default), condition, yes, no);
    }
}
