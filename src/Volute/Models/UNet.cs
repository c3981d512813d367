namespace Volute;

/// <summary>Which normalization follows a network's convolutions.</summary>
public enum Normalization
{
    /// <summary>None: the U-Net paper.</summary>
    None,

    /// <summary>Over the batch.</summary>
    Batch,

    /// <summary>Over each sample and channel: small batches.</summary>
    Instance,
}

/// <summary>What makes one U-Net differ from another.</summary>
/// <param name="InChannels">Channels of the input.</param>
/// <param name="Classes">Channels of the output: one score for each class.</param>
/// <param name="Rank">Spatial axes, 1 to 3.</param>
/// <param name="BaseWidth">Channels of the first level; each level doubles them.</param>
/// <param name="Levels">Levels, the bottom included.</param>
/// <param name="Padded">Whether convolutions keep the size ("same"); otherwise they are valid, and skip connections are cropped.</param>
/// <param name="Normalization">After each 3×3 convolution.</param>
/// <param name="TransposedUpsampling">Whether a transposed convolution doubles the size; otherwise linear interpolation and a 1×1 convolution.</param>
/// <param name="Dropout">Probability of dropout at the bottom level.</param>
/// <param name="Volumes">With three axes: the form of convolutions whose kernels have two, so that the state is that of the 2D network; null: plain ones.</param>
public sealed record UNetOptions(int InChannels = 1, int Classes = 2, int Rank = 2, int BaseWidth = 64, int Levels = 5, bool Padded = false,
    Normalization Normalization = Normalization.None, bool TransposedUpsampling = true, double Dropout = 0, VolumeForm? Volumes = null);

/// <summary>
/// The U-Net (Ronneberger et al., 2015): a way down of two 3×3 convolutions and a 2×2 max-pool a level, a way up that doubles the size, joins what the
/// way down saw at that size, and convolves twice; a 1×1 convolution gives the scores. As in the paper (valid, 64 channels, 5 levels, 1 → 2):
/// 31,030,658 parameters, 572 → 388, inputs 16k + 12.
/// </summary>
public class UNet : Module
{
    private readonly List<Sequential> _down = [], _up = [];
    private readonly List<Module> _enlarge = [], _shrink = [];
    private readonly Layer _head;

    /// <summary>A U-Net with these options; the paper's by default.</summary>
    /// <exception cref="InvalidArgumentException">An option outside its range.</exception>
    public UNet(UNetOptions? options = null)
    {
        Options = options ?? new UNetOptions();
        UNetOptions o = Options;
        if (o.Rank is < 1 or > 3 || o.Levels is < 1 or > 10 || o.BaseWidth < 1 || o.InChannels < 1 || o.Classes < 1)
            throw new InvalidArgumentException($"UNet: needs rank 1 to 3, 1 to 10 levels, widths, channels and classes >= 1, got {o}");
        VolumeLayers.Check("UNet", o.Volumes, o.Rank);
        int channels = o.InChannels;
        for (int level = 0; level < o.Levels; level++)
        {
            int width = o.BaseWidth << level;
            if (level > 0)
                _shrink.Add(Add($"pool{level}", Layers.MaxPool(o.Rank, 2)));
            _down.Add(Add($"down{level}", Block(channels, width, level == o.Levels - 1 ? o.Dropout : 0)));
            channels = width;
        }
        for (int level = o.Levels - 2; level >= 0; level--)
        {
            int width = o.BaseWidth << level;
            _enlarge.Add(Add($"enlarge{level}", Layers.Enlarge(o.Rank, channels, width, o.TransposedUpsampling ? Upsampling.Transposed : Upsampling.Linear, o.Volumes)));
            _up.Add(Add($"up{level}", Block(2 * width, width, 0)));
            channels = width;
        }
        _head = Add("head", Layers.Conv(o.Rank, channels, o.Classes, 1, form: o.Volumes));
        foreach (Module module in Modules())
        {
            if (module is Conv conv)
            {
                Initialize.KaimingNormal(conv.Weight);
                conv.Bias?.Assign(new double[conv.Bias.Shape.Elements]);
            }
        }
    }

    /// <summary>What this network was made with.</summary>
    public UNetOptions Options { get; private set; }

    /// <inheritdoc/>
    public override string Kind => $"UNet {Options.Rank}D base {Options.BaseWidth}, {Options.Levels} levels, {(Options.Padded ? "padded" : "valid")}{(Options.Volumes is { } form ? $", {form}" : "")}";

    /// <summary>The output's size for an input's, or null where an input of this size does not fit: not divisible, or too small.</summary>
    public int? OutputSize(int input)
    {
        int loss = Options.Padded ? 0 : 4, size = input - loss;
        for (int level = 1; level < Options.Levels; level++)
        {
            if (size < 2 || size % 2 != 0)
                return null;
            size = size / 2 - loss;
        }
        for (int level = 1; level < Options.Levels; level++)
            size = 2 * size - loss;
        return size >= 1 ? size : null;
    }

    /// <summary>The smallest input that fits and gives at least <paramref name="output"/> positions.</summary>
    public int InputSize(int output)
    {
        int input = Math.Max(output, 1);
        while (OutputSize(input) is not { } size || size < output)
            input++;
        return input;
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        Check(x.Shape);
        List<Tensor> seen = [];
        for (int level = 0; level < _down.Count; level++)
        {
            if (level > 0)
            {
                seen.Add(x);
                x = _shrink[level - 1].Forward(x);
            }
            x = _down[level].Forward(x);
        }
        for (int i = 0; i < _up.Count; i++)
        {
            x = _enlarge[i].Forward(x);
            Tensor skip = seen[^(i + 1)].CenterCrop([.. x.Shape.Skip(2)]);
            x = _up[i].Forward(Tensor.Concat([skip, x], 1));
        }
        return _head.Forward(x);
    }

    internal override void BecameVolumes(VolumeForm form)
    {
        if (Options.Rank == 2)
            Options = Options with { Rank = 3, Volumes = form == VolumeForm.Inflated ? null : form };
    }

    private void Check(Shape input)
    {
        if (input.Rank != Options.Rank + 2 || input[1] != Options.InChannels)
            throw SourceLine.Error($"UNet: expected [N, {Options.InChannels}, {Options.Rank} spatial axes], got shape {input}");
        for (int axis = 2; axis < input.Rank; axis++)
        {
            if (OutputSize(input[axis]) is not null)
                continue;
            int below = input[axis];
            while (below > 0 && OutputSize(below) is null)
                below--;
            string nearest = below > 0 ? $"{below} or {InputSize(OutputSize(below)!.Value + 1)}" : $"at least {InputSize(1)}";
            throw SourceLine.Error($"UNet: {input[axis]} positions on axis {axis} of {input} do not fit {Options.Levels} {(Options.Padded ? "padded" : "valid")} levels; use {nearest}");
        }
    }

    private Sequential Block(int from, int to, double dropout)
    {
        Sequential block = Layers.Twice(Options.Rank, from, to, Options.Padded, Options.Normalization, Options.Volumes);
        return dropout > 0 ? block.Append(new Dropout(dropout)) : block;
    }
}
