namespace Volute.Training;

/// <summary>
/// A network for each fold of the data, in folders fold-0, fold-1, … of one run: each sample is judged once, by the network that was not trained on it,
/// and predictions are the mean of all networks.
/// </summary>
public static class CrossValidation
{
    private const string HeldOutLabel = "Held out";

    /// <summary>Whether a recipe is of a cross-validation, rather than of one network.</summary>
    public static bool IsOf(Recipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        return recipe is { Folds: not null, Fold: null };
    }

    /// <summary>The folder of a fold's own run.</summary>
    public static string FolderOf(RunFolder run, int fold)
    {
        ArgumentNullException.ThrowIfNull(run);
        return Path.Combine(run.FolderPath, $"fold-{fold}");
    }

    /// <summary>Trains the folds one after another, or goes on with them; minutes are divided among them.</summary>
    /// <param name="run">The run of all folds, held for training.</param>
    /// <param name="recipe">Its recipe.</param>
    /// <param name="dataset">What is trained on.</param>
    /// <param name="spent">Seconds of the recipe's minutes that planning took.</param>
    /// <param name="train">Runs a trainer of a fold, and is told whether it learns from slices.</param>
    /// <returns>How the last training ended, where each fold stands that can predict, and the plan of the last training step.</returns>
    /// <exception cref="InvalidArgumentException">The data prescribe another number of folds.</exception>
    public static (TrainingEnd End, IReadOnlyList<CheckpointState> States, Plan? Step) Train(RunFolder run, Recipe recipe, Dataset dataset, double spent,
        Func<int, Trainer, bool, TrainingEnd> train)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(train);
        CheckFolds(recipe, dataset);
        List<CheckpointState> states = [];
        Plan? step = null;
        TrainingEnd end = TrainingEnd.Finished;
        for (int fold = 0; fold < recipe.Folds && end != TrainingEnd.Cancelled; fold++)
        {
            Recipe own = RecipeOf(recipe, fold);
            string path = FolderOf(run, fold);
            using RunFolder folder = Directory.Exists(path) ? RunFolder.Open(path) : Runs.Create(path, own);
            Runs.Save(folder, own);
            (end, Trainer? trainer) = TrainingStages.Run(folder, own, TrainingData.Split(dataset, own), spent / recipe.Folds.Value, (stage, onSlices) => train(fold, stage, onSlices));
            if (trainer is not null)
                states.Add(trainer.State);
            step = trainer?.StepPlan ?? step;
        }
        return (end, states, step);
    }

    /// <summary>Scores a run on its own data: on their test samples all networks together, else on every sample the network of its fold.</summary>
    /// <param name="run">The run of all folds.</param>
    /// <param name="recipe">Its recipe.</param>
    /// <param name="dataset">What was trained on.</param>
    /// <param name="measures">What to measure of segmentations beyond counting pixels.</param>
    public static Evaluation Evaluate(RunFolder run, Recipe recipe, Dataset dataset, SegmentationMeasures measures = SegmentationMeasures.All)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(dataset);
        return Scoring.Score(recipe, Judged(run, recipe, dataset), examples: 0, measures: measures).Evaluation;
    }

    /// <summary>The samples that judge the run, each with its network.</summary>
    internal static IReadOnlyList<JudgedSample> Judged(RunFolder run, Recipe recipe, Dataset dataset)
    {
        if (dataset.Test is { } test)
        {
            Predictor all = Predictor.Open(run.FolderPath);
            return [.. Enumerable.Range(0, test.Count).Select(i => new JudgedSample(all, test, i))];
        }
        return HeldOut(run, recipe, dataset);
    }

    /// <summary>Every sample of the trained folds, each with the network that was not trained on it.</summary>
    internal static IReadOnlyList<JudgedSample> HeldOut(RunFolder run, Recipe recipe, Dataset dataset)
    {
        List<JudgedSample> heldOut = [];
        foreach (int fold in Trained(run, recipe))
        {
            Predictor own = Predictor.OfFold(run, recipe, fold);
            TrainingData data = TrainingData.Split(dataset, RecipeOf(recipe, fold));
            heldOut.AddRange(data.Validation.Select(i => new JudgedSample(own, data.Source, i)));
        }
        return heldOut;
    }

    /// <summary>The folds that have weights.</summary>
    /// <exception cref="VoluteException">None has.</exception>
    internal static IReadOnlyList<int> Trained(RunFolder run, Recipe recipe)
    {
        int[] trained = [.. Enumerable.Range(0, recipe.Folds!.Value).Where(fold => File.Exists(Path.Combine(FolderOf(run, fold), "model.safetensors")))];
        return trained.Length > 0 ? trained
            : throw new VoluteException($"'{run.FolderPath}' has no weights yet: no fold was trained to the end of an epoch; go on with: volute train {recipe.Data} --resume --out {run.FolderPath}");
    }

    /// <summary>What one fold trains.</summary>
    public static Recipe RecipeOf(Recipe recipe, int fold)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        return recipe with { Fold = fold, Minutes = recipe.Minutes / recipe.Folds };
    }

    /// <summary>Plans with a fold's share of the time, where wishes ask for all folds.</summary>
    internal static Recipe Of(TrainingWishes wishes, Func<TrainingWishes, Recipe> plan)
    {
        if (wishes.Folds is not { } folds || wishes.Fold != null)
            return plan(wishes);
        Recipe first = plan(wishes with { Fold = 0, Minutes = wishes.Minutes / folds });
        PlanChoice choice = new("Folds", $"{folds} networks", "each sample is held out once; predictions are the mean of all networks", "nnU-Net");
        return first with { Fold = null, Minutes = wishes.Minutes, Choices = [.. first.Choices.Select(c => c.Label == HeldOutLabel ? choice : c)] };
    }

    internal static void Check(TrainingWishes wishes)
    {
        if (wishes.Folds is < 2)
            throw new InvalidArgumentException($"there must be at least 2 folds, got {wishes.Folds}");
        if (wishes.Fold is < 0 || wishes.Fold >= wishes.Folds)
            throw new InvalidArgumentException($"fold {wishes.Fold} is outside of 0..{(wishes.Folds ?? 5) - 1}");
    }

    private static void CheckFolds(Recipe recipe, Dataset dataset)
    {
        if (dataset.Splits is { } splits && splits.Count != recipe.Folds)
            throw new InvalidArgumentException($"the data's own splits are {splits.Count} folds, got --folds {recipe.Folds}");
        if (dataset.Splits == null && dataset.Count == 1 && recipe.Folds != BlockSplit.Folds)
            throw new InvalidArgumentException($"the blocks of a single picture make {BlockSplit.Folds} folds, got --folds {recipe.Folds}");
    }
}
