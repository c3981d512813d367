using Volute.Kernels;

namespace Volute;

/// <summary>y = 1 where a = b, else 0.</summary>
internal readonly record struct Equal : IMap2, IElementwise
{
    public static string Name => "equal";

    public L Invoke<L, T>(L a, L b) where L : struct, ILanes<L, T> where T : unmanaged
        => L.Select(L.Equal(a, b), L.Broadcast(1), default);

    public Tensor? Gradient(int input, in Application application, Tensor gradient)
        => null;
}

/// <summary>Extends tensors by equal.</summary>
public static class EqualOperator
{
    extension(Tensor a)
    {
        /// <summary>
        /// 1 where a = b, else 0, element by element with broadcasting; no gradient flows. Classes (int32) give float32, so that hits can be counted:
        /// <c>scores.ArgMax(1).EqualTo(labels).Sum()</c>.
        /// </summary>
        public Tensor EqualTo(Tensor b)
        {
            ArgumentNullException.ThrowIfNull(b);
            // Every int32 is exact as float64.
            return a.Type == ElementType.Int32 && b.Type == ElementType.Int32 ? a.To(ElementType.Float64).EqualTo(b.To(ElementType.Float64)).To(ElementType.Float32)
                : Tensor.Apply(new Binary<Equal>(default), a, b);
        }
    }
}
