namespace Volute.Kernels;

/// <summary>All ways to compute a convolution; the reference is last. What is not in this list does not exist: tests and benchmarks walk it.</summary>
public static class ConvolutionRegistry
{
    /// <summary>The algorithms, in the order in which ties are broken.</summary>
    public static IReadOnlyList<ConvolutionAlgorithm> All { get; } =
    [
        new DepthwiseConvolution(), new SmallGroupsConvolution(), new PlanarConvolution(), new FewChannelsConvolution(),
        new DirectConvolution(),
        new WinogradConvolution<FourByThree>(), new WinogradConvolution<TwoByThree>(), new WinogradConvolution<TwoByFive>(),
        new WinogradConvolution<FourByTwo>(), new WinogradConvolution<ThreeByFour>(), new ReferenceConvolution(),
    ];

    /// <summary>
    /// The name of the algorithm that is taken wherever it supports the case, or null for the cheapest; at first what the environment variable
    /// VOLUTE_FORCE says. A name that belongs to no convolution is left to the other families.
    /// </summary>
    public static string? Force { get; set; } = Environment.GetEnvironmentVariable("VOLUTE_FORCE");

    /// <summary>Whether only exact algorithms are chosen (<see cref="ConvolutionAlgorithm.IsExact"/>); false unless set.</summary>
    public static bool Exact { get; set; }

    /// <summary>The forced algorithm if it supports the case, else the one of least cost.</summary>
    /// <exception cref="InvalidArgumentException">The type is not float32 or float64.</exception>
    public static ConvolutionAlgorithm Select(in ConvolutionProblem problem, Pass pass)
    {
        ConvolutionAlgorithm? best = null;
        double least = double.PositiveInfinity;
        foreach (var algorithm in All)
        {
            if (!algorithm.Supports(problem, pass))
                continue;
            if (algorithm.Name == Force)
                return algorithm;
            if (Exact && !algorithm.IsExact)
                continue;
            double cost = algorithm.Cost(problem, pass);
            if (best == null || cost < least)
                (best, least) = (algorithm, cost);
        }
        return best ?? throw new InvalidArgumentException($"a convolution needs float32 or float64, got {problem.Type.Name()}; convert with To");
    }
}
