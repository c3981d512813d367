using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using Volute.Kernels;

namespace Volute.Benchmarks;

/// <summary>The three passes of a dense, a depthwise and a few-channel convolution, with the algorithm that the registry chooses.</summary>
[InProcess]
public unsafe class ConvolutionBenchmarks
{
    private ConvolutionProblem _problem;
    private ConvolutionAlgorithm _algorithm = null!;
    private ConvolutionOperands _operands;

    public enum Layer
    {
        Dense64At64,
        Depthwise96At56,
        Stem3To64At224,
    }

    [ParamsAllValues]
    public Layer Shape { get; set; }

    [ParamsAllValues]
    public Pass Pass { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _problem = Shape switch
        {
            Layer.Dense64At64 => Square(1, 64, 64, 64, 3, 1, 1),
            Layer.Depthwise96At56 => Square(8, 96, 96, 56, 3, 1, 96),
            _ => Square(1, 3, 64, 224, 7, 2, 1),
        };
        _algorithm = ConvolutionRegistry.Select(_problem, Pass);
        _operands = new ConvolutionOperands
        {
            Input = Numbers(_problem.Batch * _problem.InputStrides.Batch),
            Weight = Numbers((long)_problem.OutputChannels * _problem.GroupInputs * _problem.Window.Taps),
            Output = Numbers(_problem.Batch * _problem.OutputStrides.Batch),
            Workspace = NativeMemory.AlignedAlloc((nuint)_algorithm.WorkspaceBytes(_problem, Pass) + 64, 64),
        };
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        NativeMemory.AlignedFree(_operands.Input);
        NativeMemory.AlignedFree(_operands.Weight);
        NativeMemory.AlignedFree(_operands.Output);
        NativeMemory.AlignedFree(_operands.Workspace);
    }

    [Benchmark]
    public void Run() => _algorithm.Run(_problem, Pass, _operands);

    private static ConvolutionProblem Square(int batch, int inputs, int outputs, int size, int kernel, int stride, int groups)
    {
        WindowAxis axis = new(kernel, stride, 1, kernel / 2, kernel / 2);
        int after = (int)axis.Outputs(size);
        return new(ElementType.Float32, batch, inputs, outputs, groups, new Window(axis, axis), new(1, size, size), new(1, after, after));
    }

    private static float* Numbers(long count)
    {
        float* values = (float*)NativeMemory.AlignedAlloc((nuint)count * sizeof(float) + 64, 64);
        Random random = new(1);
        for (long i = 0; i < count; i++)
            values[i] = random.NextSingle() - 0.5f;
        return values;
    }
}
