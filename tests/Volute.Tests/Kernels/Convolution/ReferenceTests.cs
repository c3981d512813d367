using Volute.Kernels;

namespace Volute.Tests.Kernels.Convolution;

public class ReferenceTests
{
    private static readonly Pass[] Passes = Enum.GetValues<Pass>();

    [Theory]
    [InlineData(ElementType.Float32)]
    [InlineData(ElementType.Float64)]
    public void The_reference_is_the_definition(ElementType type)
    {
        Random random = new(1);
        foreach (var problem in RandomProblems.Take(200, type, seed: 2, mostWork: 50_000))
        {
            ConvolutionCase numbers = new(problem, random, whole: true);
            foreach (var pass in Passes)
                Assert.Equal(numbers.Scatter(pass), numbers.Run(ConvolutionRegistry.All[^1], pass));
        }
    }

    [Fact]
    public void The_input_pass_is_the_adjoint_of_the_output_pass_and_the_weight_pass_that_of_both()
    {
        Random random = new(3);
        foreach (var problem in RandomProblems.Take(50, ElementType.Float64, seed: 4, mostWork: 50_000))
        {
            var dense = new ConvolutionProblem(
                problem.Type, problem.Batch, problem.InputChannels, problem.OutputChannels, problem.Groups, problem.Window, problem.Input, problem.Output);
            ConvolutionCase numbers = new(dense, random, whole: false);
            numbers = new(dense, random, whole: false) { X = numbers.X, Y = numbers.Y, W = numbers.W, Bias = null, After = After.Nothing };
            var reference = ConvolutionRegistry.All[^1];
            double output = Dot(numbers.Run(reference, Pass.Output), numbers.Y);
            double scale = 1 + numbers.X.Length + numbers.Y.Length + numbers.W.Length;
            Assert.Equal(output, Dot(numbers.Run(reference, Pass.Input), numbers.X), 1e-13 * scale);
            Assert.Equal(output, Dot(numbers.Run(reference, Pass.Weight), numbers.W), 1e-13 * scale);
        }
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, (p, q) => p * q).Sum();
}
