namespace Volute.Kernels;

/// <summary>Few channels are sought from many: lanes hold the terms of the sum (given channels, over touching taps), and are added up at the end.</summary>
internal sealed unsafe class FewChannelsConvolution : ConvolutionAlgorithm
{
    /// <inheritdoc/>
    public override string Name => "few-channels";

    /// <inheritdoc/>
    public override bool Supports(in ConvolutionProblem problem, Pass pass) => problem.Type == ElementType.Float32 && !problem.IsEmpty && pass != Pass.Weight;

    /// <inheritdoc/>
    public override double Cost(in ConvolutionProblem problem, Pass pass)
    {
        // A vector of terms is a load and a product; a result costs a sum of lanes, and another one where a remainder of terms is summed apart.
        // A stride gives the input pass more results than there are outputs.
        const double VectorCost = 1.35, ResultCost = 13;
        int given = pass == Pass.Output ? problem.GroupInputs : problem.GroupOutputs, taps = problem.Window.Taps;
        int touching = problem.Groups == 1 && problem.Window.Width.Dilation == 1 ? problem.Window.Width.Kernel : 1;
        int run = touching * given, sums = run > Isa.Lanes && run % Isa.Lanes != 0 ? 2 : 1;
        double results = (double)problem.Multiplies / taps / given;
        double strides = pass == Pass.Output ? 1 : (double)problem.Window.Depth.Stride * problem.Window.Height.Stride * problem.Window.Width.Stride;
        return results * (VectorCost * taps / touching * ((run - 1) / Isa.Lanes + 1) + ResultCost * sums * strides);
    }

    /// <inheritdoc/>
    public override long WorkspaceBytes(in ConvolutionProblem problem, Pass pass) => TiledConvolution<DotForm>.WorkspaceBytes(problem, pass);

    /// <inheritdoc/>
    public override int Parts(in ConvolutionProblem problem, Pass pass) => TiledConvolution<DotForm>.Parts(problem, pass);

    /// <inheritdoc/>
    public override long PackedBytes(in ConvolutionProblem problem, Pass pass) => TiledConvolution<DotForm>.PackedBytes(problem, pass);

    /// <inheritdoc/>
    public override void Pack(in ConvolutionProblem problem, Pass pass, void* weight, void* packed) => TiledConvolution<DotForm>.Pack(problem, pass, weight, packed);

    /// <inheritdoc/>
    public override void Run(in ConvolutionProblem problem, Pass pass, in ConvolutionOperands operands) => TiledConvolution<DotForm>.Run(this, problem, pass, operands);
}
