namespace Volute.Kernels;

/// <summary>The same problem with fewer, longer axes, where memory allows: kernels have less to loop over.</summary>
internal static class Collapsing
{
    /// <summary>A pointwise window sees all positions as one row; an axis of depth that does nothing is joined by the images.</summary>
    public static ConvolutionProblem Collapse(this in ConvolutionProblem problem)
    {
        var p = problem;
        if (p.Window.Height.IsUnit && p.Window.Width.IsUnit && Continues(p.Input, p.InputStrides.Height, p.InputStrides.Width)
            && Continues(p.Output, p.OutputStrides.Height, p.OutputStrides.Width))
        {
            p = p with { Input = new(p.Input.Depth, 1, p.Input.Height * p.Input.Width), Output = new(p.Output.Depth, 1, p.Output.Height * p.Output.Width) };
        }
        if (!p.Window.Depth.IsUnit)
            return p;
        if (p.Input.Depth == 1 || (Evenly(p.InputStrides, p.Input.Depth) && Evenly(p.OutputStrides, p.Output.Depth)))
        {
            bool images = p.Input.Depth == 1;
            p = p with
            {
                Batch = 1,
                Input = p.Input with { Depth = p.Batch * p.Input.Depth },
                Output = p.Output with { Depth = p.Batch * p.Output.Depth },
                InputStrides = images ? p.InputStrides with { Depth = p.InputStrides.Batch } : p.InputStrides,
                OutputStrides = images ? p.OutputStrides with { Depth = p.OutputStrides.Batch } : p.OutputStrides,
            };
        }
        if (p.Window.IsPointwise && p.Input.Height == 1 && p.InputStrides.Depth == p.Input.Width * p.InputStrides.Width
            && p.OutputStrides.Depth == p.Output.Width * p.OutputStrides.Width)
        {
            p = p with { Input = new(1, 1, p.Input.Depth * p.Input.Width), Output = new(1, 1, p.Output.Depth * p.Output.Width) };
        }
        return p;
    }

    private static bool Continues(Extent extent, long outer, long inner) => extent.Height == 1 || outer == extent.Width * inner;

    private static bool Evenly(MapStrides strides, int depth) => strides.Batch == depth * strides.Depth;
}
