using System.Diagnostics;

namespace Volute.Kernels;

/// <summary>
/// y[n, o, c] = Σ over taps of wd·wh·ww · x[n, i, c], with o and i over depth, height and width: average pooling, interpolation, padding by gathering, and
/// the gradients of all these (the same kernel with transposed taps).
/// </summary>
/// <remarks>Prepared once, run many times without allocating, from any number of threads at once; the bits of y depend on nothing but x.</remarks>
public sealed unsafe class ResampleKernel
{
    // A second pass must save this much to be worth its workspace. Chunks beyond the bound do not make a pass any quicker on the machines we know.
    private const double WorthSplitting = 0.7, FewRows = 4;
    private const int UsefulChunks = 16;

    private readonly ResamplePass _last;
    private readonly ResamplePass? _first;

    /// <summary>Prepares the kernel.</summary>
    /// <param name="type">float32 or float64.</param>
    /// <param name="batch">Images, n.</param>
    /// <param name="channels">Channels, c.</param>
    /// <param name="input">Spatial size of x.</param>
    /// <param name="output">Spatial size of y.</param>
    /// <param name="depth">Taps of the depth axis; the identity below rank 3.</param>
    /// <param name="height">Taps of the height axis; the identity below rank 2.</param>
    /// <param name="width">Taps of the width axis.</param>
    /// <param name="x">How x lies in memory.</param>
    /// <param name="y">How y lies in memory; x and y must not overlap.</param>
    /// <exception cref="InvalidArgumentException">Taps that do not lead from <paramref name="input"/> to <paramref name="output"/>, or a type without fractions.</exception>
    public ResampleKernel(ElementType type, int batch, int channels, Extent input, Extent output,
        AxisTaps depth, AxisTaps height, AxisTaps width, MapStrides x, MapStrides y)
    {
        if (type == ElementType.Int32)
            throw new InvalidArgumentException($"resampling needs float32 or float64, got {type.Name()}; convert with To");
        Fits(depth, input.Depth, output.Depth, "depth");
        Fits(height, input.Height, output.Height, "height");
        Fits(width, input.Width, output.Width, "width");
        _last = new(type, batch, channels, depth, height, width, x, y);
        double best = Cost(_last) * WorthSplitting, rows = TapsPerOutput(depth) * TapsPerOutput(height);
        if (rows <= FewRows && _last.Units.Chunks >= UsefulChunks)
            return;
        // The width before the others, the depth before them, or the depth after them: whichever does least, if two passes do less than one.
        foreach (var (depthFirst, heightFirst, widthFirst) in (ReadOnlySpan<(bool, bool, bool)>)[(false, false, true), (true, false, false), (false, true, true)])
        {
            AxisTaps[] early = [Early(depth, depthFirst), Early(height, heightFirst), Early(width, widthFirst)];
            AxisTaps[] late = [Late(depth, depthFirst), Late(height, heightFirst), Late(width, widthFirst)];
            if (early.All(taps => taps.IsIdentity) || late.All(taps => taps.IsIdentity))
                continue;
            Extent between = new(early[0].Outputs, early[1].Outputs, early[2].Outputs);
            MapStrides dense = MapStrides.Dense(between, channels);
            ResamplePass first = new(type, batch, channels, early[0], early[1], early[2], x, dense);
            ResamplePass second = new(type, batch, channels, late[0], late[1], late[2], dense, y);
            if (Cost(first) + Cost(second) >= best)
                continue;
            best = Cost(first) + Cost(second);
            (_first, _last) = (first, second);
            WorkspaceBytes = between.Count * batch * channels * type.Bytes();
        }
    }

    /// <summary>Bytes of scratch memory that <see cref="Run"/> needs: 0 unless two passes with a map between them are quicker.</summary>
    public long WorkspaceBytes { get; }

    /// <summary>Computes y, all of it, on the team.</summary>
    /// <param name="x">The input map.</param>
    /// <param name="y">The output map.</param>
    /// <param name="workspace"><see cref="WorkspaceBytes"/> bytes, contents undefined; null if that is 0.</param>
    public void Run(void* x, void* y, void* workspace)
    {
        Debug.Assert(workspace != null || WorkspaceBytes == 0, "the kernel needs its workspace");
        _first?.Run(x, workspace);
        _last.Run(_first == null ? x : workspace, y);
    }

    private static double Cost(ResamplePass pass) => pass.Cost / Math.Clamp(pass.Units.Chunks, 1, UsefulChunks);

    private static double TapsPerOutput(AxisTaps taps) => (double)taps.Positions.Length / taps.Outputs;

    private static AxisTaps Early(AxisTaps taps, bool isFirst) => isFirst ? taps : AxisTaps.Identity(taps.Inputs);

    private static AxisTaps Late(AxisTaps taps, bool isFirst) => isFirst ? AxisTaps.Identity(taps.Outputs) : taps;

    private static void Fits(AxisTaps taps, int input, int output, string axis)
    {
        if (taps.Inputs != input || taps.Outputs != output)
            throw new InvalidArgumentException($"the taps of the {axis} lead from {taps.Inputs} to {taps.Outputs} positions, but the maps go from {input} to {output}");
    }
}
