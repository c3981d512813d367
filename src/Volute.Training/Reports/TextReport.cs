using System.Text;

namespace Volute.Training;

/// <summary>The same in a few lines for a console: verdict, metrics, classes, warnings.</summary>
internal static class TextReport
{
    private const int MaxClasses = 20;

    public static string Of(RunSummary summary, IReadOnlyList<TrainingLogRow> log)
    {
        Evaluation evaluation = summary.Evaluation;
        StringBuilder text = new();
        text.Append($"{Verdict.Sentence(evaluation)}\n");
        foreach (string remark in Verdict.Remarks(summary, log))
            text.Append($"{remark}\n");
        text.Append('\n');
        foreach ((string name, double? value) in evaluation.Metrics)
            if (value != null)
                text.Append($"  {Metric.Named(name).Title,-24}{Wording.Value(name, value),7}{(evaluation.Intervals.TryGetValue(name, out Interval range) ? $"   {Wording.Range(range)}" : "")}\n");
        text.Append($"\n{Classes(evaluation)}");
        foreach (string warning in summary.Warnings)
            text.Append($"warning: {warning}\n");
        text.Append($"Trained {Wording.Count(summary.Epochs, "epoch")} in {Wording.Duration(summary.Seconds)}.\n");
        return Printable(text.ToString());
    }

    private static string Classes(Evaluation evaluation)
    {
        bool segmentation = evaluation.Task == "segmentation";
        string score = segmentation ? Metric.Dice.Name : Metric.F1.Name;
        List<string[]> rows = [[evaluation.Labels is null ? "class" : "region", Metric.Named(score).Title, "95 % interval", "precision", "recall", segmentation ? "cases" : "pictures"]];
        foreach (ClassScore c in evaluation.PerClass.Take(MaxClasses))
            rows.Add([c.Name, Wording.Score(Verdict.Quality(c)), c.Intervals.TryGetValue(score, out Interval range) ? Wording.Range(range) : "",
                Wording.Score(c.Precision), Wording.Score(c.Recall), Wording.Count(segmentation ? c.Cases : c.Reference)]);
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        StringBuilder text = new();
        foreach (string[] row in rows)
            text.Append("  ").Append(row[0].PadRight(widths[0])).AppendJoin("", row.Skip(1).Select((cell, i) => "  " + cell.PadLeft(widths[i + 1]))).Append('\n');
        if (evaluation.PerClass.Count > MaxClasses)
            text.Append($"  and {evaluation.PerClass.Count - MaxClasses} more classes in the report\n");
        return text.Append('\n').ToString();
    }

    /// <summary>Names come from files: what would move a terminal's cursor or colour its text is shown as a question mark.</summary>
    private static string Printable(string text) => string.Concat(text.Select(c => c != '\n' && char.IsControl(c) ? '?' : c));
}
