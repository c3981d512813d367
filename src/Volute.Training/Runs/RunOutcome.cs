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
        if (recipe.Preprocessing is not null && WorthKeeping(recipe, network, data) is { IsNothing: false } postprocessing)
        {
            recipe = recipe with
            {
                Postprocessing = postprocessing,
                Choices = [.. recipe.Choices, new("After prediction", postprocessing.Describe(recipe.Classes), "it raises the Dice of the held-out volumes and lowers that of no class", "nnU-Net")],
            };
            Runs.Save(run, recipe);
        }
        Scored scored = Scoring.Score(new Predictor(recipe, network), data.Judge, data.Judged, progress: progress);
        RunSummary summary = new()
        {
            Run = run.Name,
            Data = $"{data.Data.Describe()}; {data.Training.Length} to train, {data.Validation.Length} to choose the best epoch by, {data.Judged.Length} judged{(data.JudgesByValidation ? " (the same)" : "")}",
            Model = $"{recipe.Model}, {network.ParameterCount:N0} parameters",
            Epochs = state.Epoch,
            BestEpoch = state.BestEpoch,
            Seconds = state.Seconds,
            Finished = DateTimeOffset.UtcNow,
            Seed = recipe.Seed,
            Plan = recipe.Choices,
            Environment = RunEnvironment.Current(Settings.Threads),
            Hashes = [NamedHash.OfFile(run.ModelPath), NamedHash.OfFile(run.RecipePath)],
            Evaluation = scored.Evaluation,
        };
        run.WriteSummary(summary);
        Report.Write(run.ReportPath, new ReportContent(summary, TrainingLog.Read(run.LogPath)) { Worst = scored.Worst, Best = scored.Best });
        return summary;
    }

    /// <summary>Whether the largest components alone are the better predictions, by the volumes that chose the best epoch.</summary>
    private static Postprocessing WorthKeeping(Recipe recipe, Module network, TrainingData data)
    {
        Predictor predictor = new(recipe, network);
        Postprocessing.Choice choice = new(recipe.Classes.Count);
        foreach (int index in data.Validation)
        {
            Sample sample = data.Source[index];
            choice.Add(predictor.Segment(sample, probabilities: false).Classes, sample.Labels, new PixelGrid(sample.LabelShape));
        }
        return choice.Decide();
    }
}
