using Volute.Kernels;

namespace Volute.Tests;

/// <summary>Whatever the arguments and shapes: a result, or an error of the family. No other exception escapes.</summary>
public class ErrorFamilyTests
{
    private static readonly int[] Numbers = [int.MinValue, -3, -1, 0, 0, 1, 1, 1, 2, 2, 3, 4, 5, 7, 65536, int.MaxValue];

    private static readonly int[] Small = [-1, 0, 1, 2, 2, 3, 3, 4, 6];

    private static readonly double[] Reals = [double.NaN, double.NegativeInfinity, double.PositiveInfinity, -1, 0, 1e-5, 0.1, 0.5, 1, 1.5, 2, 1e300];

    private readonly Random _random = new(11);

    [Fact]
    public void Of_modules() => Tried(1500, () =>
    {
        Module module = Make();
        Tensor x = Input(), y = module.Train(Chance(2)).Forward(x);
        if (y.Shape.Elements > 1 << 16)
            return;
        Tensor.Evaluate([y, .. Gradient.Of(y.Sum(), [x, .. module.Parameters()])]);
    });

    [Fact]
    public void Of_operators() => Tried(2000, () =>
    {
        Tensor x = Input(), y = Operate(x);
        if (y.Shape.Elements > 1 << 16 || y.Type == ElementType.Int32)
            return;
        Tensor.Evaluate([y, .. Gradient.Of(y.Sum(), [x])]);
    });

    [Fact]
    public void Of_losses() => Tried(800, () =>
    {
        Tensor x = Input(), t = Chance(2) ? Input() : Chance(2) ? Labels(x) : Tensor.Full(x.Shape, 0.5, x.Type), y = Measure(x, t);
        Tensor.Evaluate([y, .. Gradient.Of(y.Sum(), [x])]);
    });

    /// <summary>Runs it many times; of these some must give results and some errors, or nothing is shown.</summary>
    private void Tried(int times, Action act)
    {
        int results = 0;
        HashSet<string> errors = [];
        Dictionary<string, Exception> others = [];
        for (int i = 0; i < times; i++)
        {
            try
            {
                act();
                results++;
            }
            catch (VoluteException e)
            {
                Assert.NotEmpty(e.Message);
                Assert.DoesNotContain('\n', e.Message);
                errors.Add(e.Message);
            }
            catch (Exception e)
            {
                others[string.Join("\n", (e.StackTrace ?? "").Split('\n').Take(2))] = e;
            }
        }
        Assert.True(others.Count == 0, string.Join("\n\n", others.Values));
        Assert.InRange(results, times / 20, times);
        Assert.InRange(errors.Count, times / 20, times);
    }

