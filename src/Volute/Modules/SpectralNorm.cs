namespace Volute;

/// <summary>
/// w = v/σ(v), σ the largest singular value of the weight as a matrix (Miyato et al., 2018), estimated by power iteration: v ← Wᵀu/‖Wᵀu‖, u ← Wv/‖Wv‖,
/// σ = uᵀWv. State: weight_orig in the place of weight, then weight_u and weight_v, as PyTorch's spectral_norm.
/// </summary>
internal sealed class SpectralNorm : Parametrization
{
    private readonly Parameter _original, _u, _v;
    private readonly int _iterations, _dim;
    private readonly double _eps;

    public SpectralNorm(Parameter weight, int iterations, double eps, int dim) : this(weight, Direction(weight, MatrixOf(weight, dim).Shape[0], eps),
        Direction(weight, MatrixOf(weight, dim).Shape[1], eps)) => (_iterations, _eps, _dim) = (iterations, eps, dim);

    private SpectralNorm(Parameter original, Parameter u, Parameter v) : base(("weight_orig", original), ("weight_u", u), ("weight_v", v))
        => (_original, _u, _v) = (original, u, v);

    public override Tensor Weight(bool training)
    {
        Tensor matrix = MatrixOf(_original, _dim), u = _u, v = _v;
        if (training)
        {
            // The directions count as constants, as if they were the true ones, whose gradients vanish.
            Tensor still = matrix.Detach();
            for (int i = 0; i < _iterations; i++)
            {
                v = Unit(u.MatMul(still), _eps);
                u = Unit(still.MatMul(v), _eps);
            }
        }
        Tensor weight = _original / (u * matrix.MatMul(v)).Sum();
        if (training)
        {
            Remember(_v, v, weight);
            Remember(_u, u, weight);
        }
        return weight;
    }

    /// <summary>
    /// The direction takes the value, and so does a memory of this forward's own, which the next forward leaves alone: gradients may be asked for after it.
    /// </summary>
    private static void Remember(Parameter direction, Tensor value, Tensor weight)
    {
        direction.AssignWith(value.Detach(), weight);
        new Parameter(value.Shape, isTrainable: false, type: value.Type).AssignWith(value, weight);
    }

    /// <summary>The weight with one axis as rows, all others as columns.</summary>
    private static Tensor MatrixOf(Tensor weight, int dim)
    {
        int rows = weight.Shape.Axis(dim);
        int[] order = [rows, .. Enumerable.Range(0, weight.Shape.Rank).Where(axis => axis != rows)];
        return weight.Permute(order).Reshape([weight.Shape[rows], -1]);
    }

    /// <summary>x/‖x‖, or x/eps where that is smaller.</summary>
    private static Tensor Unit(Tensor x, double eps) => x / (x * x).Sum().Sqrt().Maximum(x.Scalar(eps));

    private static Parameter Direction(Parameter weight, int size, double eps)
    {
        Parameter direction = new([size], isTrainable: false, type: weight.Type);
        direction.Begin(Unit(Tensor.Normal([size]), eps).To(weight.Type));
        return direction;
    }
}

/// <summary>Spectral normalization of layers.</summary>
public static class SpectralNormalization
{
    extension<T>(T layer) where T : WeightedLayer
    {
        /// <summary>
        /// Divides the layer's weight by its largest singular value from now on, so that the layer is 1-Lipschitz but for padding and strides (Miyato et al., 2018):
        /// PyTorch's spectral_norm. Its state has weight_orig instead of weight, and weight_u and weight_v, which each forward in training improves. Make the
        /// optimizer afterwards.
        /// </summary>
        /// <param name="iterations">Steps of the power iteration for each forward in training.</param>
        /// <param name="eps">The least length that is divided by.</param>
        /// <param name="dim">The axis of the outputs; unless given 1 for transposed convolutions, else 0.</param>
        /// <returns>The layer.</returns>
        /// <exception cref="InvalidArgumentException">A number outside its range; its weight is made of other parameters already; the layer is lazy and has seen no input.</exception>
        public T WithSpectralNorm(int iterations = 1, double eps = 1e-12, int? dim = null)
        {
            if (iterations < 1 || !(eps > 0))
                throw new InvalidArgumentException($"{layer.Kind}: spectral norm needs iterations >= 1 and eps > 0, got {iterations} and {eps}");
            layer.Parametrize(weight => new SpectralNorm(weight, iterations, eps, dim ?? (layer is ConvTranspose ? 1 : 0)));
            return layer;
        }
    }
}
