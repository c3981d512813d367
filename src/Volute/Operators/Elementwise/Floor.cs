using Volute.Kernels;

namespace Volute;

/// <summary>y = ⌊a⌋.</summary>
internal readonly record struct Floor : IMap1, IElementwise
{
    public static string Name => "floor";

    public L Invoke<L, T>(L a) where L : struct, ILanes<L, T> where T : unmanaged
        => L.Floor(a);

    public Tensor? Gradient(int input, in Application application, Tensor gradient)
        => null;
}

/// <summary>Extends tensors by floor.</summary>
public static class FloorOperator
{
    extension(Tensor x)
    {
        /// <summary>⌊x⌋, element by element; no gradient flows.</summary>
        public Tensor Floor() => Tensor.Apply(new Unary<Floor>(default(Floor)), x);
    }
}
