using System.Diagnostics;

namespace Volute.Cli.Bench;

/// <summary>A network at work as a user's program has it: predictions, or steps of training.</summary>
internal sealed class NetworkRun : IContestant
{
    private const double LearningRate = 1e-3, Momentum = 0.9;

    private readonly Action _work;

    /// <summary>A network on random numbers.</summary>
    /// <exception cref="ShapeException">The input's shape does not fit the network.</exception>
    public NetworkRun(NetworkCase work)
    {
        Module network = work.Network.Create().Train(work.IsTraining);
        Tensor x = Tensor.Normal(work.Input).Evaluate();
        Shape scores = network.Forward(x).Shape;
        if (!work.IsTraining)
        {
            RecordedPrediction prediction = network.Forward(x).Record(x);
            _work = () => prediction.Run<float>(x);
            return;
        }
        SGD optimizer = new(network.Parameters(), LearningRate, Momentum);
        int classes = scores[1];
        int[] classOf = [.. Enumerable.Range(0, (int)(scores.Elements / classes)).Select(i => i % classes)];
        Tensor labels = Tensor.FromArray(classOf, [scores[0], .. scores.Skip(2)]);
        RecordedStep step = optimizer.Record(Loss.CrossEntropy(network.Forward(x), labels), x, labels);
        _work = () => step.Run(x, labels);
    }

    /// <inheritdoc/>
    public double[] Run(int repetitions)
    {
        double[] times = new double[repetitions];
        for (int i = 0; i < repetitions; i++)
        {
            long start = Stopwatch.GetTimestamp();
            _work();
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
        return times;
    }
}
