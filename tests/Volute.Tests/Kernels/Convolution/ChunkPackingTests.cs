using Volute.Kernels;

namespace Volute.Tests.Kernels.Convolution;

/// <summary>Weights that one chunk alone uses and packs for itself.</summary>
[Collection(TeamSize.Name)]
public class ChunkPackingTests
{
    /// <summary>Wide layers on few positions, phases of the input pass, narrow groups read through a box, linear layers.</summary>
    [Theory]
    [InlineData(1, 200, 170, 1, 7, 3, 1)]
    [InlineData(2, 67, 131, 1, 7, 3, 2)]
    [InlineData(1, 96, 64, 1, 9, 5, 3)]
    [InlineData(1, 512, 512, 32, 5, 3, 1)]
    [InlineData(3, 384, 320, 64, 4, 3, 2)]
    [InlineData(9, 300, 77, 1, 1, 1, 1)]
    [InlineData(2, 40, 90, 1, 6, 6, 1)]
    public void They_give_the_bits_of_weights_packed_before_and_need_no_memory_of_the_plan(
        int batch, int inputs, int outputs, int groups, int extent, int kernel, int stride)
    {
        var algorithm = ConvolutionRegistry.All.Single(a => a.Name == "direct");
        WindowAxis axis = new(kernel, stride, 1, kernel == extent ? 0 : kernel / 2, kernel == extent ? 0 : kernel / 2);
        int sought = (int)axis.Outputs(extent);
        ConvolutionProblem problem = new(ElementType.Float32, batch, inputs, outputs, groups, new(new(1), axis, axis), new(1, extent, extent), new(1, sought, sought));
        ConvolutionCase numbers = new(problem, new Random(4), whole: true);
        foreach (Pass pass in new[] { Pass.Output, Pass.Input })
        {
            Assert.Equal(1, algorithm.Parts(problem, pass));
            Assert.Equal(0, algorithm.WorkspaceBytes(problem, pass));
            double[] actual = TeamSize.SameBits(() => numbers.Run(algorithm, pass, packBefore: false));
            Assert.Equal(numbers.Run(algorithm, pass, packBefore: true), actual);
            Assert.Equal(numbers.Run(ConvolutionRegistry.All[^1], pass), actual);
        }
    }

    [Fact]
    public void Where_several_chunks_use_them_they_are_packed_once()
    {
        WindowAxis axis = new(3, 1, 1, 1, 1);
        Extent extent = new(1, 60, 60);
        ConvolutionProblem problem = new(ElementType.Float32, 1, 64, 64, 1, new(new(1), axis, axis), extent, extent);
        var algorithm = ConvolutionRegistry.All.Single(a => a.Name == "direct");
        Assert.True(algorithm.Parts(problem, Pass.Output) > 1);
        Assert.Equal(algorithm.PackedBytes(problem, Pass.Output), algorithm.WorkspaceBytes(problem, Pass.Output));
    }
}
