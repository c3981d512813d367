namespace Volute.Training;

/// <summary>A row a fold of a cross-validation.</summary>
internal static class FoldsSection
{
    public static Markup? Of(RunSummary summary)
    {
        if (summary.Folds.Count == 0)
            return null;
        // Where the data have test samples of their own, no fold has cases to judge.
        bool judges = summary.Folds.Any(fold => fold.Cases > 0);
        string[] titles = ["Fold", .. judges ? (string[])["Cases", summary.Evaluation.Task == "segmentation" ? "Mean Dice of its cases" : "Accuracy of its cases"] : [], "Best epoch", "Epochs", "Time"];
        string note = judges ? "Each case was judged by the network that was trained without it." : "All networks together judged the data's own test samples.";
        return (Markup)$"""
            <section><h2>Folds</h2><p class="note" id="folds-note">{note} Each folder fold-0, fold-1, … is a run with its own log.csv.</p>
            <div class="scroll" role="region" aria-label="Folds" tabindex="0"><table aria-describedby="folds-note">
            <thead><tr>{titles.Select(title => (Markup)$"""<th scope="col">{title}</th>""")}</tr></thead>
            <tbody>{summary.Folds.Select(fold => (Markup)$"""<tr><th scope="row">{fold.Fold}</th>{(judges ? (Markup)$"<td>{Wording.Count(fold.Cases)}</td><td>{Wording.Score(fold.Score)}</td>" : null)}<td>{fold.BestEpoch}</td><td>{fold.Epochs}</td><td>{Wording.Duration(fold.Seconds)}</td></tr>""")}</tbody></table></div></section>
            """;
    }
}
