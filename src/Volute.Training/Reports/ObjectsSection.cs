namespace Volute.Training;

/// <summary>Which objects were found, missed and made up, by their size.</summary>
internal static class ObjectsSection
{
    public static Markup? Of(Evaluation evaluation)
    {
        Markup rows = Markup.Join(evaluation.PerClass.SelectMany(score => (score.Objects ?? []).Where(bin => bin.Reference + bin.FalseAlarms > 0).Select(bin => Row(score.Name, bin))));
        return evaluation.PerClass.All(score => score.Objects == null) ? null : (Markup)$"""
            <section><h2>Objects by size</h2><p class="note" id="objects-note">Connected parts of a class; one is found where an object of the prediction covers it with an IoU of at least 0.5.</p>
            <div class="scroll" role="region" aria-label="Objects by size" tabindex="0"><table aria-describedby="objects-note">
            <thead><tr><th scope="col">Class</th><th scope="col">Size in pixels</th><th scope="col">Objects</th><th scope="col">Found</th><th scope="col">Missed</th><th scope="col">False alarms</th></tr></thead>
            <tbody>{rows}</tbody></table></div></section>
            """;
    }

    private static Markup Row(string name, ObjectBin bin)
    {
        string size = bin.To is { } to ? $"{Wording.Count(bin.From)} to {Wording.Count(to - 1)}" : $"{Wording.Count(bin.From)} and more";
        return $"""
            <tr><th scope="row">{name}</th><td>{size}</td><td>{Wording.Count(bin.Reference)}</td><td>{Wording.Count(bin.Found)}</td><td>{Wording.Count(bin.Reference - bin.Found)}</td><td>{Wording.Count(bin.FalseAlarms)}</td></tr>

            """;
    }
}
