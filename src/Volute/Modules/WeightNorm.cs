namespace Volute;

/// <summary>w = g·v/‖v‖, the norm over all axes but one (Salimans and Kingma, 2016). State: weight_g, weight_v in the place of weight, as PyTorch's weight_norm.</summary>
internal sealed class WeightNorm : Parametrization
{
    private readonly Parameter _g, _v;
    private readonly int? _dim;

    public WeightNorm(Parameter weight, int? dim) : this(new Parameter(NormOf(weight, dim).Shape, type: weight.Type), weight, dim) => _g.Assign(NormOf(weight, dim));

    private WeightNorm(Parameter g, Parameter v, int? dim) : base(("weight_g", g), ("weight_v", v)) => (_g, _v, _dim) = (g, v, dim);

    public override Tensor Weight(bool training) => _v * (_g / NormOf(_v, _dim));

    /// <summary>‖v‖ over all axes but one, which stay with size 1; over all, shape [], without one.</summary>
    private static Tensor NormOf(Tensor v, int? dim)
        => dim is { } kept ? (v * v).Sum([.. Enumerable.Range(0, v.Shape.Rank).Where(axis => axis != v.Shape.Axis(kept))], keepAxes: true).Sqrt() : (v * v).Sum().Sqrt();
}

/// <summary>Weight normalization of layers.</summary>
public static class WeightNormalization
{
    extension<T>(T layer) where T : WeightedLayer
    {
        /// <summary>
        /// Makes the layer's weight w = g·v/‖v‖ from now on, which parts its length from its direction (Salimans and Kingma, 2016): PyTorch's weight_norm. Its
        /// state has weight_g and weight_v instead of weight, g = ‖w‖ and v = w at first. Make the optimizer afterwards.
        /// </summary>
        /// <param name="dim">The axis along which each slice has a length of its own; null: one length for the whole weight.</param>
        /// <returns>The layer.</returns>
        /// <exception cref="InvalidArgumentException">No such axis; its weight is made of other parameters already; the layer is lazy and has seen no input.</exception>
        public T WithWeightNorm(int? dim = 0)
        {
            layer.Parametrize(weight => new WeightNorm(weight, dim));
            return layer;
        }
    }
}
