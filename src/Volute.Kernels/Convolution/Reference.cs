using System.Numerics;

namespace Volute.Kernels;

/// <summary>The defining sum as plain loops, accumulated in double: every convolution, every pass; the yardstick of all others.</summary>
internal sealed unsafe class ReferenceConvolution : ConvolutionAlgorithm
{
    /// <inheritdoc/>
    public override string Name => "reference";

    /// <inheritdoc/>
    public override bool Supports(in ConvolutionProblem problem, Pass pass) => problem.Type is ElementType.Float32 or ElementType.Float64;

    /// <inheritdoc/>
    public override double Cost(in ConvolutionProblem problem, Pass pass) => 100.0 * problem.Multiplies;

    /// <inheritdoc/>
    public override long WorkspaceBytes(in ConvolutionProblem problem, Pass pass) => 0;

    /// <inheritdoc/>
    public override int Parts(in ConvolutionProblem problem, Pass pass) => Rows(problem, pass == Pass.Input ? problem.Input : problem.Output);

    /// <inheritdoc/>
    public override void Run(in ConvolutionProblem problem, Pass pass, in ConvolutionOperands operands)
    {
        if (problem.Type == ElementType.Float64)
            Run<double>(problem, pass, operands);
        else
            Run<float>(problem, pass, operands);
    }

