namespace Volute.Kernels;

/// <summary>Weights as <see cref="DepthwiseTile"/> reads them. A chunk is a vector of channels.</summary>
internal unsafe struct DepthwisePacking : IChunks
{
    public DepthwisePass Pass;
    public Window Window;
    public float* Weight, Packed;

    public readonly void Run(int chunk)
    {
        int lanes = Pass.Vectors.Lanes, taps = Window.Taps;
        float* source = Weight + (long)Pass.Vectors[chunk] * taps;
        foreach (ref readonly var depth in Pass.Gather.Depth.AsSpan())
            foreach (ref readonly var height in Pass.Gather.Height.AsSpan())
                foreach (ref readonly var width in Pass.Gather.Width.AsSpan())
                {
                    float* target = Packed + Pass.PackedOffset(depth, height, width, chunk);
                    for (int d = 0; d < depth.Window.Kernel; d++)
                        for (int h = 0; h < height.Window.Kernel; h++)
                            for (int w = 0; w < width.Window.Kernel; w++, target += lanes)
                            {
                                int tap = ((depth.FirstTap + d * depth.TapStep) * Window.Height.Kernel + height.FirstTap + h * height.TapStep) * Window.Width.Kernel
                                    + width.FirstTap + w * width.TapStep;
                                float* from = source + tap;
                                for (int lane = 0; lane < lanes; lane++, from += taps)
                                    target[lane] = *from;
                            }
                }
    }
}
