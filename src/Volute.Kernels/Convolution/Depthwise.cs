namespace Volute.Kernels;

/// <summary>groups = channels: lanes hold channels, which meet only themselves.</summary>
internal sealed class DepthwiseConvolution : TiledConvolution<LanewiseForm>
{
    /// <inheritdoc/>
    public override string Name => "depthwise";

    /// <inheritdoc/>
    public override bool Supports(in ConvolutionProblem problem, Pass pass)
        => problem.Type == ElementType.Float32 && !problem.IsEmpty && problem.GroupInputs == 1 && problem.GroupOutputs == 1;

    /// <inheritdoc/>
    public override double Cost(in ConvolutionProblem problem, Pass pass)
    {
        // Every term is a load of its own.
        int lanes = Isa.Lanes;
        return 2.0 * problem.Multiplies / problem.Groups * ((problem.Groups - 1) / lanes + 1);
    }
}
