using BenchmarkDotNet.Attributes;

namespace Volute.Benchmarks;

/// <summary>What stands between convolutions, each as the plan of one layer or one step: the kernel and what planning adds to it.</summary>
[InProcess]
public class LayerBenchmarks
{
    private readonly Tensor _map = Tensor.Normal([8, 64, 112, 112]).Evaluate(), _scores = Tensor.Normal([64, 1000]).Evaluate();
    private readonly Module _pool = new MaxPool2d(2), _norm = new BatchNorm2d(64), _softmax = new Softmax(1);
    private Adam _adam = null!;
    private Tensor[] _gradients = [];

    [GlobalSetup]
    public void Setup()
    {
        Linear layer = new(2048, 1024);
        _adam = new Adam(layer.Parameters());
        _gradients = [.. layer.Parameters().Select(p => Tensor.Normal(p.Shape).Evaluate())];
    }

    [Benchmark]
    public Tensor MaxPool2x2() => _pool.Forward(_map).Evaluate();

    [Benchmark]
    public Tensor BatchNormForward() => _norm.Forward(_map).Evaluate();

    [Benchmark]
    public Tensor SoftmaxOf1000() => _softmax.Forward(_scores).Evaluate();

    [Benchmark]
    public void AdamStepOf2Million() => _adam.Step(_gradients);
}
