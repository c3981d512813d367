namespace Volute.Training;

/// <summary>Which class was taken for which: the whole matrix of few classes, the most frequent confusions of many.</summary>
internal static class ConfusionSection
{
    private const int MaxClasses = 20, MaxConfusions = 20;

    public static Markup? Of(Evaluation evaluation)
    {
        if (evaluation.Confusion.Length == 0)
            return (Markup)$"""<section><h2>Confusions</h2><p class="note">Left out: the values that are written for regions do not tell all labels apart ({string.Join(", ", evaluation.LabelNames)}).</p></section>""";
        Confusion confusion = Confusion.FromRows(evaluation.Confusion);
        if (confusion.Total == 0)
            return null;
        string what = evaluation.Task == "classification" ? "pictures" : "pixels";
        string[] names = [.. evaluation.LabelNames];
        bool whole = names.Length <= MaxClasses;
        AreaScores? areas = evaluation.Areas;
        string note = whole ? $"A row holds the {what} of one reference class: the share that was predicted as each class, and {(areas == null ? "how many" : $"how much ground in {areas.Unit}")}."
            : $"The most frequent confusions of {names.Length} classes, in {what}; the whole matrix is in summary.json.";
        Markup table = whole ? Matrix(confusion, names, areas) : Largest(confusion, names);
        return (Markup)$"""<section><h2>Confusions</h2><p class="note" id="confusions-note">{note}</p><div class="scroll" role="region" aria-label="Confusion matrix" tabindex="0">{table}</div></section>""";
    }

    private static Markup Matrix(Confusion confusion, string[] names, AreaScores? areas) => $"""
        <table class="matrix" aria-describedby="confusions-note">
        <thead><tr><th scope="col">Reference \ predicted</th>{names.Select(name => (Markup)$"""<th scope="col">{name}</th>""")}</tr></thead>
        <tbody>{names.Select((name, r) => (Markup)$"""<tr><th scope="row">{name}</th>{names.Select((_, p) => Cell(confusion, r, p, areas))}</tr>""")}</tbody></table>
        """;

    private static Markup Cell(Confusion confusion, int r, int p, AreaScores? areas)
    {
        long reference = confusion.Of(r).Reference, count = confusion[r, p];
        if (reference == 0)
            return (Markup)$"<td>n/a</td>";
        if (count == 0)
            return (Markup)$"""<td class="nothing">0</td>""";
        double share = (double)count / reference;
        // Between pale and strong the text's contrast would fail either way; the tint jumps over that range.
        int tint = (int)Math.Round(share <= 0.5 ? 70 * share : 100 * (0.85 + 0.3 * (share - 0.5)));
        return $"""<td class="{(r == p ? "right" : "wrong")}{(share > 0.5 ? " strong" : "")}" style="--tint:{tint}%">{Percent(share, count)}<small>{(areas == null ? Wording.Short(count) : Wording.Significant(areas.Confusion[r][p]))}</small></td>""";
    }

    private static string Percent(double share, long count)
        => count > 0 && share < 0.001 ? "<0.1 %" : share is > 0.999 and < 1 ? ">99.9 %" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{100 * share:0.#} %");

    private static Markup Largest(Confusion confusion, string[] names)
    {
        var pairs = Enumerable.Range(0, names.Length).SelectMany(r => Enumerable.Range(0, names.Length).Select(p => (r, p, Count: confusion[r, p])))
            .Where(pair => pair.r != pair.p && pair.Count > 0).OrderByDescending(pair => pair.Count).Take(MaxConfusions);
        return $"""
            <table aria-describedby="confusions-note">
            <thead><tr><th scope="col">Reference</th><th scope="col">Predicted</th><th scope="col">Count</th><th scope="col">Share of the reference</th></tr></thead>
            <tbody>{pairs.Select(pair => (Markup)$"""<tr><th scope="row">{names[pair.r]}</th><td>{names[pair.p]}</td><td>{Wording.Count(pair.Count)}</td><td>{Percent((double)pair.Count / confusion.Of(pair.r).Reference, pair.Count)}</td></tr>""")}</tbody></table>
            """;
    }
}
