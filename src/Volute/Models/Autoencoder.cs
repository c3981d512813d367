namespace Volute;

/// <summary>
/// A convolutional autoencoder (Masci et al., 2011; strided convolutions in place of pooling): each level of the encoder halves the positions by a 3×3 convolution of stride 2 and
/// doubles the channels, each of the decoder does the reverse by a transposed one, ReLU between them. The output has the input's shape, whatever its size.
/// </summary>
public class Autoencoder : Module
{
    private readonly Sequential _encoder, _decoder;

    /// <summary>An autoencoder of pictures of <paramref name="inChannels"/>.</summary>
    /// <param name="inChannels">Channels of the picture.</param>
    /// <param name="width">Channels behind the first convolution.</param>
    /// <param name="levels">Halvings.</param>
    /// <exception cref="InvalidArgumentException">A number below 1, or more than 10 levels.</exception>
    public Autoencoder(int inChannels = 1, int width = 16, int levels = 3)
    {
        if (inChannels < 1 || width < 1 || levels is < 1 or > 10)
            throw new InvalidArgumentException($"Autoencoder: needs channels and a width >= 1 and 1 to 10 levels, got {inChannels} channels, width {width}, {levels} levels");
        (_encoder, _decoder) = (Add("encoder", new Sequential()), Add("decoder", new Sequential()));
        int Channels(int level) => level == 0 ? inChannels : width << (level - 1);
        for (int level = 0; level < levels; level++)
            _encoder.Append(new Conv2d(Channels(level), Channels(level + 1), 3, stride: 2, padding: 1)).Append(new ReLU());
        for (int level = levels - 1; level >= 0; level--)
        {
            _decoder.Append(new ConvTranspose2d(Channels(level + 1), Channels(level), 3, stride: 2, padding: 1));
            if (level > 0)
                _decoder.Append(new ReLU());
        }
        foreach (Conv convolution in Modules().OfType<Conv>())
        {
            Initialize.KaimingNormal(convolution.Weight);
            Initialize.Constant(convolution.Bias!, 0);
        }
    }

    /// <summary>The code: (N, C, H, W) → (N, width·2^(levels − 1), ⌈H/2^levels⌉, ⌈W/2^levels⌉).</summary>
    public Tensor Encode(Tensor x) => _encoder.Forward(x);

    /// <summary>What a code stands for.</summary>
    /// <param name="code">From <see cref="Encode"/>.</param>
    /// <param name="size">The picture's height and width: a halved axis may have had an odd number of positions.</param>
    public Tensor Decode(Tensor code, IReadOnlyList<int> size)
    {
        ArgumentNullException.ThrowIfNull(size);
        int level = _encoder.Children.Count / 2;
        foreach (var (_, layer) in _decoder.Children)
        {
            if (layer is not ConvTranspose enlarging)
            {
                code = layer.Forward(code);
                continue;
            }
            level--;
            code = enlarging.Forward(code, [.. size.Select(n => (n + (1 << level) - 1) >> level)]);
        }
        return code;
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return Decode(Encode(x), [.. x.Shape.Skip(2)]);
    }
}
