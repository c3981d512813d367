namespace Volute;

/// <summary>
/// The U-Net of nnU-Net (Isensee et al., 2021): stages with kernels and strides of their own along each axis, strided convolutions down, transposed ones
/// up, convolution (bias) → normalization → leaky ReLU 0.01 everywhere; on request residual blocks on the way down (residual-encoder form) and scores
/// at every resolution but the two coarsest, for the loss. Inputs are multiples of the strides' products; the output has the input's size. Names
/// of the state follow nnU-Net's (encoder.stages.0.0.convs.0.conv.weight, decoder.transpconvs.0.weight, decoder.seg_layers.0.weight).
/// </summary>
public class StagedUNet : Module
{
    private readonly StagedEncoder _encoder;
    private readonly StagedDecoder _decoder;

    /// <summary>A network of these stages.</summary>
    /// <exception cref="InvalidArgumentException">An option outside its range.</exception>
    public StagedUNet(StagedUNetOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        Options = options;
        _encoder = Add("encoder", new StagedEncoder(options));
        _decoder = Add("decoder", new StagedDecoder(options));
        foreach (Conv convolution in Modules().OfType<Conv>())
        {
            Initialize.KaimingNormal(convolution.Weight);
            convolution.Bias?.Assign(new double[convolution.Bias.Shape.Elements]);
        }
    }

    /// <summary>What this network was made with.</summary>
    public StagedUNetOptions Options { get; private set; }

    /// <inheritdoc/>
    public override string Kind => $"{(Options.Residual ? "residual " : "")}staged UNet {Options.Rank}D base {Options.Stages[0].Width}, {Options.Stages.Count} stages{(Options.Volumes is { } form ? $", {form}" : "")}";

    /// <summary>The scores (N, classes, …) of the input's size.</summary>
    public override Tensor Forward(Tensor x) => Outputs(x, 1)[0];

    /// <summary>
    /// The scores of every resolution that is supervised, the finest first: (N, classes, …) of the input's size, of that size through the second
    /// stage's stride, and so on; only the first without <see cref="StagedUNetOptions.DeepSupervision"/>.
    /// </summary>
    public IReadOnlyList<Tensor> Outputs(Tensor x) => Outputs(x, int.MaxValue);

    private Tensor[] Outputs(Tensor x, int most)
    {
        ArgumentNullException.ThrowIfNull(x);
        Check(x.Shape);
        return _decoder.Scores(_encoder.Stages(x), most);
    }

    internal override void BecameVolumes(VolumeForm form)
    {
        if (Options.Rank != 2)
            return;
        static int[] Cube(int[] plane) => [plane[0], .. plane];
        Options = Options with
        {
            Volumes = form == VolumeForm.Inflated ? null : form,
            Stages = [.. Options.Stages.Select(stage => stage with { Kernel = Cube(stage.Kernel), Stride = Cube(stage.Stride) })],
        };
    }

    private void Check(Shape input)
    {
        int rank = Options.Rank;
        if (input.Rank != rank + 2 || input[1] != Options.InChannels)
            throw SourceLine.Error($"StagedUNet: expected [N, {Options.InChannels}, {rank} spatial axes], got shape {input}");
        for (int axis = 0; axis < rank; axis++)
        {
            int size = input[axis + 2], divisor = Options.Divisor(axis), below = size / divisor * divisor;
            if (size == 0 || below != size)
                throw SourceLine.Error($"StagedUNet: {size} positions on axis {axis + 2} of {input} are no multiple of {divisor}, the product of the strides; use {(below > 0 ? $"{below} or " : "")}{below + divisor}");
        }
    }
}
