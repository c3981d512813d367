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
        // Made once: what a second one in training mode leaves undone, its running statistics, would be recorded as a part of every step.
        Tensor scores = network.Forward(x);
        if (!work.IsTraining)
        {
            RecordedPrediction prediction = scores.Record(x);
            _work = () => prediction.Run<float>(x);
            return;
        }
        SGD optimizer = new(network.Parameters(), LearningRate, Momentum);
        int classes = scores.Shape[1];
        int[] classOf = [.. Enumerable.Range(0, (int)(scores.Shape.Elements / classes)).Select(i => i % classes)];
        Tensor labels = Tensor.FromArray(classOf, [scores.Shape[0], .. scores.Shape.Skip(2)]);
        RecordedStep step = optimizer.Record(Loss.CrossEntropy(scores, labels), x, labels);
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
