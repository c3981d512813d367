namespace Volute;

/// <summary>
/// y = project([conv₁ₓ₁(x), conv₃ₓ₃ of each rate (x), the mean of x everywhere]): atrous spatial pyramid pooling, several fields of view side by side
/// (DeepLabV3; Chen et al., 2017). Each branch and the projection is a convolution without bias, batch norm and ReLU; dropout follows. State: torchvision's
/// convs.0.0 … convs.4.2, project.0, project.1.
/// </summary>
public class Aspp : Module
{
    private readonly Sequential _branches, _project;

    /// <summary>A pyramid over (N, C, …).</summary>
    /// <param name="inChannels">C.</param>
    /// <param name="rates">Dilations of the 3×3 convolutions: 12, 24, 36 where the input is an eighth of the picture, half of that where it is a sixteenth.</param>
    /// <param name="outChannels">Channels of each branch and of the output.</param>
    /// <param name="dropout">Probability of dropout.</param>
    /// <param name="paddingMode">What lies beyond the border.</param>
    /// <param name="rank">Spatial axes, 1 to 3.</param>
    /// <exception cref="InvalidArgumentException">A number outside its range; no rate.</exception>
    public Aspp(int inChannels, IReadOnlyList<int> rates, int outChannels = 256, double dropout = 0.5, PaddingMode paddingMode = PaddingMode.Zeros, int rank = 2)
    {
        ArgumentNullException.ThrowIfNull(rates);
        Layers.CheckRank("Aspp", rank);
        Conv.CheckChannels("Aspp", inChannels, outChannels);
        if (rates.Count == 0 || rates.Any(rate => rate < 1))
            throw new InvalidArgumentException($"Aspp: needs at least one rate, each >= 1, got [{string.Join(", ", rates)}]");
        _branches = Add("convs", new Sequential(Layers.Unit(rank, inChannels, outChannels, 1, new ReLU())));
        foreach (int rate in rates)
            _branches.Append(Layers.Unit(rank, inChannels, outChannels, 3, new ReLU(), dilation: rate, mode: paddingMode));
        _branches.Append(new Sequential(Layers.AdaptiveAvgPool(rank, 1), Layers.Conv(rank, inChannels, outChannels, 1, bias: false),
            Layers.Norm(rank, outChannels, Normalization.Batch), new ReLU()));
        int joined = Layers.Times("Aspp", outChannels, "the number of branches", _branches.Children.Count);
        _project = Add("project", Layers.Unit(rank, joined, outChannels, 1, new ReLU()).Append(new Dropout(dropout)));
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x)
    {
        Tensor[] seen = [.. _branches.Children.Select(branch => branch.Child.Forward(x))];
        // Interpolating a map of one position repeats it.
        seen[^1] = seen[^1].BroadcastTo(seen[0].Shape);
        return _project.Forward(Tensor.Concat(seen, 1));
    }
}
