namespace Volute.Training;

/// <summary>Dots of one class.</summary>
/// <param name="Class">The number of the class, which gives the colour.</param>
/// <param name="Points">Where the dots are, and what each is.</param>
internal sealed record PlotDots(int Class, IReadOnlyList<(double X, double Y, string Name)> Points);

/// <summary>Scores from 0 to 1 against a size, whose axis is logarithmic.</summary>
/// <param name="Title">What is shown, for those who cannot see it.</param>
/// <param name="XTitle">Under the horizontal axis.</param>
/// <param name="Dots">One for each class; sizes above 0.</param>
internal sealed record ScatterPlot(string Title, string XTitle, IReadOnlyList<PlotDots> Dots)
{
    // More would make the page heavy, and hide each other.
    private const int MaxDots = 2000;

    /// <summary>The picture; null where there is no dot.</summary>
    public Markup? ToSvg()
    {
        double[] sizes = [.. Dots.SelectMany(dots => dots.Points).Select(p => p.X)];
        if (sizes.Length == 0)
            return null;
        PlotFrame frame = new(Ticks.Log(sizes.Min() / 1.3, sizes.Max() * 1.3), Ticks.Linear(0, 1, 5), XTitle);
        int every = (sizes.Length + MaxDots - 1) / MaxDots;
        return frame.ToSvg(Title, Markup.Join(Dots.Select(dots => Draw(dots, frame, every))));
    }

    private static Markup Draw(PlotDots dots, PlotFrame frame, int every)
    {
        var (red, green, blue, _) = LabelPalette.Of(dots.Class);
        return (Markup)$"""<g class="dots" style="fill:rgb({red} {green} {blue})">{dots.Points.Where((_, i) => i % every == 0).Select(point => (Markup)
            $"""<circle cx="{frame.XOf(point.X):0.#}" cy="{frame.YOf(point.Y):0.#}" r="4"><title>{point.Name}: {Wording.Score(point.Y)}</title></circle>""")}</g>""";
    }
}
