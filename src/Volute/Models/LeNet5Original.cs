using Volute.Kernels;

namespace Volute;

/// <summary>
/// LeNet-5 as it was in 1998 (LeCun et al.): C1 5×5 → 6, S2, C3 5×5 → 16 by a connection table, S4, C5 5×5 → 120, F6 → 84, each behind 1.7159·tanh(⅔a), and outputs that
/// measure the distance to fixed drawings of the digits. Sub-sampling layers sum 2×2 and learn a coefficient and a bias a map. 60,000 trainable parameters
/// (156 + 12 + 1,516 + 32 + 48,120 + 10,164), 325,680 multiplications in convolutions at 32×32. The scores are the negated distances, so that the largest
/// wins and cross-entropy is the paper's discriminative loss without its rubbish class.
/// </summary>
public class LeNet5Original : Module
{
    /// <summary>The inputs that each map of C3 sees: the paper's table I.</summary>
    private static readonly int[][] s_connections =
    [
        [0, 1, 2], [1, 2, 3], [2, 3, 4], [3, 4, 5], [4, 5, 0], [5, 0, 1],
        [0, 1, 2, 3], [1, 2, 3, 4], [2, 3, 4, 5], [3, 4, 5, 0], [4, 5, 0, 1], [5, 0, 1, 2], [0, 1, 3, 4], [1, 2, 4, 5], [0, 2, 3, 5],
        [0, 1, 2, 3, 4, 5],
    ];

    /// <summary>The first network of convolutions for <paramref name="classes"/> digits and pictures of <paramref name="inChannels"/>.</summary>
    /// <param name="inChannels">Channels of the picture.</param>
    /// <param name="classes">1 to 10: there are drawings of the digits only.</param>
    /// <param name="padding">Of the first convolution: 2 for 28×28 pictures, 0 for 32×32.</param>
    /// <exception cref="InvalidArgumentException">More classes than digits, or a number below 1.</exception>
    public LeNet5Original(int inChannels = 1, int classes = 10, int padding = 0)
    {
        if (classes is < 1 or > DigitDrawings.Count)
            throw new InvalidArgumentException($"LeNet5Original: its outputs are drawings of the ten digits, so that it has 1 to 10 classes, got {classes}; LeNet5 has any number");
        Add("c1", new Conv2d(inChannels, 6, 5, padding: padding));
        Add("squash1", new ScaledTanh());
        Add("s2", new Subsampling(6));
        Add("squash2", new ScaledTanh());
        Add("c3", new ConnectionTableConv2d(s_connections, 5));
        Add("squash3", new ScaledTanh());
        Add("s4", new Subsampling(16));
        Add("squash4", new ScaledTanh());
        Add("c5", new Conv2d(16, 120, 5));
        Add("squash5", new ScaledTanh());
        Add("flatten", new Flatten());
        Add("f6", new Linear(120, 84));
        Add("squash6", new ScaledTanh());
        Add("output", new RadialBasis(DigitDrawings.Codes(classes)));
        // Uniform in ±2.4 / fan-in.
        foreach (Parameter weight in Modules().OfType<WeightedLayer>().Select(layer => layer.Weight))
        {
            double bound = 2.4 * weight.Shape[0] / weight.Shape.Elements;
            weight.Begin(Tensor.Uniform(weight.Shape, -bound, bound));
        }
    }

    /// <inheritdoc/>
    public override string Kind => "LeNet-5 of 1998";

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Children.Aggregate(x, (t, part) => part.Child.Forward(t));
}

/// <summary>1.7159·tanh(⅔x): ±1 stay where they are, and lie where the curve bends most.</summary>
internal sealed class ScaledTanh : Layer
{
    protected override Tensor Apply(Tensor x) => (x * (2.0 / 3)).Tanh() * 1.7159;
}

/// <summary>weight·(sum of each 2×2) + bias, one of each for a map. State: weight, bias (C).</summary>
internal sealed class Subsampling : Layer
{
    private static readonly WindowAxis s_pair = new(2, 2);

    private readonly Parameter _weight, _bias;

    public Subsampling(int channels)
        // Uniform in ±2.4 / 4: four inputs.
        => (_weight, _bias) = (Add("weight", Initialize.Uniform([channels], 0.6)), Add("bias", new Parameter([channels])));

    protected override Tensor Apply(Tensor x)
    {
        Shape perChannel = Norms.PerChannel(x.Shape.Rank, _weight.Shape[0]);
        Window window = new([.. Enumerable.Repeat(s_pair, x.Shape.Rank - 2)]);
        return x.AveragePool(window, divisorOverride: 1) * _weight.Reshape(perChannel) + _bias.Reshape(perChannel);
    }
}

/// <summary>A convolution whose every output map sees the input maps that a table names: a grouped one for each run of maps that see equally many. State: 0.weight, 0.bias, ….</summary>
internal sealed class ConnectionTableConv2d : Module
{
    private readonly List<(int[] Inputs, Conv2d Convolution)> _runs = [];

    public ConnectionTableConv2d(int[][] table, int kernelSize)
    {
        for (int first = 0, next = 0; first < table.Length; first = next)
        {
            while (next < table.Length && table[next].Length == table[first].Length)
                next++;
            int[] inputs = [.. table[first..next].SelectMany(map => map)];
            _runs.Add((inputs, Add($"{_runs.Count}", new Conv2d(inputs.Length, next - first, kernelSize, groups: next - first))));
        }
    }

    public override Tensor Forward(Tensor x)
        => Tensor.Concat([.. _runs.Select(run => run.Convolution.Forward(Tensor.Concat([.. run.Inputs.Select(map => x.Slice(1, map, 1))], 1)))], 1);
}

/// <summary>−Σⱼ (x[n, j, …] − w[class, j])². State: weight (classes, features), which nothing trains.</summary>
internal sealed class RadialBasis : Layer
{
    private readonly Parameter _weight;

    public RadialBasis(double[][] codes)
    {
        _weight = Add("weight", new Parameter([codes.Length, codes[0].Length], isTrainable: false));
        _weight.Assign(codes.SelectMany(code => code).ToArray());
    }

    protected override Tensor Apply(Tensor x)
    {
        int[] codes = [.. _weight.Shape, .. Enumerable.Repeat(1, x.Shape.Rank - 2)];
        Tensor difference = x.Unsqueeze(1) - _weight.Reshape(codes);
        return -(difference * difference).Sum([2]);
    }
}
