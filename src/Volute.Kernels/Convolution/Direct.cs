namespace Volute.Kernels;

/// <summary>Lanes hold sought channels: tiles of neighbouring positions times two vectors of channels, the given map read in place.</summary>
internal sealed unsafe class DirectConvolution : ConvolutionAlgorithm
{
    /// <inheritdoc/>
    public override string Name => "direct";

    /// <inheritdoc/>
    public override bool Supports(in ConvolutionProblem problem, Pass pass) => problem.Type == ElementType.Float32 && !problem.IsEmpty;

    /// <inheritdoc/>
    public override double Cost(in ConvolutionProblem problem, Pass pass)
    {
        // Lanes stay empty where a group's channels do not fill them. What does not grow with the extents is left out: a tile of an
        // image is to be computed as the whole image is, with the same sums in the same order.
        if (pass == Pass.Weight)
            return (double)problem.Multiplies / Isa.Lanes / new WeightPass(problem).Share;
        // A vector of results costs a store and the start of a sum besides its terms; measured.
        const double ResultCost = 10;
        bool output = pass == Pass.Output;
        var (given, sought) = output ? (problem.GroupInputs, problem.GroupOutputs) : (problem.GroupOutputs, problem.GroupInputs);
        double terms = (double)problem.Window.Taps * given, strides = (double)problem.Window.Depth.Stride * problem.Window.Height.Stride * problem.Window.Width.Stride;
        double results = problem.Multiplies / terms / sought * ((sought - 1) / Isa.Lanes + 1);
        return results * (terms + ResultCost * (output ? 1 : strides)) + WeightPacking.Cost(problem, pass);
    }

    /// <inheritdoc/>
    public override long WorkspaceBytes(in ConvolutionProblem problem, Pass pass) => TiledConvolution<SpreadForm>.WorkspaceBytes(problem, pass);

    /// <inheritdoc/>
    public override int Parts(in ConvolutionProblem problem, Pass pass) => TiledConvolution<SpreadForm>.Parts(problem, pass);

    /// <inheritdoc/>
    public override long PackedBytes(in ConvolutionProblem problem, Pass pass) => TiledConvolution<SpreadForm>.PackedBytes(problem, pass);

    /// <inheritdoc/>
    public override void Pack(in ConvolutionProblem problem, Pass pass, void* weight, void* packed) => TiledConvolution<SpreadForm>.Pack(problem, pass, weight, packed);

    /// <inheritdoc/>
    public override void Run(in ConvolutionProblem problem, Pass pass, in ConvolutionOperands operands) => TiledConvolution<SpreadForm>.Run(this, problem, pass, operands);
}
