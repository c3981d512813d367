namespace Volute.Kernels;

/// <summary>Which of the three tensors of a convolution is sought; the other two are given.</summary>
public enum Pass
{
    /// <summary>y from x and w.</summary>
    Output,

    /// <summary>dx from dy and w: the gradient of the input, and the forward of a transposed convolution.</summary>
    Input,

    /// <summary>dw from dy and x.</summary>
    Weight,
}

/// <summary>Depth, height and width; unit axes stand in front.</summary>
public readonly record struct Extent(int Depth, int Height, int Width)
{
    /// <summary>Positions in all.</summary>
    public long Count => (long)Depth * Height * Width;

    /// <summary>0 depth, 1 height, 2 width.</summary>
    public int this[int axis] => axis switch { 0 => Depth, 1 => Height, 2 => Width, _ => throw new ArgumentOutOfRangeException(nameof(axis)) };
}

/// <summary>Steps in elements between neighbours of a feature map whose channels lie side by side (stride 1): a whole map, a crop of one, or a part of a joined one.</summary>
public readonly record struct MapStrides(long Batch, long Depth, long Height, long Width)
{
    /// <summary>The strides of a map that fills its memory: [batch][depth][height][width][channel].</summary>
    public static MapStrides Dense(Extent extent, int channels)
        => new(extent.Count * channels, (long)extent.Height * extent.Width * channels, (long)extent.Width * channels, channels);

    /// <summary>Elements from the map's start to channel 0 of a position.</summary>
    public long Offset(long batch, long depth, long height, long width = 0) => batch * Batch + depth * Depth + height * Height + width * Width;
}

/// <summary>
/// y[n, (g,o), p] += Σ over i, k of x[n, (g,i), p·stride + k·dilation − pad] · w[(g,o), i, k], with p and k over depth, height and width.
/// </summary>
/// <remarks>
/// Memory: x and y as <see cref="InputStrides"/> and <see cref="OutputStrides"/> say, channels side by side;
/// w and dw dense as [(g,o)][kd][kh][kw][i]. Padding is zeros; PadEnd is implied by <see cref="Output"/>.
/// </remarks>
/// <param name="Type">float32 (every algorithm) or float64 (the reference).</param>
/// <param name="Batch">Images, n.</param>
/// <param name="InputChannels">All input channels, a multiple of <paramref name="Groups"/>.</param>
/// <param name="OutputChannels">All output channels, a multiple of <paramref name="Groups"/>.</param>
/// <param name="Groups">Groups g of channels that do not see each other.</param>
/// <param name="Window">Kernel, stride, dilation and padding.</param>
/// <param name="Input">Spatial size of x.</param>
/// <param name="Output">Spatial size of y.</param>
public readonly record struct ConvolutionProblem(
    ElementType Type, int Batch, int InputChannels, int OutputChannels, int Groups, Window Window, Extent Input, Extent Output)
{
    /// <summary>How x lies in memory.</summary>
    public MapStrides InputStrides { get; init; } = MapStrides.Dense(Input, InputChannels);

    /// <summary>How y lies in memory.</summary>
    public MapStrides OutputStrides { get; init; } = MapStrides.Dense(Output, OutputChannels);

    /// <summary>Input channels of one group.</summary>
    public int GroupInputs => InputChannels / Groups;

    /// <summary>Output channels of one group.</summary>
    public int GroupOutputs => OutputChannels / Groups;

    /// <summary>Whether a map has no element: left to the reference.</summary>
    internal bool IsEmpty => Batch * Output.Count * OutputChannels == 0 || Input.Count * InputChannels == 0;

    /// <summary>Bytes of both maps. Where caches keep less, kernels ask for lines ahead (<see cref="LineFetch"/>).</summary>
    internal long MapBytes => Batch * (Input.Count * InputChannels + Output.Count * OutputChannels) * Type.Bytes();

    /// <summary>Multiplications as papers count them: every tap of every output.</summary>
    public long Multiplies => Batch * Output.Count * OutputChannels * GroupInputs * Window.Taps;

    /// <summary>The multiplications whose tap lies inside the input.</summary>
    public long UsefulMultiplies
    {
        get
        {
            long positions = 1;
            for (int axis = 0; axis < 3; axis++)
            {
                long inside = 0;
                for (int tap = 0; tap < Window.Axis(axis).Kernel; tap++)
                {
                    var (first, end) = Window.Axis(axis).OutputsInside(tap, Input[axis], Output[axis]);
                    inside += end - first;
                }
                positions *= inside;
            }
            return Batch * positions * OutputChannels * GroupInputs;
        }
    }
}

