namespace Volute.Training;

/// <summary>Dice against the size of what was to be found: whether small things are the weak spot.</summary>
internal static class SizeSection
{
    private const int MaxClasses = 12;

    public static Markup? Of(Evaluation evaluation)
    {
        // A class that a case has not has no size there.
        var known = evaluation.PerCase.SelectMany(row => (row.PerClass ?? []).Select((score, c) => (Case: row.Name, Score: score, Class: c)))
            .Where(item => item.Class != evaluation.Background && item.Score.Reference > 0 && item.Score.Dice is { } dice && double.IsFinite(dice)).ToArray();
        // Regions have no background, whose colour is the page's.
        int first = evaluation.Labels is null ? 0 : 1;
        PlotDots[] dots = [.. known.GroupBy(item => item.Class).OrderBy(group => group.Key).Take(MaxClasses)
            .Select(group => new PlotDots(group.Key + first, [.. group.Select(item => ((double)item.Score.Reference, item.Score.Dice!.Value, $"{item.Case}, {item.Score.Name}"))]))];
        ScatterPlot plot = new("Dice of each class in each case against its size in the reference", "pixels in the reference", dots);
        if (known.Length < 2 || plot.ToSvg() is not { } svg)
            return null;
        Markup legend = Markup.Join(dots.Select(group => (Markup)$"<li>{ClassesSection.Swatch(group.Class)}{evaluation.PerClass[group.Class - first].Name}</li>"));
        return (Markup)$"""
            <section><h2>Dice against size</h2><p class="note">A dot is a class in a case; the numbers stand in summary.json, under perCase.</p><ul class="legend">{legend}</ul><figure class="single">{svg}</figure></section>
            """;
    }
}
