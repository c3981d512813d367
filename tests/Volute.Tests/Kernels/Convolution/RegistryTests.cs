using Volute.Kernels;

namespace Volute.Tests.Kernels.Convolution;

/// <summary>Sets what is forced, and so runs alone.</summary>
[Collection(TeamSize.Name)]
public class RegistryTests
{
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
        var depthwise = Dense with { Groups = 32 };
        var classes = new ConvolutionProblem(ElementType.Float32, 1, 64, 2, 1, new Window(new WindowAxis(1), new WindowAxis(1)), new(1, 64, 64), new(1, 64, 64));
        foreach (var pass in Enum.GetValues<Pass>())
        {
            Assert.Equal("direct", ConvolutionRegistry.Select(Dense, pass).Name);
            Assert.Equal("depthwise", ConvolutionRegistry.Select(depthwise, pass).Name);
        }
        Assert.SkipUnless(Isa.Lanes > 4, "few channels fill narrow registers");
        Assert.Equal("few-channels", ConvolutionRegistry.Select(classes, Pass.Output).Name);
    }

    [Fact]
    public void A_forced_algorithm_is_taken_wherever_it_supports_the_case()
    {
        string? before = ConvolutionRegistry.Force;
        try
        {
            ConvolutionRegistry.Force = "few-channels";
            Assert.Equal("few-channels", ConvolutionRegistry.Select(Dense, Pass.Output).Name);
            Assert.Equal("direct", ConvolutionRegistry.Select(Dense, Pass.Weight).Name);
        }
        finally
        {
            ConvolutionRegistry.Force = before;
        }
    }
}
