namespace Volute.Training;

/// <summary>A training from its beginning: on slices first where the recipe grows from them, then on what it is for.</summary>
public static class TrainingStages
{
    /// <summary>Trains all stages that are still to come; the one on slices has the folder "slices" in the run, and goes on there where it was stopped.</summary>
    /// <param name="run">Held for training.</param>
    /// <param name="recipe">What is trained.</param>
    /// <param name="data">What on.</param>
    /// <param name="spent">Seconds of the recipe's minutes that planning took.</param>
    /// <param name="train">Runs a trainer, and is told whether it learns from slices.</param>
    /// <returns>How the last stage ended, and its trainer: null where that on slices was cancelled, and there is nothing to predict with yet.</returns>
    public static (TrainingEnd End, Trainer? Trainer) Run(RunFolder run, Recipe recipe, TrainingData data, double spent, Func<Trainer, bool, TrainingEnd> train)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(train);
        string? beginning = null;
        if (recipe.Growth is not null && !Trainer.HasBegun(run))
        {
            Recipe slices = recipe.OfSlices();
            using RunFolder folder = Directory.Exists(run.SlicesPath) ? RunFolder.Open(run.SlicesPath) : Runs.Create(run.SlicesPath, slices);
            Trainer first = new(folder, slices, data, spent);
            if (train(first, true) == TrainingEnd.Cancelled)
                return (TrainingEnd.Cancelled, null);
            (spent, beginning) = (first.State.Seconds, folder.ModelPath);
        }
        Trainer trainer = new(run, recipe, data, spent, beginning);
        return (train(trainer, false), trainer);
    }
}
