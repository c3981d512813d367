namespace Volute;

/// <summary>The way down: gives what each stage found.</summary>
internal sealed class StagedEncoder : Module
{
    private readonly ConvolutionStack? _stem;
    private readonly Sequential _stages;

    public StagedEncoder(StagedUNetOptions o)
    {
        int channels = o.InChannels;
        if (o.Residual)
        {
            UNetStage first = o.Stages[0];
            _stem = Add("stem", new ConvolutionStack(o, channels, first.Width, first.Kernel, first.Stride, 1));
            channels = first.Width;
        }
        _stages = Add("stages", new Sequential());
        foreach (UNetStage stage in o.Stages)
        {
            _stages.Append(o.Residual
                ? new ResidualStack(o, channels, stage)
                : new Sequential(new ConvolutionStack(o, channels, stage.Width, stage.Kernel, stage.Stride, stage.Down)));
            channels = stage.Width;
        }
    }

    public List<Tensor> Stages(Tensor x)
    {
        List<Tensor> found = [];
        foreach (var (_, stage) in _stages.Children)
            found.Add(stage.Forward(found.Count > 0 ? found[^1] : _stem?.Forward(x) ?? x));
        return found;
    }

    public override Tensor Forward(Tensor x) => Stages(x)[^1];
}

/// <summary>The way up: joins each stage of the way down with what comes from below, and scores.</summary>
internal sealed class StagedDecoder : Module
{
    private readonly Sequential _enlarge, _stages, _heads;
    private readonly bool _all;

    public StagedDecoder(StagedUNetOptions o)
    {
        (_enlarge, _stages, _heads, _all) = (Add("transpconvs", new Sequential()), Add("stages", new Sequential()), Add("seg_layers", new Sequential()), o.DeepSupervision);
        int rank = o.Rank;
        for (int s = o.Stages.Count - 2; s >= 0; s--)
        {
            UNetStage below = o.Stages[s + 1], stage = o.Stages[s];
            _enlarge.Append(Enlarge(o, below.Width, stage.Width, below.Stride));
            _stages.Append(new ConvolutionStack(o, 2 * stage.Width, stage.Width, stage.Kernel, o.Ones, stage.Up));
        }
        // The coarsest of several ways up is not supervised: its weight would be 0.
        for (int s = _all ? Math.Max(0, o.Stages.Count - 3) : 0; s >= 0; s--)
            _heads.Append(Layers.Conv(rank, o.Stages[s].Width, o.Classes, 1, form: o.Volumes));
    }

    /// <summary>At most <paramref name="most"/> scores, the finest first.</summary>
    public Tensor[] Scores(List<Tensor> found, int most)
    {
        List<Tensor> maps = [found[^1]];
        for (int i = 0; i < _stages.Children.Count; i++)
            maps.Add(_stages.Children[i].Child.Forward(Tensor.Concat([_enlarge.Children[i].Child.Forward(maps[^1]), found[^(i + 2)]], 1)));
        return [.. Enumerable.Range(1, Math.Min(most, _heads.Children.Count)).Select(i => _heads.Children[^i].Child.Forward(maps[^i]))];
    }

    public override Tensor Forward(Tensor x) => throw new VoluteException("the way up needs what every stage of the way down found");

    private static ConvTranspose Enlarge(StagedUNetOptions o, int from, int to, int[] stride)
    {
        VolumeForm? form = o.FormOf(stride);
        // Where planes grow and the depth stays, what k taps would add to it is cut.
        int more = form is null || stride[0] > 1 ? 0 : stride[^1] - 1;
        return Layers.ConvTranspose(stride.Length, from, to, stride, stride, more == 0 ? null : Padding.Ends([more - more / 2, 0, 0], [more / 2, 0, 0]), form);
    }
}

/// <summary>Convolution → normalization → leaky ReLU.</summary>
internal sealed class ConvolutionUnit : Module
{
    public ConvolutionUnit(StagedUNetOptions o, int from, int to, int[] kernel, int[] stride, bool bias = true, bool activate = true)
    {
        VolumeForm? form = o.FormOf(kernel);
        Add("conv", Layers.Conv(kernel.Length, from, to, kernel, kernel.Select(k => (form is null ? k : kernel[^1]) / 2).ToArray(), bias, stride, form));
        if (o.Normalization != Normalization.None)
            Add("norm", Layers.Norm(kernel.Length, to, o.Normalization));
        if (activate)
            Add("nonlin", new LeakyReLU());
    }

    public override Tensor Forward(Tensor x)
    {
        foreach (var (_, child) in Children)
            x = child.Forward(x);
        return x;
    }
}

/// <summary>Several of them; the first has the stride.</summary>
internal sealed class ConvolutionStack : Module
{
    private readonly Sequential _convolutions;

    public ConvolutionStack(StagedUNetOptions o, int from, int to, int[] kernel, int[] stride, int count)
    {
        _convolutions = Add("convs", new Sequential());
        for (int i = 0; i < count; i++)
            _convolutions.Append(new ConvolutionUnit(o, i == 0 ? from : to, to, kernel, i == 0 ? stride : o.Ones));
    }

    public override Tensor Forward(Tensor x) => _convolutions.Forward(x);
}

/// <summary>Residual blocks; the first has the stride.</summary>
internal sealed class ResidualStack : Module
{
    private readonly Sequential _blocks;

    public ResidualStack(StagedUNetOptions o, int from, UNetStage stage)
    {
        _blocks = Add("blocks", new Sequential());
        for (int i = 0; i < stage.Down; i++)
            _blocks.Append(new ResidualUnit(o, i == 0 ? from : stage.Width, stage, i == 0 ? stage.Stride : o.Ones));
    }

    public override Tensor Forward(Tensor x) => _blocks.Forward(x);
}

/// <summary>leaky(norm(conv(leaky(norm(conv(x))))) + shortcut(x)); the shortcut averages over the stride and convolves 1×1 where widths differ (He et al., 2019: ResNet-D).</summary>
internal sealed class ResidualUnit : Module
{
    private readonly ConvolutionUnit _first, _second;
    private readonly Sequential? _shortcut;
    private readonly LeakyReLU _activation;

    public ResidualUnit(StagedUNetOptions o, int from, UNetStage stage, int[] stride)
    {
        _first = Add("conv1", new ConvolutionUnit(o, from, stage.Width, stage.Kernel, stride));
        _second = Add("conv2", new ConvolutionUnit(o, stage.Width, stage.Width, stage.Kernel, o.Ones, activate: false));
        _activation = Add("nonlin2", new LeakyReLU());
        bool strided = stride.Any(n => n > 1);
        if (!strided && from == stage.Width)
            return;
        _shortcut = Add("skip", new Sequential());
        if (strided)
            _shortcut.Append(Layers.AvgPool(stride.Length, stride));
        if (from != stage.Width)
            _shortcut.Append(new ConvolutionUnit(o, from, stage.Width, o.Ones, o.Ones, bias: false, activate: false));
    }

    public override Tensor Forward(Tensor x) => _activation.Forward(_second.Forward(_first.Forward(x)) + (_shortcut?.Forward(x) ?? x));
}