/// <summary>Where the tensors of a <see cref="ConvolutionProblem"/> lie. The sought one is overwritten whole; the others are only read.</summary>
public unsafe struct ConvolutionOperands
{
    /// <summary>x, or dx in the input pass.</summary>
    public void* Input;

    /// <summary>w, or dw in the weight pass.</summary>
    public void* Weight;

    /// <summary>What <see cref="ConvolutionAlgorithm.Pack"/> made of w for this very pass, or null to pack at every run.</summary>
    public void* PackedWeight;

    /// <summary>y, or dy in the other passes.</summary>
    public void* Output;

    /// <summary>One number per channel of the sought map, added to it (output pass: output channels; input pass: input channels); null for none. Not used by the weight pass.</summary>
    public void* Bias;

    /// <summary>Applied last to the sought map (output and input pass).</summary>
    public Epilogue Epilogue;

    /// <summary>WorkspaceBytes(problem, pass) bytes, 64-byte aligned; contents undefined.</summary>
    public void* Workspace;
}

/// <summary>One way to compute some passes of some convolutions.</summary>
public abstract unsafe class ConvolutionAlgorithm
{
    /// <summary>The name by which a plan prints it and VOLUTE_FORCE demands it.</summary>
    public abstract string Name { get; }

    /// <summary>
    /// Whether each result is the sum of its products as they are, so that whole numbers come out exact, a position's bits do not depend on where it lies
    /// (away from padding), and an infinity or a NaN in a map reaches only the positions whose taps meet it (and weights of the same channels).
    /// </summary>
    public virtual bool IsExact => true;

    /// <summary>Whether it can compute this pass of this problem.</summary>
    public abstract bool Supports(in ConvolutionProblem problem, Pass pass);

    /// <summary>Estimated cost, in units of one vector of multiply-adds; the registry takes the least.</summary>
    public abstract double Cost(in ConvolutionProblem problem, Pass pass);

    /// <summary>Bytes of scratch memory that <see cref="Run"/> needs. Never depends on the number of threads' choice of chunks.</summary>
    public abstract long WorkspaceBytes(in ConvolutionProblem problem, Pass pass);

    /// <summary>Parts into which the output or the input pass cuts the positions of the sought map, each with a place for its moments.</summary>
    public abstract int Parts(in ConvolutionProblem problem, Pass pass);

    /// <summary>Bytes of the weights as the pass reads them; 0 where it reads them in place. To pack once for many runs is up to the caller.</summary>
    public virtual long PackedBytes(in ConvolutionProblem problem, Pass pass) => 0;

    /// <summary>Lays <paramref name="weight"/> out for the pass in PackedBytes bytes, 64-byte aligned; to be repeated when the weights change.</summary>
    public virtual void Pack(in ConvolutionProblem problem, Pass pass, void* weight, void* packed) { }

    /// <summary>The weights as the pass reads them, packed before or, at the start of the workspace, now; null where it reads them in place.</summary>
    internal void* Packed(in ConvolutionProblem problem, Pass pass, in ConvolutionOperands operands)
    {
        if (operands.PackedWeight != null || PackedBytes(problem, pass) == 0)
            return operands.PackedWeight;
        Pack(problem, pass, operands.Weight, operands.Workspace);
        return operands.Workspace;
    }

    /// <summary>Computes the pass on the team.</summary>
    public abstract void Run(in ConvolutionProblem problem, Pass pass, in ConvolutionOperands operands);
}
