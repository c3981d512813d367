using Volute.Kernels;

namespace Volute.Tests.Kernels.Convolution;

/// <summary>Groups of few channels in maps of many: what tiles read of them is copied piece by piece.</summary>
[Collection(TeamSize.Name)]
public class NarrowGroupTests
{
    public static TheoryData<string, int, int, int> Cases
    {
        get
        {
            TheoryData<string, int, int, int> cases = [];
            foreach (string name in new[] { "direct", "small-groups" })
                foreach (var (groups, inputs, outputs) in new[] { (32, 8, 8), (16, 16, 16), (33, 8, 5), (70, 4, 12), (9, 32, 4), (86, 3, 3) })
                    cases.Add(name, groups, inputs, outputs);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void They_come_out_exact_with_any_number_of_threads(string name, int groups, int inputs, int outputs)
    {
        var algorithm = ConvolutionRegistry.All.Single(a => a.Name == name);
        Window[] windows =
        [
            new(new WindowAxis(3, 1, 1, 1, 1), new WindowAxis(3, 1, 1, 1, 1)),
            new(new WindowAxis(3, 2, 1, 1, 1), new WindowAxis(3, 2, 1, 1, 1)),
            new(new WindowAxis(2, 1, 3, 2, 1), new WindowAxis(4, 3, 2, 5, 1)),
            new(new WindowAxis(3, 1, 1, 1, 0), new WindowAxis(1, 2), new WindowAxis(3, 1, 1, 0, 2)),
        ];
        int checks = 0;
        foreach (var window in windows)
            foreach (int width in new[] { 7, 75 })
            {
                Extent input = new(window.Rank == 3 ? 3 : 1, 7, width);
                Extent output = new((int)window.Depth.Outputs(input.Depth), (int)window.Height.Outputs(input.Height), (int)window.Width.Outputs(width));
                ConvolutionProblem problem = new(ElementType.Float32, 2, groups * inputs, groups * outputs, groups, window, input, output);
                foreach (var pass in Enum.GetValues<Pass>().Where(p => algorithm.Supports(problem, p)))
                {
                    ConvolutionCase numbers = new(problem, new Random(checks++), whole: true);
                    double[] expected = numbers.Run(ConvolutionRegistry.All[^1], pass), actual = TeamSize.SameBits(() => numbers.Run(algorithm, pass));
                    for (int i = 0; i < expected.Length; i++)
                    {
                        if (expected[i] != actual[i])
                            Assert.Fail($"{name}, {pass} pass of {numbers}: element {i} is {actual[i]}, not {expected[i]}");
                    }
                }
            }
        // Small groups are those that a register holds: narrow registers leave the others to "direct".
        Assert.True(checks > 0 || (name == "small-groups" && Math.Max(inputs, outputs) > Isa.Lanes), $"{name} supports no case");
    }
}
