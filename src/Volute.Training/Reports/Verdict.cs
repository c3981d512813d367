namespace Volute.Training;

/// <summary>What the numbers say, in sentences: the score and how sure it is, what it must beat, the weak spots, how the training went.</summary>
internal static class Verdict
{
    /// <summary>The one sentence that stands first.</summary>
    public static string Sentence(Evaluation evaluation)
    {
        string cases = Wording.Count(evaluation.Cases, evaluation.Task == "classification" ? "held-out picture" : "held-out case");
        double score = evaluation.Metrics.GetValueOrDefault(evaluation.Headline) ?? double.NaN;
        if (evaluation.Cases == 0)
            return "No case was held out, so that nothing is known about how good the model is.";
        if (double.IsNaN(score))
            return $"{Metric.Named(evaluation.Headline).Title} does not apply: in the {cases} no class of interest occurs.";
        string interval = evaluation.Intervals.TryGetValue(evaluation.Headline, out Interval range) ? $" (95 % interval {Wording.Range(range)})" : "";
        return $"On {cases} the model reaches {Named(evaluation.Headline)} of {Wording.Score(score)}{interval}.";
    }

    /// <summary>The sentences behind it.</summary>
    public static IReadOnlyList<string> Remarks(RunSummary summary, IReadOnlyList<TrainingLogRow> log)
        => [.. Baseline(summary.Evaluation), .. WeakSpots(summary.Evaluation), .. Course(summary, log)];

    private static IEnumerable<string> Baseline(Evaluation evaluation)
    {
        if (evaluation.Confusion.Length == 0)
            yield break;
        Confusion confusion = Confusion.FromRows(evaluation.Confusion);
        (double always, int most) = confusion.Majority;
        if (double.IsNaN(always))
            yield break;
        string name = evaluation.LabelNames[most];
        bool classified = evaluation.Task == "classification";
        string metric = classified ? Metric.Accuracy.Name : Metric.PixelAccuracy.Name;
        yield return confusion.Accuracy > always
            ? $"Always answering “{name}” would give {Named(metric)} of {Wording.Score(always)}{(classified ? "" : $"; the model has {Wording.Score(confusion.Accuracy)}")}."
            : $"The model is no better than always answering “{name}”, which gives {Named(metric)} of {Wording.Score(always)}; it has {Wording.Score(confusion.Accuracy)}.";
    }

    private static IEnumerable<string> WeakSpots(Evaluation evaluation)
    {
        ClassScore[] interesting = [.. evaluation.PerClass.Where((score, c) => c != evaluation.Background && !double.IsNaN(Quality(score)))];
        if (interesting.Length > 1)
        {
            ClassScore weakest = interesting.MinBy(Quality)!;
            yield return $"The weakest {(evaluation.Labels is null ? "class" : "region")} is “{weakest.Name}” with {Wording.Score(Quality(weakest))}.";
        }
        foreach (ClassScore missed in interesting.Where(score => score.Missed > 0).OrderByDescending(score => score.Missed).Take(3))
            yield return $"“{missed.Name}” was missed altogether in {Wording.Count(missed.Missed!.Value, "case")}.";
    }

    private static IEnumerable<string> Course(RunSummary summary, IReadOnlyList<TrainingLogRow> log)
    {
        if (log.FirstOrDefault(row => !double.IsFinite(row.TrainLoss)) is { } diverged)
        {
            yield return $"The loss stopped being a number in epoch {diverged.Epoch}: a lower learning rate is needed.";
            yield break;
        }
        if (summary.Minutes is { } minutes)
            yield return $"{Wording.Duration(60 * minutes)} were promised, the final scoring included; training ended after {Wording.Duration(summary.Seconds)}.";
        bool overfitted = Overfitted(summary, log, out int lowest);
        if (summary.BestEpoch is { } best)
            yield return best > 0.9 * summary.Epochs && summary.Epochs >= 10 && !overfitted
                ? $"The best epoch was {best} of {summary.Epochs}, near the end: longer training may help."
                : $"The best epoch was {best} of {summary.Epochs}.";
        if (overfitted)
            yield return $"After epoch {lowest} the validation loss rose while the training loss fell (overfitting): more data or more augmentation may help.";
    }

    /// <summary>Whether the validation loss lies well above its minimum of long ago while the training loss went on falling.</summary>
    private static bool Overfitted(RunSummary summary, IReadOnlyList<TrainingLogRow> log, out int lowestEpoch)
    {
        TrainingLogRow[] validated = [.. log.Where(row => row.ValidationLoss is { } loss && double.IsFinite(loss))];
        TrainingLogRow? lowest = validated.MinBy(row => row.ValidationLoss);
        lowestEpoch = lowest?.Epoch ?? 0;
        if (lowest == null || validated.Length < 5)
            return false;
        // A fifth above the minimum, over a fifth of the epochs, is more than the jitter of a training that goes well.
        TrainingLogRow last = validated[^1];
        return last.ValidationLoss > lowest.ValidationLoss + 0.2 * Math.Abs(lowest.ValidationLoss!.Value) && last.TrainLoss < lowest.TrainLoss
            && last.Epoch - lowest.Epoch >= 0.2 * summary.Epochs;
    }

    /// <summary>The score that classes are compared by.</summary>
    public static double Quality(ClassScore score) => score.Dice ?? score.F1 ?? double.NaN;

    private static string Named(string metric) => metric switch
    {
        "accuracy" => "an accuracy",
        "pixelAccuracy" => "a pixel accuracy",
        "dice" => "a Dice coefficient",
        _ => $"the score “{Metric.Named(metric).Title}”",
    };
}
