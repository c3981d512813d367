namespace Volute.Training;

/// <summary>Loss and metrics against the epoch, or the time where time was promised, with the same numbers as a table.</summary>
internal static class CurvesSection
{
    private const int MaxRows = 60, MaxLines = 4;

    // From this ratio of the largest to the smallest loss on, a linear axis shows only the beginning.
    private const double LogarithmicFrom = 30;

    public static Markup? Of(RunSummary summary, IReadOnlyList<TrainingLogRow> log)
    {
        if (log.Count == 0)
            return null;
        RunTime time = RunTime.Of(summary, log);
        PlotLine[] losses = [Line("training", log, time, row => row.TrainLoss), Line("validation", log, time, row => row.ValidationLoss)];
        double[] values = [.. losses.SelectMany(line => line.Points).Select(p => p.Y).Where(double.IsFinite)];
        bool logarithmic = values.Length > 0 && values.Min() > 0 && values.Max() / values.Min() > LogarithmicFrom;
        LinePlot loss = new($"Loss against the {time.Title}", time.Title, [.. losses.Where(HasPoints)]) { Marks = time.Marks, WholeX = time.IsWhole, FirstX = time.IsWhole ? double.PositiveInfinity : 0, LogarithmicY = logarithmic };
        PlotLine[] scores = [.. Metrics(summary.Evaluation.Headline, log)
            .Select(metric => Line(metric.Title, log, time, row => row.Metrics.GetValueOrDefault(metric.Name))).Where(HasPoints).Take(MaxLines)];
        LinePlot score = new($"Metrics of the held-out cases against the {time.Title}", time.Title, scores) { Marks = time.Marks, WholeX = time.IsWhole, FirstX = time.IsWhole ? double.PositiveInfinity : 0 };
        return (Markup)$"""
            <section><h2>Learning curves</h2><div class="plots">{Figure(loss, logarithmic ? "Loss (logarithmic axis)" : "Loss")}{Figure(score, "Held-out cases")}</div>
            {Table(log)}</section>
            """;
    }

    private static Markup? Figure(LinePlot plot, string caption)
        => plot.ToSvg() is { } svg ? (Markup)$"<figure><figcaption><b>{caption}</b>{plot.Legend()}</figcaption>{svg}</figure>" : null;

    /// <summary>The headline first; only those that share its direction, for one axis cannot mean both.</summary>
    private static IEnumerable<Metric> Metrics(string headline, IReadOnlyList<TrainingLogRow> log)
        => log[0].Metrics.Keys.OrderByDescending(name => name == headline).Select(Metric.Named).Where(metric => metric.HigherIsBetter == Metric.Named(headline).HigherIsBetter);

    private static PlotLine Line(string name, IReadOnlyList<TrainingLogRow> log, RunTime time, Func<TrainingLogRow, double?> value)
        => new(name, [.. log.Select((row, i) => (time.At[i], value(row))).Where(p => p.Item2 != null).Select(p => (p.Item1, p.Item2!.Value))]);

    private static bool HasPoints(PlotLine line) => line.Points.Any(p => double.IsFinite(p.Y));

    private static Markup Table(IReadOnlyList<TrainingLogRow> log)
    {
        int every = (log.Count + MaxRows - 1) / MaxRows;
        string[] metrics = [.. log[0].Metrics.Keys];
        // Counted from the end, so that the last epoch is always there.
        IEnumerable<Markup> rows = log.Where((_, i) => (log.Count - 1 - i) % every == 0).Select(row => (Markup)$"""
            <tr><th scope="row">{row.Epoch}</th><td>{Wording.Significant(row.LearningRate)}</td><td>{Wording.Significant(row.TrainLoss)}</td><td>{(row.ValidationLoss is { } loss ? Wording.Significant(loss) : "")}</td>{metrics.Select(name => (Markup)$"<td>{Wording.Score(row.Metrics.GetValueOrDefault(name))}</td>")}<td>{Wording.Duration(row.Seconds)}</td></tr>
            """);
        return (Markup)$"""
            <details><summary>The numbers{(every > 1 ? $" (every {every} epochs; all are in log.csv)" : "")}</summary>
            <div class="scroll" role="region" aria-label="Numbers of the learning curves" tabindex="0"><table>
            <thead><tr><th scope="col">Epoch</th><th scope="col">Learning rate</th><th scope="col">Training loss</th><th scope="col">Validation loss</th>{metrics.Select(name => (Markup)$"""<th scope="col">{Metric.Named(name).Title}</th>""")}<th scope="col">Time</th></tr></thead>
            <tbody>{rows}</tbody></table></div></details>
            """;
    }
}
