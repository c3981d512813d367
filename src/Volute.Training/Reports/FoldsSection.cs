namespace Volute.Training;

/// <summary>A row a fold of a cross-validation.</summary>
internal static class FoldsSection
{
    public static Markup? Of(RunSummary summary)
    {
        if (summary.Folds.Count == 0)
            return null;
        string score = summary.Evaluation.Task == "segmentation" ? "Mean Dice of its cases" : "Accuracy of its cases";
        return (Markup)$"""
            <section><h2>Folds</h2><p class="note" id="folds-note">Each network was trained without its cases. Each folder fold-0, fold-1, … is a run with its own log.csv.</p>
            <div class="scroll" role="region" aria-label="Folds" tabindex="0"><table aria-describedby="folds-note">
            <thead><tr><th scope="col">Fold</th><th scope="col">Cases</th><th scope="col">{score}</th><th scope="col">Best epoch</th><th scope="col">Epochs</th><th scope="col">Time</th></tr></thead>
            <tbody>{summary.Folds.Select(fold => (Markup)$"""<tr><th scope="row">{fold.Fold}</th><td>{Wording.Count(fold.Cases)}</td><td>{Wording.Score(fold.Score)}</td><td>{fold.BestEpoch}</td><td>{fold.Epochs}</td><td>{Wording.Duration(fold.Seconds)}</td></tr>""")}</tbody></table></div></section>
            """;
    }
}