    private Module Make()
    {
        PerAxis kernel = Axes(), stride = Axes(), padding = Axes(), dilation = Axes();
        Padding ends = Chance(4) ? "same" : Chance(4) ? "causal" : Chance(3) ? Padding.Ends(Axes(), Axes()) : Values();
        PaddingMode mode = (PaddingMode)_random.Next(4);
        int from = Pick(Small), to = Pick(Small), groups = Pick(Small);
        bool flag = Chance(2);
        double eps = Pick(Reals);
        int? maybe = Chance(2) ? null : Pick(Small);
        int rank = Pick(Small);
        return _random.Next(50) switch
        {
            0 => new Conv1d(from, to, kernel, stride, ends, dilation, groups, flag, mode),
            1 => new Conv2d(from, to, kernel, stride, ends, dilation, groups, flag, mode),
            2 => new Conv3d(from, to, kernel, stride, ends, dilation, groups, flag, mode),
            3 => new ConvTranspose1d(from, to, kernel, stride, ends, Axes(), groups, flag, dilation),
            4 => new ConvTranspose2d(from, to, kernel, stride, ends, Axes(), groups, flag, dilation),
            5 => new ConvTranspose3d(from, to, kernel, stride, ends, Axes(), groups, flag, dilation),
            6 => new MaxPool1d(kernel, stride, padding, dilation, flag),
            7 => new MaxPool2d(kernel, stride, padding, dilation, flag),
            8 => new MaxPool3d(kernel, stride, padding, dilation, flag),
            9 => new AvgPool1d(kernel, stride, padding, flag, Chance(2)),
            10 => new AvgPool2d(kernel, stride, padding, flag, Chance(2), Chance(2) ? null : Pick(Numbers)),
            11 => new AvgPool3d(kernel, stride, padding, flag, Chance(2), Chance(2) ? null : Pick(Numbers)),
            12 => new AdaptiveAvgPool2d(kernel),
            13 => new AdaptiveMaxPool1d(Pick(Small)),
            14 => new AdaptiveMaxPool3d(kernel),
            15 => new BatchNorm1d(from, eps, flag ? null : Pick(Reals), Chance(2), Chance(2)),
            16 => new BatchNorm2d(from, eps, flag ? null : Pick(Reals), Chance(2), Chance(2)),
            17 => new InstanceNorm2d(from, eps, Pick(Reals), flag, Chance(2)),
            18 => new GroupNorm(groups, from, eps, flag),
            19 => new LayerNorm(Sizes(), eps, flag),
            20 => new LocalResponseNorm(Pick(Small), eps, Pick(Reals), Pick(Reals)),
            21 => new ConstantPad1d(Values(), eps),
            22 => new ReflectionPad2d(Values()),
            23 => new ReplicationPad3d(Values()),
            24 => new CircularPad2d(Values()),
            25 => new Upsample(flag ? Values() : null, flag ? null : [eps], Pick("nearest", "linear", "bilinear", "bicubic", "trilinear", "area", "nearest-exact"), Chance(2) ? null : Chance(2)),
            26 => new PixelShuffle(Pick(Numbers)),
            27 => new PixelUnshuffle(Pick(Numbers)),
            28 => new ChannelShuffle(Pick(Numbers)),
            29 => new Flatten(Pick(Small), Pick(Small)),
            30 => new Unflatten(Pick(Small), Values()),
            31 => new Unfold(Axes(), dilation, padding, stride),
            32 => new Fold(Axes(), Axes(), dilation, padding, stride),
            33 => new ResidualBlock(from, to, stride, dilation, groups, maybe, flag, Chance(2), mode, rank),
            34 => new InvertedResidual(from, to, stride, Pick(Small), kernel, dilation, mode, rank),
            35 => new SqueezeExcite(from, to, rank: rank),
            36 => new ShuffledGroupConv(from, to, groups, kernel, stride, ends, dilation, flag, mode, rank),
            37 => new ShuffleUnit(from, 4 * to, groups, stride, flag, mode, rank),
            38 => new Aspp(from, Values(), to, eps, mode, rank),
            39 => new DepthwiseConv2d(from, kernel, Pick(Numbers), stride, ends, dilation, flag, mode),
            40 => new DepthwiseSeparableConv1d(from, to, kernel, stride, ends, dilation, groups, flag, mode, Pick(Numbers)),
            41 => new SpatiallySeparableConv2d(from, to, kernel, maybe, stride, ends, dilation, groups, flag, mode),
            42 => new FlattenedConv3d(from, to, kernel, stride, ends, dilation, groups, flag, mode),
            43 => new ResizeConv2d(from, to, kernel, eps, (Interpolation)_random.Next(5), Chance(2) ? null : ends, dilation, groups, flag, mode),
            44 => new UpBlock(from, Pick(Small), to, (Upsampling)_random.Next(3), (Normalization)_random.Next(3), flag, mode, rank),
            45 => new Conv2d(from, to, kernel, stride, ends, dilation, groups, flag, mode).WithWeightNorm(maybe),
            46 => new ConvTranspose1d(from, to, kernel, stride, ends).WithSpectralNorm(Pick(Small), eps, maybe),
            47 => new LazyConv1d(to, kernel, stride, ends, dilation, groups, flag, mode),
            48 => new Linear(from, to, flag).WithSpectralNorm(Pick(Small), eps, maybe),
            _ => new Linear(from, to, flag),
        };
    }

