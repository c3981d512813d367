using System.Text.RegularExpressions;

namespace Volute.Tests.Modules;

/// <summary>What does not fit is one error with its exact text, naming the module that was asked for.</summary>
public partial class ModuleErrorTests
{
    private static readonly Dictionary<string, Action> Cases = new()
    {
        ["ResidualBlock: rank must be 1, 2 or 3, got 4"] = () => _ = new ResidualBlock(1, 1, rank: 4),
        ["ResidualBlock: channels must be >= 1, got 0 in and 3 out"] = () => _ = new ResidualBlock(0, 3),
        ["ResidualBlock: a shortcut without projection can only add channels, got 4 in and 2 out; use projection"] = () => _ = new ResidualBlock(4, 2, projection: false),
        ["stride needs 1 or 2 numbers, got [1, 2, 2]"] = () => _ = new ResidualBlock(4, 4, [1, 2, 2]),
        ["dilation must be >= 1, got -1"] = () => _ = new ResidualBlock(4, 4, dilation: -1),
        ["InvertedResidual: kernelSize must be odd along every axis, so that the size is kept, got [3, 2]"] = () => _ = new InvertedResidual(2, 2, kernelSize: [3, 2]),
        ["InvertedResidual: expandRatio must be from 1 to 1073741823 with 2 channels, got 0"] = () => _ = new InvertedResidual(2, 2, expandRatio: 0),
        ["SqueezeExcite: channels must be >= 1, got 4 in and 0 out"] = () => _ = new SqueezeExcite(4, 0),
        ["ShuffleUnit: outChannels must be a multiple of 4, got 10"] = () => _ = new ShuffleUnit(10, 10, 2),
        ["ShuffleUnit: with stride 1 outChannels must be 8, as many as in, got 12"] = () => _ = new ShuffleUnit(8, 12, 2),
        ["ShuffleUnit: with stride 2 outChannels must be above 8: the input's channels are among them, got 8"] = () => _ = new ShuffleUnit(8, 8, 2, 2),
        ["ShuffleUnit: 3 input and 12 output channels must both divide into 2 groups"] = () => _ = new ShuffleUnit(12, 12, 2),
        ["ShuffledGroupConv: 4 input and 6 output channels must both divide into 4 groups"] = () => _ = new ShuffledGroupConv(4, 6, 4),
        ["Aspp: needs at least one rate, each >= 1, got [6, 0]"] = () => _ = new Aspp(4, [6, 0]),
        ["Aspp: needs at least one rate, each >= 1, got []"] = () => _ = new Aspp(4, []),
        ["DepthwiseConv2d: channels must be >= 1, got 0"] = () => _ = new DepthwiseConv2d(0, 3),
        ["DepthwiseConv3d: multiplier must be from 1 to 2147483647 with 1 channels, got -2"] = () => _ = new DepthwiseConv3d(1, 3, -2),
        ["DepthwiseConv1d: multiplier must be from 1 to 32767 with 65536 channels, got 65536"] = () => _ = new DepthwiseConv1d(65536, 3, 65536),
        ["DepthwiseConv1d: expected 3 channels, got 2 in shape [1, 2, 5]"] = () => new DepthwiseConv1d(3, 3).Forward(Tensor.Full([1, 2, 5], 0)),
        ["DepthwiseSeparableConv2d: 6 input and 4 output channels must both divide into 4 groups"] = () => _ = new DepthwiseSeparableConv2d(3, 4, 3, groups: 4, multiplier: 2),
        ["SpatiallySeparableConv2d: channels must be >= 1, got 3 in and 0 out"] = () => _ = new SpatiallySeparableConv2d(3, 4, 3, middleChannels: 0),
        ["kernelSize needs 1 or 3 numbers, got [3, 3]"] = () => _ = new SpatiallySeparableConv3d(3, 4, [3, 3]),
        ["padding must be >= 0, got -1"] = () => _ = new FlattenedConv2d(3, 4, 3, padding: [0, -1]),
        ["FlattenedConv3d: groups must be >= 1, got 0"] = () => _ = new FlattenedConv3d(3, 4, 3, groups: 0),
        ["ResizeConv2d: mode must be Nearest or Linear, got Cubic"] = () => _ = new ResizeConv2d(3, 4, 3, mode: Interpolation.Cubic),
        ["a scale factor must be above 0 and finite, got -1"] = () => new ResizeConv1d(3, 4, 3, -1).Forward(Tensor.Full([1, 3, 5], 0)),
        ["UpBlock: skipChannels must be from 1 to 2147483643, got 0"] = () => _ = new UpBlock(4, 0, 4),
        ["UpBlock: call Forward(x, skip)"] = () => new UpBlock(4, 2, 4).Forward(Tensor.Full([1, 4, 3, 3], 0)),
        ["UpBlock: the skip connection must have 2 channels and the size [1, 4, 6, 6] of the enlarged map or more, got [1, 2, 6, 5]"] =
            () => new UpBlock(4, 2, 4).Forward(Tensor.Full([1, 4, 3, 3], 0), Tensor.Full([1, 2, 6, 5], 0)),
        ["UpBlock: the skip connection must have 2 channels and the size [1, 4, 6, 6] of the enlarged map or more, got [1, 3, 6, 6]"] =
            () => new UpBlock(4, 2, 4).Forward(Tensor.Full([1, 4, 3, 3], 0), Tensor.Full([1, 3, 6, 6], 0)),
    };

    public static TheoryData<string> Texts => [.. Cases.Keys];

    [Theory, MemberData(nameof(Texts))]
    public void Wrong_numbers_and_shapes_give_their_error(string text)
        => Assert.Equal(text, WithoutPlace().Replace(Assert.ThrowsAny<VoluteException>(Cases[text]).Message, ""));

    [Fact]
    public void A_factor_that_does_not_fit_is_named_by_its_place()
    {
        Sequential network = new(new DepthwiseSeparableConv2d(3, 4, 3));
        string text = Assert.Throws<ShapeException>(() => network.Forward(Tensor.Full([1, 2, 5, 5], 0))).Message;
        Assert.StartsWith("Conv2d: expected 3 channels, got 2 in shape [1, 2, 5, 5] [in 0.depthwise (Conv2d 3->3 k3x3 g3)", text, StringComparison.Ordinal);
    }

    [GeneratedRegex(@" \[[^\[\]]*(\([^)]*\))?[^\[\]]*\.cs:\d+\]$")]
    private static partial Regex WithoutPlace();
}
