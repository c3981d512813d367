namespace Volute.Tests;

public class DcganTests
{
    [Theory]
    [InlineData(64, 64, 100 * 512 * 16 + 16 * (512 * 256 + 256 * 128 + 128 * 64 + 64 * 3) + 2 * (512 + 256 + 128 + 64))]
    [InlineData(64, 128, 100 * 1024 * 16 + 16 * (1024 * 512 + 512 * 256 + 256 * 128 + 128 * 3) + 2 * (1024 + 512 + 256 + 128))]
    [InlineData(32, 64, 100 * 256 * 16 + 16 * (256 * 128 + 128 * 64 + 64 * 3) + 2 * (256 + 128 + 64))]
    [InlineData(28, 64, 100 * 128 * 49 + 16 * (128 * 64 + 64 * 3) + 2 * (128 + 64))]
    public void Generators_have_their_parameters_and_sizes(int size, int width, long parameters)
    {
        Summary summary = Summary.Of(new DcganGenerator(size: size, width: width).Eval(), [2, 100, 1, 1]);
        Assert.Equal(parameters, summary.Parameters);
        Assert.Equal([2, 3, size, size], summary.Output);
        Assert.Equal((3_576_704, 2_765_568), (new DcganGenerator().ParameterCount, new DcganDiscriminator().ParameterCount));
    }

    [Theory]
    [InlineData(64)]
    [InlineData(32)]
    [InlineData(28)]
    public void A_discriminator_judges_what_a_generator_of_its_size_makes(int size)
    {
        DcganGenerator generator = new(7, 1, size, 4);
        DcganDiscriminator discriminator = new(1, size, 4);
        Tensor pictures = generator.Forward(Tensor.Normal([3, 7]));
        Assert.Equal([3, 1], discriminator.Forward(pictures).Shape);
        Assert.All(pictures.ToArray(), v => Assert.InRange(v, -1, 1));
    }

    [Fact]
    public void Names_are_those_of_a_chain_and_first_values_the_paper_s()
    {
        DcganGenerator generator = new();
        Dictionary<string, Parameter> state = generator.State().ToDictionary(p => p.Name);
        Assert.Equal([100, 512, 4, 4], state["main.0.weight"].Shape);
        Assert.Equal([64, 3, 4, 4], state["main.12.weight"].Shape);
        Assert.Equal([512, 256, 4, 4], new DcganDiscriminator().State().Single(p => p.Name == "main.8.weight").Shape);
        float[] weight = state["main.3.weight"].ToArray(), norm = state["main.1.weight"].ToArray();
        Assert.Equal(0.02, Math.Sqrt(weight.Average(v => (double)v * v)), 1e-3);
        Assert.Equal(1, norm.Average(), 0.01);
        Assert.Equal(0.02, Math.Sqrt(norm.Average(v => (v - 1.0) * (v - 1.0))), 5e-3);
    }

    [Theory]
    [InlineData(30)]
    [InlineData(3)]
    [InlineData(7)]
    public void Sizes_that_do_not_double_from_a_few_positions_are_refused(int size)
    {
        Assert.Equal($"DcganGenerator: pictures have 4 to 7 times a power of two positions on a side, such as 28, 32 or 64, got {size}", Assert.Throws<InvalidArgumentException>(() => new DcganGenerator(size: size)).Message);
        Assert.StartsWith("DcganDiscriminator: ", Assert.Throws<InvalidArgumentException>(() => new DcganDiscriminator(size: size)).Message, StringComparison.Ordinal);
    }
}
