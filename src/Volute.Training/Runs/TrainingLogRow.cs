namespace Volute.Training;

/// <summary>One epoch of a training, a row of <c>log.csv</c>.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Step">Optimizer steps done since the training began, up to and including this epoch.</param>
/// <param name="LearningRate">The learning rate of the last step.</param>
/// <param name="TrainLoss">The mean loss of the epoch's batches.</param>
/// <param name="ValidationLoss">The mean loss of the held-out cases; null where the epoch had no validation.</param>
/// <param name="Metrics">Value of the held-out cases by <see cref="Metric.Name"/>; null or NaN where not measured.</param>
/// <param name="Seconds">The time that this epoch took, validation included.</param>
public sealed record TrainingLogRow(int Epoch, long Step, double LearningRate, double TrainLoss, double? ValidationLoss,
    IReadOnlyDictionary<string, double?> Metrics, double Seconds);
