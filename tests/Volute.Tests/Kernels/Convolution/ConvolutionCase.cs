using Volute.Kernels;

namespace Volute.Tests.Kernels.Convolution;

/// <summary>What follows a convolution, made so that to apply it twice or never shows.</summary>
public enum After
{
    Nothing,

    /// <summary>Leaky, plus a number per channel, plus a map, plus one.</summary>
    Shift,

    /// <summary>A norm with bounds, which tiles may do.</summary>
    Norm,

    /// <summary>First the norm, then the shift.</summary>
    NormAndShift,
}

/// <summary>A convolution with its numbers: x, w, y and a bias, as they lie in memory, in guarded buffers while an algorithm runs.</summary>
internal sealed unsafe class ConvolutionCase
{
    private const double Untouched = 12345;

    public ConvolutionCase(ConvolutionProblem problem, Random random, bool whole, double weightFactor = 1)
    {
        Problem = problem;
        X = Fill(Length(problem.Input, problem.InputStrides, problem.InputChannels), random, whole);
        Y = Fill(Length(problem.Output, problem.OutputStrides, problem.OutputChannels), random, whole);
        W = Fill((long)problem.OutputChannels * problem.Window.Taps * problem.GroupInputs, random, whole);
        for (int i = 0; i < W.Length; i++)
            W[i] *= weightFactor;
        Bias = random.Next(3) == 0 ? null : Fill(Math.Max(problem.InputChannels, problem.OutputChannels), random, whole);
        After = random.Next(2) == 0 ? After.Nothing : (After)random.Next(1, 4);
    }

    public ConvolutionProblem Problem { get; init; }
    public double[] X { get; init; }
    public double[] Y { get; init; }
    public double[] W { get; init; }
    public double[]? Bias { get; init; }

    public After After { get; init; }

    private bool Norms => After is After.Norm or After.NormAndShift;

    private bool Shifts => After is After.Shift or After.NormAndShift;

    private static ClippedNorm Norm => new(-20, 30);

    private static double PerChannel(int channel) => channel % 3 * 0.5;

    private static double Scale(int channel) => channel % 2 == 0 ? 0.5 : 0.25;

    private static double Residual(long offset) => offset % 5 * 0.5;

    public double[] Sought(Pass pass) => pass switch { Pass.Output => Y, Pass.Input => X, _ => W };

    /// <summary>The sought buffer after the pass, gaps between strided elements included.</summary>
    public double[] Run(ConvolutionAlgorithm algorithm, Pass pass, bool packBefore = false)
        => Problem.Type == ElementType.Float64 ? Run<double>(algorithm, pass, packBefore) : Run<float>(algorithm, pass, packBefore);

    /// <summary>The same with the moments of each channel over what came out.</summary>
    public (double[] Sought, float[] Variances, float[] Means) RunWithMoments(ConvolutionAlgorithm algorithm, Pass pass)
    {
        int channels = SoughtChannels(pass), count = algorithm.Parts(Problem, pass);
        using GuardedMemory<float> parts = new((long)count * MomentParts.Length(channels));
        parts.Span.Fill(float.NaN);
        double[] sought = Run<float>(algorithm, pass, packBefore: false, parts.Pointer);
        float[] variances = new float[channels], means = new float[channels];
        fixed (float* variance = variances, mean = means)
            MomentParts.Join(variance, mean, parts.Pointer, count, channels);
        return (sought, variances, means);
    }

    private int SoughtChannels(Pass pass) => pass == Pass.Output ? Problem.OutputChannels : Problem.InputChannels;

