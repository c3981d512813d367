namespace Volute;

/// <summary>
/// The generator of DCGAN (Radford et al., 2016): a vector of random numbers (N, latent, 1, 1) or (N, latent) becomes a picture (N, channels, size, size) in −1..1 by
/// transposed convolutions, 4×4 stride 2, with batch norm and ReLU between them and tanh at the end. The first gives size/2ⁿ positions with
/// width·2ⁿ⁻¹ channels, each of the n others doubles the positions and halves the channels. 3,576,704 parameters at 64×64 with width 64; 128 is the paper's. State: main.0.weight, ….
/// </summary>
public class DcganGenerator : Module
{
    private readonly Sequential _main = new();

    /// <summary>A generator of pictures.</summary>
    /// <param name="latent">Numbers of the vector.</param>
    /// <param name="channels">Channels of the picture.</param>
    /// <param name="size">Its height and width: 4 to 7 times a power of two from 2 on, such as 28, 32 or 64.</param>
    /// <param name="width">Channels before the last convolution.</param>
    /// <exception cref="InvalidArgumentException">A size that is none of these, or a number below 1.</exception>
    public DcganGenerator(int latent = 100, int channels = 3, int size = 64, int width = 64)
    {
        var (first, doublings) = Dcgan.Doublings("DcganGenerator", size);
        int from = latent;
        for (int i = 0; i <= doublings; i++)
        {
            bool last = i == doublings;
            int to = last ? channels : width << (doublings - 1 - i);
            _main.Append(i == 0 ? new ConvTranspose2d(from, to, first, bias: false) : new ConvTranspose2d(from, to, 4, stride: 2, padding: 1, bias: false));
            if (!last)
                _main.Append(new BatchNorm2d(to)).Append(new ReLU());
            from = to;
        }
        Add("main", _main.Append(new Tanh()));
        Dcgan.InitializeAsThePaper(this);
    }

    /// <inheritdoc/>
    public override string Kind => "DCGAN generator";

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return _main.Forward(x.Shape.Rank == 2 ? x.Reshape([.. x.Shape, 1, 1]) : x);
    }
}

/// <summary>
/// The discriminator of DCGAN (Radford et al., 2016): the generator's mirror image, convolutions 4×4 stride 2 with leaky ReLU 0.2 and batch norm (but for the first and last).
/// (N, channels, size, size) → (N, 1), the logit of being real, or a score for each of several classes. 2,765,568 parameters at 64×64 with width 64. State: main.0.weight, ….
/// </summary>
public class DcganDiscriminator : Module
{
    /// <summary>A judge of pictures.</summary>
    /// <param name="channels">Channels of the picture.</param>
    /// <param name="size">Its height and width: 4 to 7 times a power of two from 2 on, such as 28, 32 or 64.</param>
    /// <param name="width">Channels behind the first convolution.</param>
    /// <param name="outputs">Scores of a picture.</param>
    /// <exception cref="InvalidArgumentException">A size that is none of these, or a number below 1.</exception>
    public DcganDiscriminator(int channels = 3, int size = 64, int width = 64, int outputs = 1)
    {
        var (last, halvings) = Dcgan.Doublings("DcganDiscriminator", size);
        Sequential main = new();
        int from = channels;
        for (int i = 0; i < halvings; i++)
        {
            main.Append(new Conv2d(from, width << i, 4, stride: 2, padding: 1, bias: false));
            if (i > 0)
                main.Append(new BatchNorm2d(width << i));
            main.Append(new LeakyReLU(0.2));
            from = width << i;
        }
        Add("main", main.Append(new Conv2d(from, outputs, last, bias: false)));
        Add("flatten", new Flatten());
        Dcgan.InitializeAsThePaper(this);
    }

    /// <inheritdoc/>
    public override string Kind => "DCGAN discriminator";

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Children.Aggregate(x, (t, part) => part.Child.Forward(t));
}

/// <summary>What generator and discriminator share.</summary>
internal static class Dcgan
{
    /// <summary>size = first·2ⁿ with first from 4 to 7.</summary>
    public static (int First, int Doublings) Doublings(string network, int size)
    {
        int first = size, doublings = 0;
        while (first > 7 && first % 2 == 0)
            (first, doublings) = (first / 2, doublings + 1);
        return first is >= 4 and <= 7 && doublings > 0 ? (first, doublings)
            : throw new InvalidArgumentException($"{network}: pictures have 4 to 7 times a power of two positions on a side, such as 28, 32 or 64, got {size}");
    }

    /// <summary>Weights N(0, 0.02²), those of batch norm N(1, 0.02²).</summary>
    public static void InitializeAsThePaper(Module network)
    {
        foreach (Module module in network.Modules())
        {
            if (module is Conv convolution)
                Initialize.Normal(convolution.Weight, 0.02);
            else if (module is BatchNorm norm)
                Initialize.Normal(norm.Weight!, 0.02, mean: 1);
        }
    }
}
