using Volute.Kernels;

namespace Volute.Tests.Kernels.Convolution;

/// <summary>Sets what is forced, and so runs alone.</summary>
[Collection(TeamSize.Name)]
public sealed class RegistryTests : IDisposable
{
    private readonly (bool Exact, string? Force) _before = (ConvolutionRegistry.Exact, ConvolutionRegistry.Force);

    public void Dispose() => (ConvolutionRegistry.Exact, ConvolutionRegistry.Force) = _before;

    private static readonly ConvolutionProblem Dense =
        new(ElementType.Float32, 1, 32, 32, 1, new Window(new WindowAxis(3), new WindowAxis(3)), new(1, 16, 16), new(1, 14, 14));

    [Fact]
    public void The_reference_comes_last_and_takes_what_no_other_does()
    {
        Assert.Equal("reference", ConvolutionRegistry.All[^1].Name);
        Assert.Equal("reference", ConvolutionRegistry.Select(Dense with { Type = ElementType.Float64 }, Pass.Output).Name);
        Assert.Equal("reference", ConvolutionRegistry.Select(Dense with { Batch = 0 }, Pass.Weight).Name);
        var error = Assert.Throws<InvalidArgumentException>(() => ConvolutionRegistry.Select(Dense with { Type = ElementType.Int32 }, Pass.Output));
        Assert.Equal("a convolution needs float32 or float64, got int32; convert with To", error.Message);
    }

    [Fact]
    public void The_cheapest_is_chosen()
    {
        Assert.SkipUnless(Isa.Lanes > 4, "few channels fill narrow registers");
        var (depthwise, strided) = (Dense with { Groups = 32 }, Dense with { Window = new Window(new WindowAxis(3, 2), new WindowAxis(3, 2)), Output = new(1, 7, 7) });
        var classes = new ConvolutionProblem(ElementType.Float32, 1, 64, 2, 1, new Window(new WindowAxis(1), new WindowAxis(1)), new(1, 64, 64), new(1, 64, 64));
        foreach (var pass in Enum.GetValues<Pass>())
        {
            Assert.Equal("direct", ConvolutionRegistry.Select(strided, pass).Name);
            Assert.Equal("depthwise", ConvolutionRegistry.Select(depthwise, pass).Name);
            Assert.Equal("small-groups", ConvolutionRegistry.Select(Dense with { Groups = 8 }, pass).Name);
        }
        Assert.Equal("few-channels", ConvolutionRegistry.Select(classes, Pass.Output).Name);
    }

    [Fact]
    public void Few_channels_on_both_sides_go_by_planes_whatever_the_extents()
    {
        Assert.SkipUnless(Isa.Lanes > 4, "few channels fill narrow registers");
        foreach (int size in new[] { 8, 300 })
        {
            Extent extent = new(1, size, size);
            ConvolutionProblem stem = new(ElementType.Float32, 1, 1, 4, 1, new Window(new WindowAxis(5, 1, 1, 2, 2), new WindowAxis(5, 1, 1, 2, 2)), extent, extent);
            foreach (var pass in Enum.GetValues<Pass>())
                Assert.Equal("planar", ConvolutionRegistry.Select(stem, pass).Name);
        }
    }

    [Fact]
    public void Short_sums_for_few_classes_go_by_planes()
    {
        Assert.SkipUnless(Isa.Lanes > 8, "few channels fill narrow registers");
        Extent extent = new(1, 128, 128);
        ConvolutionProblem head = new(ElementType.Float32, 1, 16, 3, 1, new Window(new WindowAxis(1), new WindowAxis(1)), extent, extent);
        Assert.Equal("planar", ConvolutionRegistry.Select(head, Pass.Output).Name);
        Assert.Equal("direct", ConvolutionRegistry.Select(head, Pass.Input).Name);
        Assert.Equal("direct", ConvolutionRegistry.Select(head, Pass.Weight).Name);
    }

    [Fact]
    public void Large_maps_of_many_channels_go_by_nodes_unless_exactness_is_asked_for()
    {
        var large = Dense with { InputChannels = 64, OutputChannels = 64, Input = new(1, 66, 66), Output = new(1, 64, 64) };
        foreach (var pass in Enum.GetValues<Pass>())
        {
            ConvolutionRegistry.Exact = false;
            Assert.Equal("winograd4", ConvolutionRegistry.Select(large, pass).Name);
            ConvolutionRegistry.Exact = true;
            Assert.Equal("direct", ConvolutionRegistry.Select(large, pass).Name);
        }
        Assert.Equal(["winograd4", "winograd2", "winograd2x5", "winograd4x2", "winograd3x4"], ConvolutionRegistry.All.Where(a => !a.IsExact).Select(a => a.Name));
    }

    [Fact]
    public void Axes_of_five_taps_go_by_nodes_in_2D_and_in_1D()
    {
        WindowAxis five = new(5, 1, 1, 2, 2);
        Extent extent = new(1, 64, 64);
        foreach (WindowAxis high in new[] { five, new(1) })
        {
            ConvolutionProblem problem = new(ElementType.Float32, 4, 64, 64, 1, new Window(high, five), extent, extent);
            foreach (var pass in Enum.GetValues<Pass>())
                Assert.Contains(ConvolutionRegistry.Select(problem, pass).Name, new[] { "winograd2x5", "winograd4" });
        }
    }

    [Theory]
    [InlineData(7)]
    [InlineData(8)]
    public void Axes_of_seven_and_eight_taps_go_by_nodes_in_two_windows_of_four(int kernel)
    {
        WindowAxis wide = new(kernel, 1, 1, 3, kernel - 4);
        Extent extent = new(1, 24, 24);
        ConvolutionProblem problem = new(ElementType.Float32, 8, 192, 192, 1, new Window(new WindowAxis(1), wide), extent, extent);
        foreach (var pass in Enum.GetValues<Pass>())
            Assert.Equal("winograd3x4", ConvolutionRegistry.Select(problem, pass).Name);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void A_stride_goes_by_nodes_where_channels_are_many(int kernel)
    {
        WindowAxis axis = new(kernel, 2, 1, 1, 1);
        ConvolutionProblem problem = new(ElementType.Float32, 8, 128, 128, 1, new Window(axis, axis), new(1, 64, 64), new(1, 32, 32));
        foreach (var pass in Enum.GetValues<Pass>())
            Assert.Equal("winograd4x2", ConvolutionRegistry.Select(problem, pass).Name);
    }

    [Theory]
    [InlineData(2, 64, "winograd4")]
    [InlineData(8, 64, "winograd4")]
    [InlineData(18, 33, "direct")]
    public void A_dilation_goes_by_nodes_where_it_leaves_tiles_of_several_positions(int dilation, int size, string expected)
    {
        WindowAxis axis = new(3, 1, dilation, dilation, dilation);
        Extent extent = new(1, size, size);
        ConvolutionProblem problem = new(ElementType.Float32, 1, 64, 64, 1, new Window(axis, axis), extent, extent);
        foreach (var pass in Enum.GetValues<Pass>())
            Assert.Equal(expected, ConvolutionRegistry.Select(problem, pass).Name);
    }

    [Fact]
    public void A_forced_algorithm_is_taken_wherever_it_supports_the_case()
    {
        ConvolutionRegistry.Force = "few-channels";
        Assert.Equal("few-channels", ConvolutionRegistry.Select(Dense, Pass.Output).Name);
        ConvolutionRegistry.Exact = true;
        Assert.Equal("direct", ConvolutionRegistry.Select(Dense, Pass.Weight).Name);
    }
}
