namespace Volute.Kernels;

/// <summary>
/// Weights of small groups: the table of steps, then [phase][block of groups][taps of the phase][vector of given channels][accumulator][lane];
/// lanes beyond a block's groups are 0. A chunk is a block.
/// </summary>
internal readonly unsafe struct GroupPacking(in ConvolutionProblem problem, Pass pass, in GroupBlocks blocks, float* weight, float* packed) : IChunks
{
    private readonly GroupBlocks _blocks = blocks;
    private readonly float* _weight = weight, _packed = packed;
    private readonly Window _window = problem.Window;
    private readonly int _inputs = problem.GroupInputs, _outputs = problem.GroupOutputs;
    private readonly bool _output = pass == Pass.Output;

    public void Run(int chunk)
    {
        if (chunk == 0)
            _blocks.WriteSteps(_packed);
        foreach (ref readonly var depth in _blocks.Gather.Depth.AsSpan())
            foreach (ref readonly var height in _blocks.Gather.Height.AsSpan())
                foreach (ref readonly var width in _blocks.Gather.Width.AsSpan())
                {
                    float* target = _packed + _blocks.PanelOffset(depth, height, width, chunk);
                    for (int d = 0; d < depth.Window.Kernel; d++)
                        for (int h = 0; h < height.Window.Kernel; h++)
                            for (int w = 0; w < width.Window.Kernel; w++, target += _blocks.TapCount)
                            {
                                long row = (depth.FirstTap + (long)d * depth.TapStep) * _window.Height.Kernel + height.FirstTap + h * height.TapStep;
                                PackTap(chunk, row * _window.Width.Kernel + width.FirstTap + w * width.TapStep, target);
                            }
                }
    }

    private void PackTap(int block, long tap, float* target)
    {
        int firstGroup = block * _blocks.GroupsPerBlock, groups = Math.Min(_blocks.GroupsPerBlock, _blocks.Groups - firstGroup);
        long outputStep = (long)_window.Taps * _inputs;
        var (soughtStep, givenStep) = _output ? (outputStep, 1L) : (1L, outputStep);
        for (int run = 0; run < _blocks.Run; run++)
            for (int accumulator = 0; accumulator < _blocks.Sought; accumulator++, target += _blocks.Lanes)
            {
                new Span<float>(target, _blocks.Lanes).Clear();
                for (int group = 0; group < groups; group++)
                {
                    float* source = _weight + (firstGroup + group) * _outputs * outputStep + tap * _inputs + run * _blocks.GroupLanes * givenStep;
                    for (int i = 0; i < _blocks.GroupLanes; i++)
                        target[group * _blocks.GroupLanes + i] = source[i * givenStep + _blocks.SoughtOf(accumulator, i) * soughtStep];
                }
            }
    }
}
