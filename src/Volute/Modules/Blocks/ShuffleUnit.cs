namespace Volute;

/// <summary>
/// The unit of ShuffleNet (Zhang et al., 2018): grouped 1×1 to O/4 channels, batch norm, ReLU, channel shuffle, depthwise 3×3, batch norm, grouped 1×1, batch
/// norm. With stride 1 y = relu(x + f(x)); with a larger one y = relu([average of 3×3 positions of x, f(x)]), f then giving the O − C channels that are new.
/// State: conv1, bn1, conv2, bn2, conv3, bn3, the convolutions without bias.
/// </summary>
public class ShuffleUnit : Module
{
    private const int Narrowing = 4;

    private readonly Module[] _residual;
    private readonly Layer? _shortcut;
    private readonly ReLU _relu = new();

    /// <summary>A unit over (N, C, …).</summary>
    /// <param name="inChannels">C.</param>
    /// <param name="outChannels">O, a multiple of 4; C where the stride is 1, more than C otherwise.</param>
    /// <param name="groups">Groups of the 1×1 convolutions.</param>
    /// <param name="stride">Of the depthwise convolution.</param>
    /// <param name="groupedFirst">Whether the first 1×1 convolution has groups: not in a network's first unit, whose input has few channels.</param>
    /// <param name="paddingMode">What lies beyond the border for the depthwise convolution.</param>
    /// <param name="rank">Spatial axes, 1 to 3.</param>
    /// <exception cref="InvalidArgumentException">A number outside its range; channels that do not fit the stride or the groups.</exception>
    public ShuffleUnit(int inChannels, int outChannels, int groups, PerAxis? stride = null, bool groupedFirst = true, PaddingMode paddingMode = PaddingMode.Zeros, int rank = 2)
    {
        Layers.CheckRank("ShuffleUnit", rank);
        Conv.CheckChannels("ShuffleUnit", inChannels, outChannels);
        PerAxis step = stride ?? 1;
        bool joins = step.For(rank, "stride").Any(s => s > 1);
        if (outChannels % Narrowing != 0)
            throw new InvalidArgumentException($"ShuffleUnit: outChannels must be a multiple of {Narrowing}, got {outChannels}");
        if (joins ? outChannels <= inChannels : outChannels != inChannels)
            throw new InvalidArgumentException($"ShuffleUnit: with stride {step} outChannels must be {(joins ? $"above {inChannels}: the input's channels are among them" : $"{inChannels}, as many as in")}, got {outChannels}");
        int narrow = outChannels / Narrowing, made = joins ? outChannels - inChannels : outChannels;
        Conv.CheckChannels("ShuffleUnit", narrow, made, groups);
        int firstGroups = groupedFirst ? groups : 1;
        Conv.CheckChannels("ShuffleUnit", inChannels, narrow, firstGroups);
        _residual =
        [
            Add("conv1", Layers.Conv(rank, inChannels, narrow, 1, bias: false, groups: firstGroups)), Add("bn1", Layers.Norm(rank, narrow, Normalization.Batch)), Add("relu", _relu),
            Add("shuffle", new ChannelShuffle(groups)),
            Add("conv2", Layers.Conv(rank, narrow, narrow, 3, 1, bias: false, step, groups: narrow, mode: paddingMode)), Add("bn2", Layers.Norm(rank, narrow, Normalization.Batch)),
            Add("conv3", Layers.Conv(rank, narrow, made, 1, bias: false, groups: groups)), Add("bn3", Layers.Norm(rank, made, Normalization.Batch)),
        ];
        _shortcut = joins ? Add("avgpool", Layers.AvgPool(rank, 3, step, 1)) : null;
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x)
    {
        Tensor y = _residual.Aggregate(x, (t, module) => module.Forward(t));
        return _relu.Forward(_shortcut is null ? x + y : Tensor.Concat([_shortcut.Forward(x), y], 1));
    }
}
