namespace Volute;

/// <summary>A convolution in factors: smaller convolutions one after another, with nothing between them, in place of one with a large kernel.</summary>
public abstract class FactorizedConv : Module
{
    private static readonly string[] s_axes = ["depth", "vertical", "horizontal"];

    private readonly int _rank;
    private readonly int[] _kernel, _stride, _dilation;
    private readonly Padding _padding;
    private readonly bool _bias;
    private readonly PaddingMode _mode;

    private protected FactorizedConv(int rank, int inChannels, int outChannels, PerAxis kernelSize, PerAxis? stride, Padding? padding, PerAxis? dilation, int groups, bool bias,
        PaddingMode paddingMode)
    {
        Conv.CheckChannels(GetType().Name, inChannels, outChannels, groups);
        (_kernel, _stride, _dilation) = (kernelSize.For(rank, "kernelSize"), (stride ?? 1).For(rank, "stride"), (dilation ?? 1).For(rank, "dilation"));
        (_rank, _padding, _bias, _mode) = (rank, padding ?? 0, bias, paddingMode);
        _padding.Check(rank);
    }

    /// <inheritdoc/>
    public sealed override Tensor Forward(Tensor x)
    {
        foreach (var (_, factor) in Children)
            x = factor.Forward(x);
        return x;
    }

    /// <summary>Adds the factor of one position: a matrix over the channels.</summary>
    private protected void AddPointwise(string name, int from, int to, int groups) => Add(name, Layers.Conv(_rank, from, to, 1, bias: _bias, groups: groups));

    /// <summary>Adds the factor of the whole window, each channel by itself.</summary>
    private protected void AddDepthwise(string name, int channels, int multiplier)
        => Add(name, Layers.Conv(_rank, channels, Layers.Times(GetType().Name, channels, "multiplier", multiplier), _kernel, _padding, _bias, _stride, null, _dilation, channels, _mode));

    /// <summary>Adds a factor for each axis, with the window's taps, stride, dilation and padding there; they are named depth, vertical, horizontal.</summary>
    /// <param name="channels">Before the first factor, between them, and behind the last: one more than there are axes.</param>
    /// <param name="groups">Groups of channels of each factor.</param>
    private protected void AddAxes(int[] channels, int groups)
    {
        for (int axis = 0; axis < _rank; axis++)
        {
            int[] Only(int[] values) => [.. values.Select((value, i) => i == axis ? value : 1)];
            Add(s_axes[3 - _rank + axis], Layers.Conv(_rank, channels[axis], channels[axis + 1], Only(_kernel), _padding.OnAxis(axis, _rank), _bias, Only(_stride), null, Only(_dilation),
                groups, _mode));
        }
    }
}