    private Tensor Operate(Tensor x)
    {
        int a = Pick(Numbers), b = Pick(Numbers), c = Pick(Numbers), d = Pick(Numbers), axis = Pick(Small);
        double real = Pick(Reals);
        Window Window() => new([.. Enumerable.Range(0, _random.Next(5)).Select(_ => new WindowAxis(Pick(Small), Pick(Small), Pick(Small), Pick(Numbers), Pick(Numbers)))]);
        return _random.Next(28) switch
        {
            0 => x + Input(),
            1 => x * Input(),
            2 => x.Pow(real),
            3 => x.MatMul(Input()),
            4 => x.Linear(Input(), Chance(2) ? null : Input()),
            5 => x.Convolve(Input(), Chance(2) ? null : Input(), Window(), Pick(Small)),
            6 => x.ConvolveTransposed(Input(), Chance(2) ? null : Input(), Window(), Chance(2) ? null : Values(), Pick(Small)),
            7 => x.Reshape(Values()),
            8 => x.Permute(Values()),
            9 => x.Transpose(axis, Pick(Small)),
            10 => x.Slice(axis, a, b, c),
            11 => x.Flip(axis),
            12 => x.BroadcastTo(Sizes()),
            13 => x.Unsqueeze(a),
            14 => x.Squeeze(axis),
            15 => x.CenterCrop(Values()),
            16 => x.Pad(axis, Pick(Small), Pick(Small), real),
            17 => Tensor.Concat([x, Input()], axis),
            18 => Tensor.Stack([x, Input()], axis),
            19 => x.Sum(Values()),
            20 => x.Max(Values(), Chance(2)),
            21 => x.Variance([axis], correction: real),
            22 => x.Softmax(a),
            23 => x.AveragePool(Window(), Chance(2), Chance(2), Chance(2) ? null : a),
            24 => x.MaxPool(Window(), Chance(2)),
            25 => x.MaxUnpool(Labels(x), Values()),
            26 => x.AdaptiveAveragePool(Values()) + x.AdaptiveMaxPool(Values()),
            _ => x.Gather(axis, Labels(x)),
        };
    }

    private Tensor Measure(Tensor x, Tensor t)
    {
        Reduction reduction = (Reduction)_random.Next(3);
        double a = Pick(Reals), b = Pick(Reals);
        Tensor? weight = Chance(2) ? null : Input();
        return _random.Next(10) switch
        {
            0 => Loss.CrossEntropy(x, t, weight, Pick(Small), Chance(2) ? 0 : a, Chance(2) ? null : Input(), reduction),
            1 => Loss.NegativeLogLikelihood(x, t, weight, Pick(Small), reduction),
            2 => Loss.BinaryCrossEntropyWithLogits(x, t, weight, Chance(2) ? null : Input(), reduction),
            3 => Loss.BinaryCrossEntropy(x, t, weight, reduction),
            4 => Loss.MeanSquaredError(x, t, reduction),
            5 => Loss.SmoothL1(x, t, a, reduction),
            6 => Loss.Huber(x, t, a, reduction),
            7 => Loss.Dice(x, t, (Probabilities)_random.Next(2), a, Chance(2), Chance(2), Pick(Small)),
            8 => Loss.Tversky(x, t, a, b, (Probabilities)_random.Next(2), ignoreIndex: Pick(Small)),
            _ => Loss.Focal(x, t, a, b, reduction),
        };
    }

    /// <summary>Up to six axes of up to four positions, of any element type.</summary>
    private Tensor Input()
    {
        int[] shape = [.. Enumerable.Range(0, _random.Next(7)).Select(_ => _random.Next(5))];
        ElementType type = Chance(12) ? ElementType.Int32 : Chance(4) ? ElementType.Float64 : ElementType.Float32;
        return Tensor.Full(shape, Pick(-1, 0, 1, 2), type);
    }

    private Tensor Labels(Tensor scores)
        => Tensor.Full(Chance(2) ? scores.Shape : [.. scores.Shape.Where((_, i) => i != 1)], Pick(Small), ElementType.Int32);

    private int[] Values() => [.. Enumerable.Range(0, _random.Next(5)).Select(_ => Chance(12) ? Pick(Numbers) : Pick(Small))];

    private Shape Sizes() => Shape.Create(Values());

    private PerAxis Axes() => Chance(3) ? (PerAxis)Values() : Chance(12) ? Pick(Numbers) : Pick(1, 1, 2, 3);

    private bool Chance(int of) => _random.Next(of) == 0;

    private T Pick<T>(params T[] of) => of[_random.Next(of.Length)];
}
