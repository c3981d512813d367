using System.Diagnostics;
using Volute.Kernels;

namespace Volute.Cli.Bench;

/// <summary>The tensors of one pass of a convolution, which its algorithms take turns to compute. Weights are packed in every run, as in a training step.</summary>
internal sealed unsafe class KernelOperands : IDisposable
{
    /// <summary>Random numbers, a prime number of them, which fill tensors over and over: drawing each would take longer than convolving them.</summary>
    private static readonly float[] s_numbers = [.. Draw(10_007)];

    private readonly List<nint> _memory = [];
    private readonly ConvolutionProblem _problem;
    private readonly Pass _pass;
    private readonly float* _input, _weight, _output;

    /// <summary>Tensors for <paramref name="pass"/> of <paramref name="problem"/>, in kernels' words, filled with random numbers.</summary>
    public KernelOperands(in ConvolutionProblem problem, Pass pass)
    {
        (_problem, _pass) = (problem, pass);
        long x = problem.Batch * problem.InputStrides.Batch, w = (long)problem.OutputChannels * problem.GroupInputs * problem.Window.Taps, y = problem.Batch * problem.OutputStrides.Batch;
        Bytes = (x + w + y) * sizeof(float);
        _input = Numbers(x);
        _weight = Numbers(w);
        _output = Numbers(y);
    }

    /// <summary>The bytes of x, w and y.</summary>
    public long Bytes { get; }

    /// <summary>An algorithm at work on these tensors, with a workspace of its own.</summary>
    public IContestant With(ConvolutionAlgorithm algorithm) => new Run(this, algorithm, Allocate(algorithm.WorkspaceBytes(_problem, _pass)));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (nint memory in _memory)
            AlignedMemory.Free((void*)memory);
        _memory.Clear();
    }

    private void* Allocate(long bytes)
    {
        void* memory = AlignedMemory.Allocate(bytes);
        _memory.Add((nint)memory);
        return memory;
    }

    private float* Numbers(long count)
    {
        float* values = (float*)Allocate(count * sizeof(float));
        for (long done = 0; done < count; done += s_numbers.Length)
        {
            int some = (int)Math.Min(s_numbers.Length, count - done);
            s_numbers.AsSpan(0, some).CopyTo(new Span<float>(values + done, some));
        }
        return values;
    }

    private static IEnumerable<float> Draw(int count)
    {
        Random random = new(1);
        for (int i = 0; i < count; i++)
            yield return random.NextSingle() - 0.5f;
    }

    private sealed class Run(KernelOperands operands, ConvolutionAlgorithm algorithm, void* workspace) : IContestant
    {
        double[] IContestant.Run(int repetitions)
        {
            double[] times = new double[repetitions];
            ConvolutionOperands tensors = new() { Input = operands._input, Weight = operands._weight, Output = operands._output, Workspace = workspace };
            for (int i = 0; i < repetitions; i++)
            {
                long start = Stopwatch.GetTimestamp();
                algorithm.Run(operands._problem, operands._pass, tensors);
                times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }
            return times;
        }
    }
}
