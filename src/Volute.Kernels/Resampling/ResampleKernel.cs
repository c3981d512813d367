namespace Volute.Kernels;

/// <summary>
/// y[n, o, c] = Σ over taps of wd·wh·ww · x[n, i, c], with o and i over depth, height and width: average pooling, interpolation, padding by gathering, and
/// the gradients of all these (the same kernel with transposed taps).
/// </summary>
/// <remarks>Prepared once, run many times without allocating, from any number of threads at once; the bits of y depend on nothing but x.</remarks>
public sealed unsafe class ResampleKernel
{
    private readonly ResamplePass _pass;

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
        _pass = new(type, batch, channels, depth, height, width, x, y);
    }

    /// <summary>Computes y, all of it, on the team.</summary>
    /// <param name="x">The input map.</param>
    /// <param name="y">The output map.</param>
    public void Run(void* x, void* y)
    {
        _pass.Run(x, y);
        GC.KeepAlive(this);
    }

    private static void Fits(AxisTaps taps, int input, int output, string axis)
    {
        if (taps.Inputs != input || taps.Outputs != output)
            throw new InvalidArgumentException($"the taps of the {axis} lead from {taps.Inputs} to {taps.Outputs} positions, but the maps go from {input} to {output}");
    }
}
