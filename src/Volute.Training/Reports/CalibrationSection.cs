namespace Volute.Training;

/// <summary>How often answers are right that the model is so and so sure of.</summary>
internal static class CalibrationSection
{
    public static Markup? Of(Evaluation evaluation)
    {
        if (evaluation.Calibration is not { } calibration)
            return null;
        Markup rows = Markup.Join(calibration.Bins.Where(bin => bin.Count > 0).Select(bin => (Markup)$"""
            <tr><th scope="row">{Wording.Score(bin.From)} to {Wording.Score(bin.To)}</th><td>{Wording.Short(bin.Count)}</td><td>{Wording.Score(bin.Confidence)}</td><td>{Wording.Score(bin.Accuracy)}</td></tr>

            """));
        string what = evaluation.Task == "classification" ? "Pictures" : "Pixels";
        return (Markup)$"""
            <section><h2>Calibration</h2><p class="note" id="calibration-note">{Sentence(calibration)}</p>
            <div class="scroll" role="region" aria-label="Reliability" tabindex="0"><table aria-describedby="calibration-note">
            <thead><tr><th scope="col">Confidence</th><th scope="col">{what}</th><th scope="col">Mean confidence</th><th scope="col">Accuracy</th></tr></thead>
            <tbody>{rows}</tbody></table></div></section>
            """;
    }

    private static string Sentence(CalibrationScore calibration)
    {
        string sure = calibration.Temperature switch { > 1.05 => "The model is too sure of itself", < 0.95 => "The model is not sure enough of itself", _ => "The model is about as sure as it is right" };
        return $"{sure}: confidence and accuracy differ by {Wording.Score(calibration.Ece)} on average, and by {Wording.Score(calibration.EceScaled)} when scores are divided by {Wording.Score(calibration.Temperature)}.";
    }
}
