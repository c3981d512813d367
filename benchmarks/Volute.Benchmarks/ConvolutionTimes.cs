using System.Diagnostics;
using System.Runtime.InteropServices;
using Volute.Kernels;

namespace Volute.Benchmarks;

/// <summary>Convolutions of known networks and the speed of their three passes.</summary>
internal static unsafe class ConvolutionTimes
{
    /// <summary>How long each pass is repeated; the best time counts.</summary>
    private const double MeasuringSeconds = 0.3;

    /// <summary>GFLOP/s (2 a multiply) of each pass with the algorithm that the registry chooses.</summary>
    public static string Measure(in ConvolutionProblem problem, double peak)
    {
        string line = "";
        foreach (var pass in Enum.GetValues<Pass>())
        {
            var algorithm = ConvolutionRegistry.Select(problem, pass);
            double speed = algorithm.Name == "reference" ? 0 : 2.0 * problem.Multiplies / Seconds(algorithm, problem, pass) / 1e9;
            line += $"  {pass.ToString().ToLowerInvariant(),6} {algorithm.Name,-10}{speed,5:f0} {speed / peak,4:p0}";
        }
        return line;
    }

    private static double Seconds(ConvolutionAlgorithm algorithm, in ConvolutionProblem problem, Pass pass)
    {
        float* x = Numbers(problem.Batch * problem.InputStrides.Batch), y = Numbers(problem.Batch * problem.OutputStrides.Batch);
        float* w = Numbers((long)problem.OutputChannels * problem.GroupInputs * problem.Window.Taps), bias = Numbers(Math.Max(problem.InputChannels, problem.OutputChannels));
        void* workspace = NativeMemory.AlignedAlloc((nuint)algorithm.WorkspaceBytes(problem, pass) + 64, 64);
        ConvolutionOperands operands = new() { Input = x, Weight = w, Output = y, Bias = bias, Workspace = workspace };
        double best = double.PositiveInfinity;
        long begin = Stopwatch.GetTimestamp();
        for (int runs = 0; runs < 3 || Stopwatch.GetElapsedTime(begin).TotalSeconds < MeasuringSeconds; runs++)
        {
            double start = Now;
            algorithm.Run(problem, pass, operands);
            best = Math.Min(best, Now - start);
        }
        foreach (void* memory in new nint[] { (nint)x, (nint)y, (nint)w, (nint)bias, (nint)workspace })
            NativeMemory.AlignedFree(memory);
        return best;
    }

    /// <summary>Seconds: on one thread of Linux those of the processor, so that other work on the machine does not count.</summary>
    private static double Now
    {
        get
        {
            if (Team.Threads > 1 || !OperatingSystem.IsLinux())
                return Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;
            long* time = stackalloc long[2];
            _ = GetTime(ThreadTime, time);
            return time[0] + time[1] * 1e-9;
        }
    }

    private const int ThreadTime = 3;

    [DllImport("libc", EntryPoint = "clock_gettime")]
    private static extern int GetTime(int clock, long* time);

    private static float* Numbers(long count)
    {
        float* values = (float*)NativeMemory.AlignedAlloc((nuint)count * sizeof(float) + 64, 64);
        Random random = new(1);
        for (long i = 0; i < count; i++)
            values[i] = random.NextSingle() - 0.5f;
        return values;
    }