    private double[] Run<T>(ConvolutionAlgorithm algorithm, Pass pass, bool packBefore, float* parts = null) where T : unmanaged, System.Numerics.INumber<T>
    {
        using var x = Place<T>(X, pass == Pass.Input);
        using var y = Place<T>(Y, pass == Pass.Output);
        using var w = Place<T>(W, pass == Pass.Weight);
        using var bias = Place<T>(Bias is null ? [] : Bias[..(pass == Pass.Output ? Problem.OutputChannels : Problem.InputChannels)], false);
        using GuardedMemory<byte> workspace = new((algorithm.WorkspaceBytes(Problem, pass) + 63) / 64 * 64);
        using GuardedMemory<byte> packed = new((algorithm.PackedBytes(Problem, pass) + 63) / 64 * 64);
        workspace.Span.Fill(0xFF);
        packed.Span.Fill(0xFF);
        T[] perChannel = [.. Enumerable.Range(0, Math.Max(Problem.InputChannels, Problem.OutputChannels)).Select(c => T.CreateChecked(PerChannel(c)))];
        T[] residual = [.. Enumerable.Range(0, Sought(pass).Length).Select(i => T.CreateChecked(Residual(i)))], one = [T.One];
        T[] scales = [.. Enumerable.Range(0, perChannel.Length).Select(c => T.CreateChecked(Scale(c)))];
        EpilogueKernel epilogue = new(Chain(), Problem.Type, SoughtChannels(pass), Norms ? Norm : null,
            EpilogueOperand.PerChannel, EpilogueOperand.Map, EpilogueOperand.Number, EpilogueOperand.PerChannel);
        using GuardedMemory<byte> epilogueWorkspace = new(epilogue.WorkspaceBytes);
        var sought = pass switch { Pass.Output => y, Pass.Input => x, _ => w };
        fixed (T* shift = perChannel, map = residual, number = one, scale = scales)
        {
            void** operands = stackalloc void*[] { shift, map, number, scale };
            if (packBefore && packed.Count > 0)
                algorithm.Pack(Problem, pass, w.Pointer, packed.Pointer);
            algorithm.Run(Problem, pass, new ConvolutionOperands
            {
                Input = x.Pointer,
                Weight = w.Pointer,
                PackedWeight = packBefore && packed.Count > 0 ? packed.Pointer : null,
                Output = y.Pointer,
                Bias = Bias is null || pass == Pass.Weight ? null : bias.Pointer,
                Epilogue = (After != After.Nothing || parts != null) && pass != Pass.Weight ? epilogue.Bind(sought.Pointer, operands, epilogueWorkspace.Pointer, parts) : default,
                Workspace = workspace.Pointer,
            });
        }
        return [.. sought.Span.ToArray().Select(double.CreateChecked)];
    }

    /// <summary>The same from the definition: every product of every tap is added to where it belongs.</summary>
    public double[] Scatter(Pass pass)
    {
        var p = Problem;
        bool[] sought = new bool[Sought(pass).Length];
        double[] sum = new double[sought.Length];
        int[] channel = new int[sought.Length];
        foreach (var (position, offset) in Positions(pass))
            (sought[offset], sum[offset], channel[offset]) = (true, Bias is null || pass == Pass.Weight ? 0 : Bias[position], position);
        var (kd, kh, kw) = (p.Window.Depth, p.Window.Height, p.Window.Width);
        for (int n = 0; n < p.Batch; n++)
            for (int d = 0; d < p.Output.Depth; d++)
                for (int h = 0; h < p.Output.Height; h++)
                    for (int w = 0; w < p.Output.Width; w++)
                        for (int a = 0; a < kd.Kernel; a++)
                            for (int b = 0; b < kh.Kernel; b++)
                                for (int c = 0; c < kw.Kernel; c++)
                                {
                                    int z = d * kd.Stride + a * kd.Dilation - kd.PadBegin, r = h * kh.Stride + b * kh.Dilation - kh.PadBegin;
                                    int q = w * kw.Stride + c * kw.Dilation - kw.PadBegin;
                                    if (z < 0 || r < 0 || q < 0 || z >= p.Input.Depth || r >= p.Input.Height || q >= p.Input.Width)
                                        continue;
                                    for (int o = 0; o < p.OutputChannels; o++)
                                        for (int i = 0; i < p.GroupInputs; i++)
                                        {
                                            int input = o / p.GroupOutputs * p.GroupInputs + i;
                                            long x = n * p.InputStrides.Batch + z * p.InputStrides.Depth + r * p.InputStrides.Height + q * p.InputStrides.Width + input;
                                            long y = n * p.OutputStrides.Batch + d * p.OutputStrides.Depth + h * p.OutputStrides.Height + w * p.OutputStrides.Width + o;
                                            long weight = (((o * (long)kd.Kernel + a) * kh.Kernel + b) * kw.Kernel + c) * p.GroupInputs + i;
                                            if (pass == Pass.Output)
                                                sum[y] += X[x] * W[weight];
                                            else if (pass == Pass.Input)
                                                sum[x] += Y[y] * W[weight];
                                            else
                                                sum[weight] += Y[y] * X[x];
                                        }
                                }
        for (int i = 0; i < sum.Length; i++)
        {
            double value = sum[i];
            if (Norms && pass != Pass.Weight)
                value = Math.Clamp((value - PerChannel(channel[i])) * Scale(channel[i]) + 1, Norm.Low, Norm.High);
            if (Shifts && pass != Pass.Weight)
                value = (value < 0 ? value * 0.5 : value) + PerChannel(channel[i]) + Residual(i) + 1;
            sum[i] = sought[i] ? value : Untouched;
        }
        return sum;
    }

