namespace Volute.Training;

/// <summary>A row a class: scores with their intervals, how much of it there is, how often it was missed.</summary>
internal static class ClassesSection
{
    private const int MaxClasses = 40;

    public static Markup Of(Evaluation evaluation)
    {
        bool segmentation = evaluation.Task == "segmentation";
        (ClassScore Score, int Class)[] rows = [.. evaluation.PerClass.Select((score, c) => (score, c))];
        bool shortened = rows.Length > MaxClasses;
        if (shortened)
            rows = [.. rows.Where(row => !double.IsNaN(Verdict.Quality(row.Score))).OrderBy(row => Verdict.Quality(row.Score)).Take(MaxClasses)];
        string note = shortened ? $"The {rows.Length} weakest of {evaluation.PerClass.Count} classes; all are in summary.json."
            : evaluation.Labels is not null ? "Each region against all else: a pixel may be of several. Means over the cases that have the region, with bootstrap 95 % intervals."
            : segmentation ? "Means over the cases that have the class, with bootstrap 95 % intervals." : "Scores of all pictures, with bootstrap 95 % intervals.";
        Metric metric = segmentation ? Metric.Dice : Metric.F1;
        double low = Whisker.Low(rows.Where(row => !double.IsNaN(Verdict.Quality(row.Score)))
            .Select(row => row.Score.Intervals.TryGetValue(metric.Name, out Interval range) ? range.Low : Verdict.Quality(row.Score)));
        string[] titles = segmentation
            ? [evaluation.Labels is null ? "Class" : "Region", metric.Title, "95 % interval", $"{low} to 1", "IoU", "Precision", "Recall", "Dice, pooled", "Volume error",
                .. evaluation.DistanceUnit is { } unit ? new[] { $"HD95 ({unit})", $"ASSD ({unit})", "NSD", "Object F1" } : [], "Pixels", "Cases", "Missed", .. evaluation.DistanceUnit != null ? new[] { "False alarms" } : []]
            : ["Class", metric.Title, "95 % interval", $"{low} to 1", "Precision", "Recall", "Pictures", "Predicted"];
        Markup body = Markup.Join(rows.Select(row =>
        {
            Markup interval = IntervalCells(row.Score, metric, low);
            return segmentation ? Segmented(evaluation, row.Score, row.Class, interval) : Classified(row.Score, interval);
        }));
        return (Markup)$"""
            <section><h2>{(evaluation.Labels is null ? "Classes" : "Regions")}</h2><p class="note" id="classes-note">{note}</p><div class="scroll" role="region" aria-label="Scores of the classes" tabindex="0"><table aria-describedby="classes-note">
            <thead><tr>{titles.Select(title => (Markup)$"""<th scope="col">{title}</th>""")}</tr></thead><tbody>{body}</tbody></table></div></section>
            """;
    }

    private static Markup Segmented(Evaluation evaluation, ClassScore score, int c, Markup interval) => $"""
        <tr><th scope="row">{(evaluation.Labels is null ? Swatch(c) : null)}{score.Name}{(c == evaluation.Background && score.Name != "background" ? " (background)" : "")}</th><td><b>{Wording.Score(score.Dice)}</b></td>{interval}<td>{Wording.Score(score.Iou)}</td><td>{Wording.Score(score.Precision)}</td><td>{Wording.Score(score.Recall)}</td><td>{Wording.Score(score.DicePooled)}</td><td>{Wording.Signed(score.VolumeError, evaluation.VolumeUnit)}</td>{Cells(evaluation, Wording.Score(score.Hd95), Wording.Score(score.Assd), Wording.Score(score.Nsd), Wording.Score(score.ObjectF1))}<td>{Wording.Short(score.Reference)}</td><td>{score.Cases} of {evaluation.Cases}</td><td>{score.Missed ?? 0}</td>{Cells(evaluation, score.FalseAlarms is { } alarms ? Wording.Count(alarms) : "")}</tr>

        """;

    /// <summary>What is known only where the pixels have a place.</summary>
    private static Markup? Cells(Evaluation evaluation, params string[] texts)
        => evaluation.DistanceUnit == null ? null : Markup.Join(texts.Select(text => (Markup)$"<td>{text}</td>"));

    private static Markup Classified(ClassScore score, Markup interval) => $"""
        <tr><th scope="row">{score.Name}</th><td><b>{Wording.Score(score.F1)}</b></td>{interval}<td>{Wording.Score(score.Precision)}</td><td>{Wording.Score(score.Recall)}</td><td>{Wording.Count(score.Reference)}</td><td>{Wording.Count(score.Predicted)}</td></tr>

        """;

    private static Markup IntervalCells(ClassScore score, Metric metric, double low)
    {
        Interval? interval = score.Intervals.TryGetValue(metric.Name, out Interval range) ? range : null;
        return $"<td>{(interval is { } i ? Wording.Range(i) : "")}</td><td>{Whisker.ToSvg(Verdict.Quality(score), interval, low)}</td>";
    }

    /// <summary>The colour that the class has in the pictures.</summary>
    public static Markup Swatch(int c)
    {
        var (red, green, blue, _) = LabelPalette.Of(c);
        return $"""<span class="swatch" style="background:rgb({red} {green} {blue})"></span>""";
    }
}
