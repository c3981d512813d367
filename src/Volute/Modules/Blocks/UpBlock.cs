namespace Volute;

/// <summary>How a map becomes twice as large along each axis.</summary>
public enum Upsampling
{
    /// <summary>Each position repeated, then a 1×1 convolution.</summary>
    Nearest,

    /// <summary>Linear, bilinear or trilinear interpolation, then a 1×1 convolution.</summary>
    Linear,

    /// <summary>A transposed convolution with 2 taps and stride 2 along each axis.</summary>
    Transposed,
}

/// <summary>
/// y = conv([crop(skip), enlarge(x)]): a step of a U-Net's way up (Ronneberger et al., 2015). The map is enlarged twofold to O channels, joined behind what the
/// way down saw at that size, whose middle is taken where it is larger, and convolved twice with 3×3 taps and ReLU. (1, 64, 32, 32) and a skip
/// connection (1, 32, 64, 64) give (1, 32, 64, 64). State: enlarge.* (of the interpolating kinds enlarge.1.*), conv.0.*, conv.2.*, with normalizations between.
/// </summary>
public class UpBlock : Module
{
    private readonly Module _enlarge;
    private readonly Sequential _conv;
    private readonly int _skipChannels;

    /// <summary>A block over (N, C, …) and a skip connection (N, S, …).</summary>
    /// <param name="inChannels">C.</param>
    /// <param name="skipChannels">S.</param>
    /// <param name="outChannels">O.</param>
    /// <param name="upsampling">How the map is enlarged.</param>
    /// <param name="normalization">After each 3×3 convolution, which then has no bias.</param>
    /// <param name="padded">Whether the 3×3 convolutions keep the size; otherwise each takes 2 positions from every axis.</param>
    /// <param name="paddingMode">What lies beyond the border.</param>
    /// <param name="rank">Spatial axes, 1 to 3.</param>
    /// <exception cref="InvalidArgumentException">A number outside its range.</exception>
    public UpBlock(int inChannels, int skipChannels, int outChannels, Upsampling upsampling = Upsampling.Transposed, Normalization normalization = Normalization.None,
        bool padded = true, PaddingMode paddingMode = PaddingMode.Zeros, int rank = 2)
    {
        Layers.CheckRank("UpBlock", rank);
        Conv.CheckChannels("UpBlock", inChannels, outChannels);
        if (skipChannels < 1 || skipChannels > int.MaxValue - outChannels)
            throw new InvalidArgumentException($"UpBlock: skipChannels must be from 1 to {int.MaxValue - outChannels}, got {skipChannels}");
        _skipChannels = skipChannels;
        _enlarge = Add("enlarge", Layers.Enlarge(rank, inChannels, outChannels, upsampling));
        _conv = Add("conv", Layers.Twice(rank, skipChannels + outChannels, outChannels, padded, normalization, mode: paddingMode));
    }

    /// <summary>The module's function.</summary>
    /// <param name="x">(N, C, …).</param>
    /// <param name="skip">(N, S, …), along each axis at least twice as large.</param>
    /// <returns>(N, O, …), twice as large as x where convolutions are padded.</returns>
    /// <exception cref="ShapeException">The skip connection is smaller, or has other channels.</exception>
    public Tensor Forward(Tensor x, Tensor skip)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(skip);
        Tensor y = _enlarge.Forward(x);
        if (skip.Shape.Rank != y.Shape.Rank || skip.Shape[1] != _skipChannels || skip.Shape.Zip(y.Shape).Skip(2).Any(sizes => sizes.First < sizes.Second))
            throw SourceLine.Error($"UpBlock: the skip connection must have {_skipChannels} channels and the size {y.Shape} of the enlarged map or more, got {skip.Shape}");
        return _conv.Forward(Tensor.Concat([skip.CenterCrop([.. y.Shape.Skip(2)]), y], 1));
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => throw new InvalidArgumentException("UpBlock: call Forward(x, skip)");
}
