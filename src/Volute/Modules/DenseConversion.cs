namespace Volute;

/// <summary>From a score for a whole picture to scores at each position.</summary>
public static class DenseConversion
{
    extension(Module network)
    {
        /// <summary>
        /// Turns a classifier into a predictor of every position (Long et al., 2015: fully convolutional networks): <see cref="Flatten"/> goes, the first <see cref="Linear"/> behind it
        /// becomes a convolution as large as the map that was flattened, later ones 1×1, with the same numbers; adaptive averages become plain ones. (N, C, …) → (N, classes, …): one
        /// position on the input's own size, and on a larger one the classifier's scores of each window, as far as no padding lies between (padded layers see more of the picture
        /// than a window has). The network itself is changed; names of the state stay, the shapes of linear weights do not: make the optimizer afterwards.
        /// </summary>
        /// <param name="input">The shape of what it classifies, (N, C, …).</param>
        /// <returns>The network; where it is a single layer, the layer in its place.</returns>
        /// <exception cref="InvalidArgumentException">A layer has no form for every position, or there is nothing to turn; the network is as it was.</exception>
        /// <exception cref="ShapeException">The input does not fit.</exception>
        public Module ToDense(Shape input)
        {
            ArgumentNullException.ThrowIfNull(network);
            ArgumentNullException.ThrowIfNull(input);
            Dictionary<Module, Module> dense = [];
            foreach (Module module in network.Modules())
                dense[module] = module;
            // What is left of the map that was flattened: the next linear layer's window; null before.
            int[]? window = null;
            foreach (var (layer, x, y) in Calls(network, input))
            {
                Layer other = window is null ? BeforeFlatten(layer, x, y) : BehindFlatten(layer, window);
                if (dense[layer] != layer && other.Kind != dense[layer].Kind)
                    throw HasNoDense(layer, "it runs twice, on maps of different sizes");
                dense[layer] = other;
                if (window is null && other is Identity && layer is Flatten)
                    window = [.. x.Skip(2)];
                else if (layer is Linear)
                    window = [.. window!.Select(_ => 1)];
            }
            if (window is null)
                throw new InvalidArgumentException($"{network.Kind}: nothing is flattened on the way to its output, so that it is dense already, or flattens without a Flatten layer");
            if (window.Any(size => size > 1))
                throw new InvalidArgumentException($"{network.Kind}: no linear layer follows on its Flatten, whose {string.Join("x", window)} positions would stay");
            network.ReplaceAll(dense);
            return dense[network];
        }
    }

    /// <summary>The layers in the order in which they run, with the shapes of their maps; nothing is computed.</summary>
    private static List<(Layer Layer, Shape X, Shape Y)> Calls(Module network, Shape input)
    {
        List<(Layer, Shape, Shape)> calls = [];
        Dictionary<Module, bool> training = network.Modules().Distinct().ToDictionary(m => m, m => m.IsTraining);
        // In training, norms would take this for a batch.
        network.Eval();
        try
        {
            using (LayerTrace.Start((layer, x, y) => calls.Add((layer, x.Shape, y.Shape))))
                network.Forward(Tensor.Full(input, 0));
        }
        finally
        {
            // Parents come first, so that what they say to their children is corrected.
            foreach (var (module, mode) in training)
                module.Train(mode);
        }
        return calls;
    }

    private static Layer BeforeFlatten(Layer layer, Shape x, Shape y)
    {
        int rank = x.Rank - 2;
        if (layer is Linear)
            throw HasNoDense(layer, "it does not work behind a Flatten");
        if (layer is Flatten)
            return y.Rank == 2 && rank >= 1 ? new Identity() : throw HasNoDense(layer, $"it turns {x} into {y}, not into [N, C]");
        if (layer is not AdaptiveAvgPool)
            return layer is AdaptiveMaxPoolLayer ? throw HasNoDense(layer, "the parts that it looks at depend on the input's size; use a MaxPool") : layer;
        int[] from = [.. x.Skip(2)], to = [.. y.Skip(2)];
        if (from.SequenceEqual(to))
            return new Identity();
        if (from.Zip(to).Any(n => n.First % n.Second != 0))
            throw HasNoDense(layer, $"its parts of {x} are not equal; use an AvgPool");
        int[] part = [.. from.Zip(to, (n, parts) => n / parts)];
        // A single part may lie anywhere; several follow on each other, and the windows with them.
        return Layers.AvgPool(rank, part, to.All(parts => parts == 1) ? 1 : part);
    }

    private static Layer BehindFlatten(Layer layer, int[] window)
    {
        switch (layer)
        {
            case Linear linear:
                int features = linear.Weight.Shape[1], positions = window.Aggregate(1, (a, b) => a * b);
                Conv convolution = Layers.Conv(window.Length, features / positions, linear.Weight.Shape[0], window, bias: linear.Bias is not null);
                convolution.To(linear.Weight.Type);
                return convolution;
            case BatchNorm norm when window.All(size => size == 1):
                return norm.OfRank(window.Length);
            case ReLU or ReLU6 or LeakyReLU or ELU or GELU or SiLU or Mish or Sigmoid or LogSigmoid or Tanh or Softplus or Hardtanh or Hardsigmoid or Hardswish or ScaledTanh or RadialBasis or Identity or Dropout:
                return layer;
            default:
                throw HasNoDense(layer, "what it would do at each position behind a Flatten is not known");
        }
    }

    private static InvalidArgumentException HasNoDense(Layer layer, string reason) => new($"{layer.Label} cannot be turned into a layer of every position: {reason}");
}
