using Volute.Kernels;

namespace Volute.Tests.Kernels.Convolution;

/// <summary>Maps of one position under one tap: a matrix times one vector.</summary>
[Collection(TeamSize.Name)]
public class OnePositionTests
{
    /// <summary>Fewer channels than lanes, whole vectors and remainders, more rows than a tile holds, several groups, rows 4096 bytes apart.</summary>
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(5, 3, 1)]
    [InlineData(120, 84, 1)]
    [InlineData(33, 61, 1)]
    [InlineData(2048, 1031, 1)]
    [InlineData(21, 51, 3)]
    public void Few_channels_are_exact_with_any_number_of_threads(int inputs, int outputs, int groups)
    {
        Extent extent = new(1, 1, 1);
        ConvolutionProblem problem = new(ElementType.Float32, 1, inputs, outputs, groups, new Window(new(1), new(1), new(1)), extent, extent);
        var algorithm = ConvolutionRegistry.All.Single(a => a.Name == "few-channels");
        for (int seed = 0; seed < 6; seed++)
        {
            ConvolutionCase numbers = new(problem, new Random(seed), whole: true);
            foreach (var pass in new[] { Pass.Output, Pass.Input })
                Assert.Equal(numbers.Run(ConvolutionRegistry.All[^1], pass), TeamSize.SameBits(() => numbers.Run(algorithm, pass)));
        }
    }
}
