using Volute.Kernels;

namespace Volute.Cli.Bench;

/// <summary>Measures convolutions straight on the kernels, and turn by turn with a peer where one is given.</summary>
internal sealed class ConvolutionBench(PeerProcess? peer, bool allAlgorithms)
{
    // A disturbance of the machine may outlast a contest: what looks like a wrong choice is measured again, all of it.
    private const int Contests = 3;

    /// <summary>Measures one pass of one case.</summary>
    public ConvolutionResult Measure(ConvolutionCase c, Pass pass)
    {
        ConvolutionResult result = MeasureOnce(c, pass);
        for (int contest = 1; contest < Contests && result.ChosenIsSlower; contest++)
            result = MeasureOnce(c, pass);
        return result;
    }

    private ConvolutionResult MeasureOnce(ConvolutionCase c, Pass pass)
    {
        ConvolutionProblem problem = c.Problem();
        Pass kernelPass = c.KernelPass(pass);
        ConvolutionAlgorithm chosen = ConvolutionRegistry.Select(problem, kernelPass);
        ConvolutionAlgorithm[] algorithms = allAlgorithms ? [chosen, .. Others(problem, kernelPass, chosen)] : [chosen];
        using KernelOperands operands = new(problem, kernelPass);
        IContestant[] ours = [.. algorithms.Select(operands.With)];
        double[][] medians = peer is null ? Contest.Medians(ours) : Contest.Medians(ours, Layouts(peer, c, pass));
        return new ConvolutionResult(c, pass, chosen.Name, medians[0][0], operands.Bytes + chosen.WorkspaceBytes(problem, kernelPass), problem.Multiplies)
        {
            PeerMilliseconds = peer is null ? null : medians[1].Min(),
            Algorithms = allAlgorithms ? [.. algorithms.Select((a, i) => new AlgorithmTime(a.Name, medians[0][i]))] : null,
        };
    }

    /// <summary>The other algorithms that support the case; not the last, the reference, which is there to be right.</summary>
    private static IEnumerable<ConvolutionAlgorithm> Others(ConvolutionProblem problem, Pass pass, ConvolutionAlgorithm chosen)
        => ConvolutionRegistry.All.SkipLast(1).Where(a => a != chosen && a.Supports(problem, pass));

    private static IContestant[] Layouts(PeerProcess peer, ConvolutionCase c, Pass pass)
    {
        // PyTorch has no channels-last layout of one spatial axis.
        string[] layouts = c.Rank == 1 ? ["contiguous"] : ["contiguous", "channels_last"];
        return [.. layouts.Select(layout => peer.Contestant(json =>
        {
            json.WritePropertyName("case");
            c.Write(json);
            json.WriteString("pass", pass.ToString().ToLowerInvariant());
            json.WriteString("layout", layout);
            json.WriteNumber("threads", Settings.Threads);
        }))];
    }
}