    private static void Run<T>(in ConvolutionProblem problem, Pass pass, in ConvolutionOperands operands) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (pass)
        {
            case Pass.Output:
                OutputRows<T> outputRows = new() { Problem = problem, Operands = operands };
                Share(problem, Rows(problem, problem.Output), ref outputRows);
                break;
            case Pass.Input:
                InputRows<T> inputRows = new() { Problem = problem, Operands = operands };
                Share(problem, Rows(problem, problem.Input), ref inputRows);
                break;
            default:
                WeightTaps<T> weightTaps = new() { Problem = problem, Operands = operands };
                Share(problem, checked(problem.OutputChannels * problem.Window.Taps), ref weightTaps);
                break;
        }
    }

    private static int Rows(in ConvolutionProblem problem, Extent sought) => checked((int)((long)problem.Batch * sought.Depth * sought.Height));

    /// <summary>The epilogue on a finished row, position by position.</summary>
    private static void End(in Epilogue epilogue, int row, byte* values, int positions, long step)
    {
        if (epilogue.IsNone)
            return;
        byte* room = stackalloc byte[ChunkEnd<Lane32>.RoomBytes(epilogue, epilogue.Channels)];
        ChunkEnd<Lane32> end = new(epilogue, row, 0, epilogue.Channels, room);
        for (int w = 0; w < positions; w++, values += step)
            end.Apply(values, epilogue.Channels);
        end.Finish();
    }

    /// <summary>A few thousand multiplications are done before another thread has woken up.</summary>
    private static void Share<TBody>(in ConvolutionProblem problem, int count, ref TBody body) where TBody : struct, IChunks
    {
        const long Worthwhile = 32768;
        if (problem.Multiplies >= Worthwhile)
        {
            Team.Run(count, ref body);
            return;
        }
        for (int chunk = 0; chunk < count; chunk++)
            body.Run(chunk);
    }

    /// <summary>A chunk is one row of y: (image, depth, height).</summary>
    private struct OutputRows<T> : IChunks where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public ConvolutionProblem Problem;
        public ConvolutionOperands Operands;

        public void Run(int chunk)
        {
            var (rest, h) = Math.DivRem(chunk, Problem.Output.Height);
            var (n, d) = Math.DivRem(rest, Problem.Output.Depth);
            for (int w = 0; w < Problem.Output.Width; w++)
            {
                T* y = (T*)Operands.Output + Problem.OutputStrides.Offset(n, d, h, w);
                for (int o = 0; o < Problem.OutputChannels; o++)
                {
                    double bias = Operands.Bias == null ? 0 : double.CreateTruncating(((T*)Operands.Bias)[o]);
                    y[o] = T.CreateTruncating(Sum(n, d, h, w, o) + bias);
                }
            }
            End(Operands.Epilogue, chunk, (byte*)((T*)Operands.Output + Problem.OutputStrides.Offset(n, d, h)), Problem.Output.Width, Problem.OutputStrides.Width * sizeof(T));
        }

        private readonly double Sum(int n, int d, int h, int w, int o)
        {
            var (depth, height, width) = (Problem.Window.Depth, Problem.Window.Height, Problem.Window.Width);
            var (firstD, endD) = depth.TapsInside(d, Problem.Input.Depth);
            var (firstH, endH) = height.TapsInside(h, Problem.Input.Height);
            var (firstW, endW) = width.TapsInside(w, Problem.Input.Width);
            int channels = Problem.GroupInputs, group = o / Problem.GroupOutputs;
            double sum = 0;
            for (int kd = firstD; kd < endD; kd++)
                for (int kh = firstH; kh < endH; kh++)
                    for (int kw = firstW; kw < endW; kw++)
                    {
                        T* x = (T*)Operands.Input + group * channels
                            + Problem.InputStrides.Offset(n, depth.Position(d, kd), height.Position(h, kh), width.Position(w, kw));
                        T* weight = (T*)Operands.Weight + ((((long)o * depth.Kernel + kd) * height.Kernel + kh) * width.Kernel + kw) * channels;
                        for (int i = 0; i < channels; i++)
                            sum += double.CreateTruncating(x[i]) * double.CreateTruncating(weight[i]);
                    }
            return sum;
        }
    }

    /// <summary>A chunk is one row of dx: (image, depth, height).</summary>
    private struct InputRows<T> : IChunks where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public ConvolutionProblem Problem;
        public ConvolutionOperands Operands;

        public void Run(int chunk)
        {
            var (rest, h) = Math.DivRem(chunk, Problem.Input.Height);
            var (n, d) = Math.DivRem(rest, Problem.Input.Depth);
            for (int w = 0; w < Problem.Input.Width; w++)
            {
                T* dx = (T*)Operands.Input + Problem.InputStrides.Offset(n, d, h, w);
                for (int i = 0; i < Problem.InputChannels; i++)
                {
                    double bias = Operands.Bias == null ? 0 : double.CreateTruncating(((T*)Operands.Bias)[i]);
                    dx[i] = T.CreateTruncating(Sum(n, d, h, w, i) + bias);
                }
            }
            End(Operands.Epilogue, chunk, (byte*)((T*)Operands.Input + Problem.InputStrides.Offset(n, d, h)), Problem.Input.Width, Problem.InputStrides.Width * sizeof(T));
        }

        private readonly double Sum(int n, int d, int h, int w, int i)
        {
            var (depth, height, width) = (Problem.Window.Depth, Problem.Window.Height, Problem.Window.Width);
            var (group, channel) = Math.DivRem(i, Problem.GroupInputs);
            long step = (long)Problem.Window.Taps * Problem.GroupInputs;
            double sum = 0;
            for (int kd = 0; kd < depth.Kernel; kd++)
                for (int kh = 0; kh < height.Kernel; kh++)
                    for (int kw = 0; kw < width.Kernel; kw++)
                    {
                        if (!depth.TryOutput(d, kd, Problem.Output.Depth, out int od) || !height.TryOutput(h, kh, Problem.Output.Height, out int oh)
                            || !width.TryOutput(w, kw, Problem.Output.Width, out int ow))
                            continue;
                        T* dy = (T*)Operands.Output + Problem.OutputStrides.Offset(n, od, oh, ow) + group * Problem.GroupOutputs;
                        T* weight = (T*)Operands.Weight + group * Problem.GroupOutputs * step
                            + (((long)kd * height.Kernel + kh) * width.Kernel + kw) * Problem.GroupInputs + channel;
                        for (int o = 0; o < Problem.GroupOutputs; o++)
                            sum += double.CreateTruncating(dy[o]) * double.CreateTruncating(weight[o * step]);
                    }
            return sum;
        }
    }

    /// <summary>A chunk is one tap of one output channel: the run of weights over its input channels.</summary>
    private struct WeightTaps<T> : IChunks where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public ConvolutionProblem Problem;
        public ConvolutionOperands Operands;

        public void Run(int chunk)
        {
            var (o, tap) = Math.DivRem(chunk, Problem.Window.Taps);
            T* dw = (T*)Operands.Weight + (long)chunk * Problem.GroupInputs;
            for (int i = 0; i < Problem.GroupInputs; i++)
                dw[i] = T.CreateTruncating(Sum(o, tap, i));
        }

        private readonly double Sum(int o, int tap, int i)
        {
            var (depth, height, width) = (Problem.Window.Depth, Problem.Window.Height, Problem.Window.Width);
            var (rest, kw) = Math.DivRem(tap, width.Kernel);
            var (kd, kh) = Math.DivRem(rest, height.Kernel);
            var (firstD, endD) = depth.OutputsInside(kd, Problem.Input.Depth, Problem.Output.Depth);
            var (firstH, endH) = height.OutputsInside(kh, Problem.Input.Height, Problem.Output.Height);
            var (firstW, endW) = width.OutputsInside(kw, Problem.Input.Width, Problem.Output.Width);
            T* x = (T*)Operands.Input + o / Problem.GroupOutputs * Problem.GroupInputs + i;
            T* dy = (T*)Operands.Output + o;
            double sum = 0;
            for (int n = 0; n < Problem.Batch; n++)
                for (int d = firstD; d < endD; d++)
                    for (int h = firstH; h < endH; h++)
                        for (int w = firstW; w < endW; w++)
                        {
                            T input = x[Problem.InputStrides.Offset(n, depth.Position(d, kd), height.Position(h, kh), width.Position(w, kw))];
                            sum += double.CreateTruncating(input) * double.CreateTruncating(dy[Problem.OutputStrides.Offset(n, d, h, w)]);
                        }
            return sum;
        }
    }
}
