namespace Volute.Training;

/// <summary>The whole page, from the verdict to the hashes.</summary>
internal static class ReportPage
{
    // What is seen first; the rest stands in the table with its definition.
    private static readonly string[] tiles =
        [.. new[] { Metric.Accuracy, Metric.TopAccuracy(5), Metric.F1, Metric.Dice, Metric.Iou, Metric.PixelAccuracy, Metric.PixelError, Metric.Hd95, Metric.ObjectF1, Metric.VRand, Metric.Missed, Metric.Ece }.Select(metric => metric.Name)];

    public static Markup Of(ReportContent content)
    {
        RunSummary summary = content.Summary;
        string title = $"{summary.Run}: {summary.Model}";
        // The policy forbids what the page does not need: with it, not even a mistake here could load or run anything.
        return $"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
            <meta name="color-scheme" content="light dark"><title>{title}</title><style>{Style()}</style></head>
            <body><main>
            <h1>{summary.Run}</h1><p class="subtitle">{summary.Model} · {summary.Data}</p>
            {VerdictSection(content)}{Warnings(summary)}{Tiles(summary)}{CurvesSection.Of(summary, content.Log)}{FoldsSection.Of(summary)}{ClassesSection.Of(summary.Evaluation)}{SizeSection.Of(summary.Evaluation)}{ObjectsSection.Of(summary.Evaluation)}{ConfusionSection.Of(summary.Evaluation)}{CalibrationSection.Of(summary.Evaluation)}{ExamplesSection.Of(content)}{Plan(summary)}{Metrics(summary.Evaluation)}{Provenance(summary)}
            </main></body></html>

            """;
    }

    private static Markup Style()
    {
        Markup style = new();
        style.AppendLiteral(ReportStyle.Css);
        return style;
    }

    private static Markup VerdictSection(ReportContent content) => $"""
        <section class="verdict" aria-label="Verdict"><p class="first">{Verdict.Sentence(content.Summary.Evaluation)}</p>{Verdict.Remarks(content.Summary, content.Log).Select(remark => (Markup)$"<p>{remark}</p>")}</section>
        """;

    private static Markup? Warnings(RunSummary summary) => summary.Warnings.Count == 0 ? null : (Markup)$"""
        <section class="warnings"><h2>About the data</h2><ul>{summary.Warnings.Select(warning => (Markup)$"<li>{warning}</li>")}</ul></section>
        """;

    private static Markup Tiles(RunSummary summary)
    {
        Evaluation evaluation = summary.Evaluation;
        Markup metrics = Markup.Join(evaluation.Metrics.Where(metric => tiles.Contains(metric.Key)).Select(metric =>
            (Markup)$"""<div class="tile"><dt>{Metric.Named(metric.Key).Title}</dt><dd>{Wording.Value(metric.Key, metric.Value)}</dd>{(evaluation.Intervals.TryGetValue(metric.Key, out Interval range) ? (Markup)$"""<dd class="small">{Wording.Range(range)}</dd>""" : null)}</div>"""));
        return $"""<dl class="tiles">{metrics}<div class="tile"><dt>Time taken</dt><dd>{Wording.Duration(summary.Seconds)}</dd><dd class="small">{Wording.Count(summary.Epochs, "epoch")}</dd></div></dl>""";
    }

    private static Markup? Plan(RunSummary summary) => summary.Plan.Count == 0 ? null : (Markup)$"""
        <section><h2>Plan</h2><table class="words"><thead><tr><th scope="col">Choice</th><th scope="col">Value</th><th scope="col">Because</th><th scope="col">Rule of</th></tr></thead>
        <tbody>{summary.Plan.Select(choice => (Markup)$"""<tr><th scope="row">{choice.Label}</th><td>{choice.Value}</td><td>{choice.Reason}</td><td>{choice.Source}</td></tr>""")}</tbody></table></section>
        """;

    private static Markup Metrics(Evaluation evaluation) => $"""
        <section><h2>All metrics and what they mean</h2><table class="words metrics"><thead><tr><th scope="col">Metric</th><th scope="col">Value</th><th scope="col">95 % interval</th><th scope="col">Definition</th></tr></thead>
        <tbody>{evaluation.Metrics.Where(metric => metric.Value != null).Select(metric => (Markup)$"""<tr><th scope="row">{Metric.Named(metric.Key).Title}</th><td>{Wording.Value(metric.Key, metric.Value)}</td><td>{(evaluation.Intervals.TryGetValue(metric.Key, out Interval range) ? Wording.Range(range) : "")}</td><td>{evaluation.Definitions.GetValueOrDefault(metric.Key)}</td></tr>""")}</tbody></table>
        <p class="note">The intervals are bootstrap intervals: the cases (or the groups that they belong to, such as patients) are drawn with replacement, as many as there are, again and again; the interval holds the middle 95 % of the scores. It tells how much chance there is in the choice of the held-out cases, not in the training.</p></section>
        """;

    private static Markup Provenance(RunSummary summary)
    {
        List<(string Name, string Value)> rows = [("Seed", summary.Seed.ToString(System.Globalization.CultureInfo.InvariantCulture))];
        if (summary.Finished is { } finished)
            rows.Add(("Finished", finished.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", System.Globalization.CultureInfo.InvariantCulture)));
        if (summary.Environment is { } environment)
            rows.AddRange([("Volute", environment.Volute), ("Runtime", environment.Runtime), ("System", environment.System),
                ("Processor", $"{environment.Processor}, registers of {environment.Registers}, {Wording.Count(environment.Threads, "thread")}"),
                ("Memory", Wording.Bytes(environment.MemoryBytes))]);
        return $"""
            <section><h2>How to get these numbers again</h2><table class="words"><tbody>{rows.Select(row => (Markup)$"""<tr><th scope="row">{row.Name}</th><td>{row.Value}</td></tr>""")}{summary.Hashes.Select(hash => (Markup)$"""<tr><th scope="row">SHA-256 of {hash.Name}</th><td><code>{hash.Sha256}</code></td></tr>""")}</tbody></table></section>
            """;
    }
}
