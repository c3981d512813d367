using BenchmarkDotNet.Attributes;

namespace Volute.Benchmarks;

/// <summary>What a step costs beside its kernels: the graph of ResNet-18 (62 parameters, 69 layers), its gradients, finding the plan that is there, and making one.</summary>
[InProcess]
[MemoryDiagnoser]
public class GraphBenchmarks
{
    private readonly ResNet18 _network = new();
    private readonly Tensor _x = Tensor.Normal([1, 3, 64, 64]).Evaluate(), _labels = Tensor.FromArray([1], [1]);
    private SGD _optimizer = null!;
    private Program _step = null!, _prediction = null!;
    private Assignment[] _updates = [];
    private Tensor _loss = null!, _scores = null!;

    [GlobalSetup]
    public void Setup()
    {
        _optimizer = new SGD(_network.Parameters(), 1e-3, 0.9);
        _optimizer.Step(Loss.CrossEntropy(_network.Forward(_x), _labels));
        _network.Eval();
        _scores = _network.Forward(_x);
        _prediction = Program.Of([_scores.Node], [], keep: false);
        _network.Train();
        _loss = Loss.CrossEntropy(_network.Forward(_x), _labels);
        _updates = _optimizer.Updates(Gradient.Of(_loss, _optimizer.Parameters));
        _step = Program.Of([_loss.Node], _updates, keep: true);
    }

    [Benchmark]
    public Plan LookupOfAPrediction() => _scores.Plan();

    [Benchmark]
    public Plan LookupOfAStep() => Execution.PlanFor([_loss.Node], _updates);

    [Benchmark]
    public Plan GradientsAndLookupOfAStep() => _optimizer.Plan(_loss);

    [Benchmark]
    public Plan PlanningOfAPrediction() => Planner.Make(_prediction, joinsMaps: true, limit: null);

    [Benchmark]
    public Plan PlanningOfAStep() => Planner.Make(_step, joinsMaps: true, limit: null);
}
