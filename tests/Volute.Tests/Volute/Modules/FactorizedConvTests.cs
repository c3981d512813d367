namespace Volute.Tests.Modules;

/// <summary>Factors beside the one convolution that they are, with paddings that PyTorch does not have.</summary>
public class FactorizedConvTests
{
    public static TheoryData<string> Paddings => ["none", "same", "causal", "ends", "two"];

    [Theory, MemberData(nameof(Paddings))]
    public void A_separable_pair_is_the_convolution_with_the_outer_product_of_its_taps(string padding)
    {
        SpatiallySeparableConv2d pair = new(1, 1, [3, 2], stride: [1, 2], padding: Of(padding), dilation: [2, 1], bias: false);
        Conv2d whole = new(1, 1, [3, 2], [1, 2], Of(padding), [2, 1], bias: false);
        float[] vertical = [1, -2, 3], horizontal = [2, 5];
        pair.Parameters()[0].Assign(vertical);
        pair.Parameters()[1].Assign(horizontal);
        whole.Weight.Assign([.. vertical.SelectMany(v => horizontal.Select(h => v * h))]);
        Tensor x = Tensor.FromArray([.. Enumerable.Range(0, 2 * 56).Select(i => (float)(i * i % 17 - 8))], [2, 1, 7, 8]);
        Tensor expected = whole.Forward(x), actual = pair.Forward(x);
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.Equal(expected.ToArray(), actual.ToArray());
    }

    [Fact]
    public void A_depthwise_separable_convolution_is_the_convolution_with_the_products_of_its_weights()
    {
        DepthwiseSeparableConv1d separable = new(2, 2, 3, padding: "causal", bias: false, multiplier: 2);
        float[] taps = [1, 2, 3, -1, 0, 4, 2, 2, -3, 5, 1, 1], mix = [1, -1, 2, 3, 0, 2, -2, 1];
        separable.Parameters()[0].Assign(taps);
        separable.Parameters()[1].Assign(mix);
        Conv1d whole = new(2, 2, 3, padding: "causal", bias: false);
        whole.Weight.Assign([.. from o in Enumerable.Range(0, 2) from c in Enumerable.Range(0, 2) from k in Enumerable.Range(0, 3)
                                select mix[o * 4 + c * 2] * taps[c * 6 + k] + mix[o * 4 + c * 2 + 1] * taps[c * 6 + 3 + k]]);
        Tensor x = Tensor.FromArray([.. Enumerable.Range(0, 12).Select(i => (float)(i * 5 % 7))], [1, 2, 6]);
        Assert.Equal(whole.Forward(x).ToArray(), separable.Forward(x).ToArray());
    }

    [Fact]
    public void A_convolution_of_one_tap_along_each_axis_keeps_the_rules_of_its_paddings()
    {
        foreach (string padding in new[] { "none", "ends", "two" })
            Assert.Equal(new Conv2d(1, 1, 1, padding: Of(padding)).Forward(Tensor.Full([1, 1, 4, 5], 0)).Shape, new FlattenedConv2d(1, 1, 1, padding: Of(padding)).Forward(Tensor.Full([1, 1, 4, 5], 0)).Shape);
    }

    private static Padding Of(string name) => name switch
    {
        "none" => 0,
        "ends" => Padding.Ends([1, 0], [0, 2]),
        "two" => Padding.Create([2, 1]),
        _ => name,
    };
}
