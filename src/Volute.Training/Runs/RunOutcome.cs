namespace Volute.Training;

/// <summary>Turns a finished training into what people read: summary.json and report.html, from the best weights.</summary>
public static class RunOutcome
{
    /// <summary>Scores the best weights on the samples that judge them, and writes summary and report.</summary>
    public static RunSummary Write(RunFolder run, Recipe recipe, TrainingData data, CheckpointState state, Action<int, int>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(state);
        Module network = recipe.CreateNetwork();
        Checkpoint.Load(run.ModelPath, network);
        Recipe trained = recipe;
        recipe = OutcomeChoices.Of(recipe, network, data);
        if (recipe != trained)
            Runs.Save(run, recipe);
        Scored scored = Scoring.Score(new Predictor(recipe, network), data.Judge, data.Judged, progress: progress);
        return Write(run, scored, Summary(run, recipe, data.Source, scored.Evaluation) with
        {
            Data = $"{data.Data.Describe()}; {data.Training.Length} to train, {data.Validation.Length} to choose the best epoch by, {data.Judged.Length} judged{(data.JudgesByValidation ? " (the same)" : "")}",
            Model = $"{recipe.Model}, {network.ParameterCount:N0} parameters",
            Epochs = state.Epoch,
            BestEpoch = state.BestEpoch,
            Seconds = state.Seconds,
            Hashes = [NamedHash.OfFile(run.ModelPath), NamedHash.OfFile(run.RecipePath), .. NamedHash.OfImages(data.Source)],
            Log = TrainingLog.Read(run.LogPath),
        });
    }

    /// <summary>Scores the networks of a cross-validation, every sample once, and writes summary and report of all.</summary>
    /// <param name="run">The run of all folds.</param>
    /// <param name="recipe">Its recipe.</param>
    /// <param name="dataset">What was trained on.</param>
    /// <param name="states">Where each trained fold stands, in order.</param>
    /// <param name="progress">Called with samples done and in all.</param>
    public static RunSummary WriteFolds(RunFolder run, Recipe recipe, Dataset dataset, IReadOnlyList<CheckpointState> states, Action<int, int>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(states);
        Recipe trained = recipe;
        if (recipe.Preprocessing is not null)
            recipe = OutcomeChoices.OfVolumes(recipe, CrossValidation.HeldOut(run, recipe, dataset));
        if (recipe != trained)
            Runs.Save(run, recipe);
        IReadOnlyList<JudgedSample> judged = CrossValidation.Judged(run, recipe, dataset);
        Scored scored = Scoring.Score(recipe, judged, progress: progress);
        string[] models = [.. CrossValidation.Trained(run, recipe).Select(fold => Path.Combine(CrossValidation.FolderOf(run, fold), "model.safetensors"))];
        return Write(run, scored, Summary(run, recipe, dataset, scored.Evaluation) with
        {
            Data = $"{dataset.Describe()}; {recipe.Folds} folds, {judged.Count} judged",
            Model = $"{models.Length} networks {recipe.Model}, {Predictor.Open(run.FolderPath).ParameterCount:N0} parameters",
            Epochs = states.Sum(state => state.Epoch),
            Seconds = states.Sum(state => state.Seconds),
            Hashes = [.. models.Select((path, fold) => NamedHash.OfFile(path) with { Name = $"fold-{fold}/model.safetensors" }), NamedHash.OfFile(run.RecipePath), .. NamedHash.OfImages(dataset)],
            Folds = [.. states.Select((state, fold) => Fold(fold, state, scored.Evaluation, judged, isOwn: dataset.Test == null))],
        });
    }

    /// <summary>What every outcome says; the rest is for the caller to fill in.</summary>
    private static RunSummary Summary(RunFolder run, Recipe recipe, Dataset data, Evaluation evaluation) => new()
    {
        Run = run.Name,
        Data = "",
        Model = "",
        Epochs = 0,
        Seconds = 0,
        Minutes = recipe.Minutes,
        PlannedEpochs = recipe.Epochs,
        Finished = DateTimeOffset.UtcNow,
        Seed = recipe.Seed,
        Plan = recipe.Choices,
        Warnings = OutcomeWarnings.Of(data, evaluation),
        Environment = RunEnvironment.Current(Settings.Threads),
        Evaluation = evaluation,
    };

    private static RunSummary Write(RunFolder run, Scored scored, RunSummary summary)
    {
        run.WriteSummary(summary);
        Report.Write(run.ReportPath, new ReportContent(summary, summary.Log) { Worst = scored.Worst, Median = scored.Median, Best = scored.Best });
        return summary;
    }

    private static FoldSummary Fold(int fold, CheckpointState state, Evaluation evaluation, IReadOnlyList<JudgedSample> judged, bool isOwn)
    {
        // Folds are judged one behind the other, each by a network of its own.
        Predictor[] networks = [.. judged.Select(sample => sample.Predictor).Distinct()];
        double[] scores = [.. evaluation.PerCase.Where((_, i) => isOwn && judged[i].Predictor == networks[fold]).Select(Score)];
        double[] known = [.. scores.Where(score => !double.IsNaN(score))];
        return new FoldSummary(fold, scores.Length, known.Length > 0 ? known.Average() : null, state.Epoch, state.BestEpoch, state.Seconds);
    }

    private static double Score(CaseScore score) => score.Dice ?? (score.Reference == score.Predicted ? 1 : 0);
}
