using System.Diagnostics;

namespace Volute.Training;

/// <summary>What a training step costs on this machine.</summary>
/// <param name="Seconds">The median of steps with real batches, the loader at work beside them.</param>
/// <param name="Steps">How many were measured, the first, which also plans and compiles, not counted.</param>
public sealed record StepCost(double Seconds, int Steps);

/// <summary>Asks what a recipe costs before it is trained: memory by planning a step, time by doing some.</summary>
public static class StepProbe
{
    /// <summary>The plan of a training step: forward, backward and update. Nothing is computed.</summary>
    /// <exception cref="LimitException">It does not fit <see cref="Settings.MemoryLimit"/>, whatever is computed again.</exception>
    public static Plan PlanStep(Recipe recipe, TrainingData data)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        Module network = recipe.CreateNetwork();
        int[] size = [.. recipe.InputSize], imageShape = [recipe.BatchSize, recipe.Channels, .. size],
            labelShape = recipe.Task == DatasetTask.Segmentation ? [recipe.BatchSize, .. size] : [recipe.BatchSize];
        static int Elements(int[] shape) => (int)Kernels.Sizes.Product(shape, "a batch");
        Batch batch = new(new float[Elements(imageShape)], imageShape, new int[Elements(labelShape)], labelShape, new string[recipe.BatchSize]);
        return recipe.CreateOptimizer(network).Plan(TaskHead.Create(recipe, data).Loss(network, batch));
    }

    /// <summary>Does real steps for some seconds, and forgets what they learned.</summary>
    /// <param name="recipe">What to train.</param>
    /// <param name="data">What on.</param>
    /// <param name="seconds">For how long after the first step, which is not measured; one more is done in any case.</param>
    /// <param name="most">The most steps.</param>
    public static StepCost Measure(Recipe recipe, TrainingData data, double seconds, int most = 50)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        Stopwatch all = new(), step = new();
        Settings.Seed = recipe.Seed;
        Module network = recipe.CreateNetwork();
        Optimizer optimizer = recipe.CreateOptimizer(network);
        // What is learned does not matter, and no loss may run away.
        optimizer.LearningRate = 0;
        TaskHead head = TaskHead.Create(recipe, data);
        Loader loader = head.Loader();
        List<double> times = [];
        for (int epoch = 0; ; epoch++)
        {
            step.Restart();
            foreach (Batch batch in loader.Epoch(epoch))
            {
                Tensor loss = head.Loss(network, batch);
                batch.Dispose();
                optimizer.Step(loss);
                _ = loss.Item();
                times.Add(step.Elapsed.TotalSeconds);
                if (times.Count == 1)
                    all.Start();
                if (times.Count > 1 && (all.Elapsed.TotalSeconds >= seconds || times.Count > most))
                    return new StepCost(Bootstrap.Percentile([.. times.Skip(1).Order()], 0.5), times.Count - 1);
                step.Restart();
            }
        }
    }
}
