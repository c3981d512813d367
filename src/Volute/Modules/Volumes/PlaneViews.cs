using Volute.Kernels;

namespace Volute;

/// <summary>How a layer with kernels of two axes sees a volume: across its depth alone, or from three sides that are joined or averaged.</summary>
/// <param name="form">Any form but the inflated one.</param>
/// <param name="layer">The layer with its weight and bias.</param>
/// <param name="transposed">Whether its weight is (C, O/groups, K, K) rather than (O, C/groups, K, K).</param>
/// <param name="isSameFromEverySide">Whether all views are equal: one tap.</param>
/// <param name="views">(O, 3): what softmax makes the shares of the views; only with <see cref="VolumeForm.SoftAcs"/>.</param>
internal sealed class PlaneViews(VolumeForm form, Conv layer, bool transposed, bool isSameFromEverySide, Parameter? views)
{
    private const int Sides = 3;

    private readonly ChannelRun[] _runs = ChannelRun.Of(layer.OutChannels, layer.Groups);

    /// <summary>The convolution of the planes across an axis.</summary>
    public delegate Tensor Pass(Tensor x, Tensor weight, Tensor? bias, int across, int groups);

    /// <summary>The layer's result from those of its views.</summary>
    public Tensor Apply(Tensor x, Pass pass)
    {
        Tensor weight = layer.UsedWeight;
        if (isSameFromEverySide || form == VolumeForm.Conv2p5d)
            return pass(x, weight, layer.Bias, 0, layer.Groups);
        return form == VolumeForm.Acs ? Joined(x, weight, pass) : Averaged(x, weight, pass);
    }

    /// <summary>Each view makes its own channels; a joined map's parts are computed in their places.</summary>
    private Tensor Joined(Tensor x, Tensor weight, Pass pass)
    {
        int groupInputs = layer.InChannels / layer.Groups;
        return Tensor.Concat([.. _runs.Select(run => pass(x.Slice(1, run.FirstGroup * groupInputs, run.Groups * groupInputs), WeightOf(weight, run),
            layer.Bias?.Slice(0, run.First, run.Count), run.Across, run.Groups))], 1);
    }

    private Tensor WeightOf(Tensor weight, ChannelRun run)
    {
        if (!transposed)
            return weight.Slice(0, run.First, run.Count);
        int groupInputs = layer.InChannels / layer.Groups, groupOutputs = layer.OutChannels / layer.Groups;
        return weight.Slice(0, run.FirstGroup * groupInputs, run.Groups * groupInputs)
            .Slice(1, run.First - run.FirstGroup * groupOutputs, run.Count / run.Groups);
    }

    /// <summary>Each view makes all channels. A convolution of a weighted kernel is the weighted convolution: kernels are smaller than maps.</summary>
    private Tensor Averaged(Tensor x, Tensor weight, Pass pass)
    {
        Tensor? shares = views?.Softmax(1);
        Tensor even = weight * (1.0 / Sides);
        Tensor WeightFrom(int side) => shares is null ? even : Shared(weight, shares.Slice(1, side, 1));
        Tensor sum = pass(x, WeightFrom(0), layer.Bias, 0, layer.Groups);
        for (int side = 1; side < Sides; side++)
            sum += pass(x, WeightFrom(side), null, side, layer.Groups);
        return sum;
    }

    /// <summary>The weight times one number for each output channel, (O, 1).</summary>
    private Tensor Shared(Tensor weight, Tensor share)
    {
        if (!transposed)
            return weight * share.Reshape([layer.OutChannels, 1, 1, 1]);
        int groupOutputs = layer.OutChannels / layer.Groups;
        Tensor grouped = weight.Reshape([layer.Groups, layer.InChannels / layer.Groups, groupOutputs, weight.Shape[2], weight.Shape[3]]);
        return (grouped * share.Reshape([layer.Groups, 1, groupOutputs, 1, 1])).Reshape(weight.Shape);
    }
}
