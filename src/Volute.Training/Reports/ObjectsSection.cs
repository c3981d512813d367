namespace Volute.Training;

/// <summary>Which objects were found, missed and made up, by their size.</summary>
internal static class ObjectsSection
{
    public static Markup? Of(Evaluation evaluation)
    {
        long most = evaluation.PerClass.SelectMany(score => score.Objects ?? []).Select(bin => bin.Reference + bin.FalseAlarms).DefaultIfEmpty(0).Max();
        Markup rows = Markup.Join(evaluation.PerClass.SelectMany(score => (score.Objects ?? []).Where(bin => bin.Reference + bin.FalseAlarms > 0).Select(bin => Row(score.Name, bin, most))));
        return evaluation.PerClass.All(score => score.Objects == null) ? null : (Markup)$"""
            <section><h2>Objects by size</h2><p class="note" id="objects-note">Connected parts of a class; one is found where an object of the prediction covers it with an IoU of at least 0.5.</p>
            <div class="scroll" role="region" aria-label="Objects by size" tabindex="0"><table aria-describedby="objects-note">
            <thead><tr><th scope="col">Class</th><th scope="col">Size in pixels</th><th scope="col">Objects</th><th scope="col">Found</th><th scope="col">Missed</th><th scope="col">False alarms</th><th scope="col">found, missed, false alarms</th></tr></thead>
            <tbody>{rows}</tbody></table></div></section>
            """;
    }

    private static Markup Row(string name, ObjectBin bin, long most)
    {
        string size = bin.To is { } to ? $"{Wording.Count(bin.From)} to {Wording.Count(to - 1)}" : $"{Wording.Count(bin.From)} and more";
        return $"""
            <tr><th scope="row">{name}</th><td>{size}</td><td>{Wording.Count(bin.Reference)}</td><td>{Wording.Count(bin.Found)}</td><td>{Wording.Count(bin.Reference - bin.Found)}</td><td>{Wording.Count(bin.FalseAlarms)}</td><td>{Bar(bin, most)}</td></tr>

            """;
    }

    /// <summary>Three bars one behind the other; they repeat what the cells beside them say, and are hidden from those who hear the table.</summary>
    private static Markup Bar(ObjectBin bin, long most)
    {
        const int Width = 160;
        double found = (double)Width * bin.Found / most, missed = (double)Width * (bin.Reference - bin.Found) / most, alarms = (double)Width * bin.FalseAlarms / most;
        return $"""<svg class="bars" viewBox="0 0 {Width} 14" aria-hidden="true"><rect style="fill:{Color(0)}" x="0" width="{found:0.#}" height="14"/><rect style="fill:{Color(1)}" x="{found:0.#}" width="{missed:0.#}" height="14"/><rect style="fill:{Color(2)}" x="{found + missed:0.#}" width="{alarms:0.#}" height="14"/></svg>""";
    }

    /// <summary>The colours of the error pictures: hit, miss, false alarm.</summary>
    private static string Color(int kind)
    {
        var (red, green, blue, _) = LabelPictures.ErrorLegend[kind].Color;
        return $"rgb({red} {green} {blue})";
    }
}