    /// <summary>Operands: the result, a number a channel, a map, one, and a scale a channel.</summary>
    private Chain Chain()
    {
        const int Operands = 5;
        List<Link> links = [];
        if (Norms)
            links.Add(new Link(RunMap.Of4(Norm, Problem.Type), 0, 1, 4, 3));
        if (Shifts)
        {
            links.Add(new Link(RunMap.Of1(default(Leaky), Problem.Type), Norms ? Operands : 0));
            links.Add(new Link(RunMap.Of4(default(Total), Problem.Type), Operands + links.Count - 1, 1, 2, 3));
        }
        return new(Operands, links.ToArray());
    }

    /// <summary>The case with every number replaced by its magnitude and no epilogue: Σ|x·w| + |b| is its result.</summary>
    public ConvolutionCase Magnitudes() => new(Problem, new Random(0), false)
    {
        X = [.. X.Select(Math.Abs)],
        Y = [.. Y.Select(Math.Abs)],
        W = [.. W.Select(Math.Abs)],
        Bias = Bias?.Select(Math.Abs).ToArray(),
        After = After.Nothing,
    };

    /// <summary>(channel, offset) of every element of the sought tensor.</summary>
    public IEnumerable<(int Channel, long Offset)> Positions(Pass pass)
    {
        var p = Problem;
        if (pass == Pass.Weight)
        {
            for (int i = 0; i < W.Length; i++)
                yield return (0, i);
            yield break;
        }
        var (extent, strides, channels) = pass == Pass.Output ? (p.Output, p.OutputStrides, p.OutputChannels) : (p.Input, p.InputStrides, p.InputChannels);
        for (int n = 0; n < p.Batch; n++)
            for (int d = 0; d < extent.Depth; d++)
                for (int h = 0; h < extent.Height; h++)
                    for (int w = 0; w < extent.Width; w++)
                        for (int c = 0; c < channels; c++)
                            yield return (c, n * strides.Batch + d * strides.Depth + h * strides.Height + w * strides.Width + c);
    }

    private long Length(Extent extent, MapStrides strides, int channels)
        => Problem.Batch == 0 || extent.Count == 0 ? 0 : strides.Offset(Problem.Batch - 1, extent.Depth - 1, extent.Height - 1, extent.Width - 1) + channels;

    private static double[] Fill(long count, Random random, bool whole)
    {
        double[] values = new double[count];
        for (int i = 0; i < values.Length; i++)
            values[i] = whole ? random.Next(-4, 5) : (float)(random.NextDouble() + random.NextDouble() - 1);
        return values;
    }

    private static GuardedMemory<T> Place<T>(double[] values, bool sought) where T : unmanaged, System.Numerics.INumber<T>
    {
        GuardedMemory<T> memory = new(values.Length);
        for (int i = 0; i < values.Length; i++)
            memory.Pointer[i] = T.CreateChecked(sought ? Untouched : values[i]);
        return memory;
    }

    private readonly struct Leaky : IMap1
    {
        public L Invoke<L, T>(L a) where L : struct, ILanes<L, T> where T : unmanaged => L.Max(a, a * L.Broadcast(0.5));
    }

    private readonly struct Total : IMap4
    {
        public L Invoke<L, T>(L a, L b, L c, L d) where L : struct, ILanes<L, T> where T : unmanaged => a + b + c + d;
    }

    public override string ToString() => $"{Problem}, bias {Bias is not null}, then {After}";
}