    /// <summary>Layers of networks that people run, and some small ones that fit a cache: these show the kernel, the others the memory too.</summary>
    public static IEnumerable<(string Name, ConvolutionProblem Problem)> Problems =>
    [
        ("3x3 64->64 at 32^2", Square(1, 64, 64, 32, 3)),
        ("3x3 32->32 at 48^2", Square(1, 32, 32, 48, 3)),
        ("3x3 16->16 at 64^2", Square(1, 16, 16, 64, 3)),
        ("3x3 3->32 at 64^2", Square(1, 3, 32, 64, 3)),
        ("3x3 1->64 at 32^2", Square(1, 1, 64, 32, 3)),
        ("1x1 64->128 at 32^2", Square(1, 64, 128, 32, 1)),
        ("3x3 64->64 at 64^2, batch 8", Square(8, 64, 64, 64, 3)),
        ("3x3 64->64 at 128^2", Square(1, 64, 64, 128, 3)),
        ("3x3 64->64 at 570^2", Square(1, 64, 64, 570, 3)),
        ("3x3 256->256 at 14^2, batch 8", Square(8, 256, 256, 14, 3)),
        ("3x3 256->256 at 16^2, batch 8", Square(8, 256, 256, 16, 3)),
        ("3x3 512->512 at 7^2, batch 8", Square(8, 512, 512, 7, 3)),
        ("3x3 512->512 at 7^2", Square(1, 512, 512, 7, 3)),
        ("3x3 1024->1024 at 30^2", Square(1, 1024, 1024, 30, 3)),
        ("3x3 16->16 at 256^2, batch 8", Square(8, 16, 16, 256, 3)),
        ("3x3 32->32 at 128^2, batch 8", Square(8, 32, 32, 128, 3)),
        ("3x3 48->48 at 64^2", Square(1, 48, 48, 64, 3)),
        ("3x3 stride 2 64->128 at 56^2, batch 8", Square(8, 64, 128, 56, 3, stride: 2)),
        ("3x3 dilation 2 256->256 at 32^2", Square(1, 256, 256, 32, 3, dilation: 2)),
        ("3x3 1->64 at 572^2", Square(1, 1, 64, 572, 3)),
        ("3x3 3->32 stride 2 at 224^2, batch 4", Square(4, 3, 32, 224, 3, stride: 2)),
        ("7x7 stride 2 3->64 at 224^2, batch 4", Square(4, 3, 64, 224, 7, stride: 2)),
        ("1x1 64->2 at 388^2", Square(1, 64, 2, 388, 1)),
        ("1x1 64->256 at 56^2, batch 8", Square(8, 64, 256, 56, 1)),
        ("1x1 256->64 at 56^2, batch 8", Square(8, 256, 64, 56, 1)),
        ("1x1 stride 2 256->512 at 56^2, batch 8", Square(8, 256, 512, 56, 1, stride: 2)),
        ("1x1 1024->256 at 14^2, batch 8", Square(8, 1024, 256, 14, 1)),
        ("linear 4096->1024, batch 64", Square(64, 4096, 1024, 1, 1)),
        ("linear 4096->1024, batch 1", Square(1, 4096, 1024, 1, 1)),
        ("depthwise 3x3 96 at 56^2, batch 8", Square(8, 96, 96, 56, 3, groups: 96)),
        ("depthwise 3x3 stride 2 96 at 112^2, batch 4", Square(4, 96, 96, 112, 3, stride: 2, groups: 96)),
        ("depthwise 5x5 240 at 28^2, batch 8", Square(8, 240, 240, 28, 5, groups: 240)),
        ("depthwise 3x3 576 at 14^2", Square(1, 576, 576, 14, 3, groups: 576)),
        ("depthwise 7x7 192 at 56^2", Square(1, 192, 192, 56, 7, groups: 192)),
        ("32 groups 3x3 128->128 at 56^2", Square(1, 128, 128, 56, 3, groups: 32)),
        ("8 groups 3x3 32->256 at 256^2", Square(1, 32, 256, 256, 3, groups: 8)),
        ("transposed 2x2 stride 2 128->64 at 256^2", Square(1, 64, 128, 256, 2, stride: 2)),
        ("transposed 4x4 stride 2 64->3 at 64^2, batch 16", Square(16, 3, 64, 64, 4, stride: 2)),
        ("LeNet 5x5 1->6 at 28^2, batch 64", Square(64, 1, 6, 28, 5)),
        ("LeNet 5x5 6->16 at 14^2, batch 64", Square(64, 6, 16, 14, 5, pad: 0)),
        ("3D 3x3x3 16->32 at 32x64x64", Cube(1, 16, 32, new(32, 64, 64), 3)),
        ("3D 3x3x3 1->16 at 32x64x64", Cube(1, 1, 16, new(32, 64, 64), 3)),
        ("3D depthwise 3x3x3 32 at 32x64x64", Cube(1, 32, 32, new(32, 64, 64), 3, groups: 32)),
        ("3D transposed 2x2x2 64->32 at 32x64x64", Cube(1, 32, 64, new(32, 64, 64), 2, stride: 2)),
        ("1D 80 stride 4, 1->64 at 16000, batch 4", Line(4, 1, 64, 16000, 80, 4)),
        ("1D 3, 64->64 at 16000", Line(1, 64, 64, 16000, 3, 1)),
    ];

    private static ConvolutionProblem Square(
        int batch, int inputs, int outputs, int size, int kernel, int stride = 1, int dilation = 1, int groups = 1, int? pad = null)
    {
        WindowAxis axis = Axis(kernel, stride, dilation, pad);
        int after = (int)axis.Outputs(size);
        return new(ElementType.Float32, batch, inputs, outputs, groups, new Window(axis, axis), new(1, size, size), new(1, after, after));
    }

    private static ConvolutionProblem Cube(int batch, int inputs, int outputs, Extent size, int kernel, int stride = 1, int groups = 1)
    {
        WindowAxis axis = Axis(kernel, stride, 1, null);
        Extent after = new((int)axis.Outputs(size.Depth), (int)axis.Outputs(size.Height), (int)axis.Outputs(size.Width));
        return new(ElementType.Float32, batch, inputs, outputs, groups, new Window(axis, axis, axis), size, after);
    }

    private static ConvolutionProblem Line(int batch, int inputs, int outputs, int size, int kernel, int stride)
    {
        WindowAxis axis = Axis(kernel, stride, 1, null);
        return new(ElementType.Float32, batch, inputs, outputs, 1, new Window(axis), new(1, 1, size), new(1, 1, (int)axis.Outputs(size)));
    }

    private static WindowAxis Axis(int kernel, int stride, int dilation, int? pad)
    {
        int total = pad * 2 ?? (kernel == stride ? 0 : (kernel - 1) * dilation);
        return new(kernel, stride, dilation, total / 2, total - total / 2);
    }
}
