namespace Volute.Kernels;

/// <summary>Few channels are sought from many: lanes hold the terms of the sum (given channels, over touching taps), and are added up at the end.</summary>
internal sealed class FewChannelsConvolution : TiledConvolution<DotForm>
{
    /// <inheritdoc/>
    public override string Name => "few-channels";

    /// <inheritdoc/>
    public override bool Supports(in ConvolutionProblem problem, Pass pass) => problem.Type == ElementType.Float32 && !problem.IsEmpty && pass != Pass.Weight;

    /// <inheritdoc/>
    public override double Cost(in ConvolutionProblem problem, Pass pass)
    {
        // Each vector of terms is loaded; a remainder goes one by one; a result costs a sum of lanes.
        int lanes = Isa.Lanes, given = pass == Pass.Output ? problem.GroupInputs : problem.GroupOutputs;
        double results = (double)problem.Multiplies / problem.Window.Taps / given;
        return results * (problem.Window.Taps * (given / lanes + given % lanes) * 1.5 + 12);
    }
}
