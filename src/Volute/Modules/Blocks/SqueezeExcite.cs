namespace Volute;

/// <summary>
/// y = x·σ(W₂·δ(W₁·mean(x) + b₁) + b₂): each channel times a number that the means of all channels decide (Hu et al., 2018). State: torchvision's
/// fc1 (squeezeChannels, C, 1, …) and fc2 (C, squeezeChannels, 1, …), with biases.
/// </summary>
public class SqueezeExcite : Module
{
    private readonly Module[] _scale;

    /// <summary>A block over (N, C, …).</summary>
    /// <param name="channels">C.</param>
    /// <param name="squeezeChannels">Channels between the two matrices; in the paper C/16.</param>
    /// <param name="activation">δ; ReLU unless given.</param>
    /// <param name="scaleActivation">σ; the sigmoid unless given.</param>
    /// <param name="rank">Spatial axes, 1 to 3.</param>
    /// <exception cref="InvalidArgumentException">A number outside its range.</exception>
    public SqueezeExcite(int channels, int squeezeChannels, Layer? activation = null, Layer? scaleActivation = null, int rank = 2)
    {
        Layers.CheckRank("SqueezeExcite", rank);
        Conv.CheckChannels("SqueezeExcite", channels, squeezeChannels);
        _scale =
        [
            Add("avgpool", Layers.AdaptiveAvgPool(rank, 1)), Add("fc1", Layers.Conv(rank, channels, squeezeChannels, 1)), Add("activation", activation ?? new ReLU()),
            Add("fc2", Layers.Conv(rank, squeezeChannels, channels, 1)), Add("scale_activation", scaleActivation ?? new Sigmoid()),
        ];
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => x * _scale.Aggregate(x, (t, module) => module.Forward(t));
}
