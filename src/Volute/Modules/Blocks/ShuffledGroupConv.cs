namespace Volute;

/// <summary>
/// y = shuffle(conv(x)): a convolution in groups whose output channels are dealt out, so that each of the next groups sees some of all of these (Zhang et al.,
/// 2018). A groups-th of the weights and multiplications of the plain convolution. State: conv.weight, conv.bias.
/// </summary>
public class ShuffledGroupConv : Module
{
    private readonly Conv _conv;
    private readonly ChannelShuffle _shuffle;

    /// <summary>A convolution over (N, C, …).</summary>
    /// <param name="inChannels">C.</param>
    /// <param name="outChannels">O.</param>
    /// <param name="groups">Groups of channels.</param>
    /// <param name="kernelSize">Taps; 1 unless given.</param>
    /// <param name="stride">Step between outputs.</param>
    /// <param name="padding">Positions added at both ends, or "same", "valid", "causal"; 0 unless given.</param>
    /// <param name="dilation">Step between taps.</param>
    /// <param name="bias">Whether a bias is added.</param>
    /// <param name="paddingMode">What lies beyond the border.</param>
    /// <param name="rank">Spatial axes, 1 to 3.</param>
    /// <exception cref="InvalidArgumentException">A number outside its range; channels that do not divide into the groups.</exception>
    public ShuffledGroupConv(int inChannels, int outChannels, int groups, PerAxis? kernelSize = null, PerAxis? stride = null, Padding? padding = null, PerAxis? dilation = null,
        bool bias = true, PaddingMode paddingMode = PaddingMode.Zeros, int rank = 2)
    {
        Layers.CheckRank("ShuffledGroupConv", rank);
        Conv.CheckChannels("ShuffledGroupConv", inChannels, outChannels, groups);
        _conv = Add("conv", Layers.Conv(rank, inChannels, outChannels, kernelSize ?? 1, padding, bias, stride, dilation: dilation, groups: groups, mode: paddingMode));
        _shuffle = Add("shuffle", new ChannelShuffle(groups));
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => _shuffle.Forward(_conv.Forward(x));
}
