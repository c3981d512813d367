namespace Volute.Training;

/// <summary>Dots of one class.</summary>
/// <param name="Class">The number of the class, which gives the colour.</param>
/// <param name="Points">Where the dots are, and what each is.</param>
internal sealed record PlotDots(int Class, IReadOnlyList<(double X, double Y, string Name)> Points);

/// <summary>Scores up to 1 against a size.</summary>
/// <param name="Title">What is shown, for those who cannot see it.</param>
/// <param name="XTitle">Under the horizontal axis.</param>
/// <param name="Dots">One for each class; sizes above 0.</param>
internal sealed record ScatterPlot(string Title, string XTitle, IReadOnlyList<PlotDots> Dots)
{
    // Sizes that differ more than this are spread evenly by a logarithmic axis only.
    private const double LogarithmicFrom = 8;

    // More would make the page heavy, and hide each other.
    private const int MaxDots = 2000;

    /// <summary>The picture; null where there is no dot.</summary>
    public Markup? ToSvg()
    {
        double[] sizes = [.. Dots.SelectMany(dots => dots.Points).Select(p => p.X)];
        if (sizes.Length == 0)
            return null;
        double smallest = sizes.Min(), largest = sizes.Max();
        Ticks across = largest > LogarithmicFrom * smallest ? Ticks.Log(smallest / 1.3, largest * 1.3) : Ticks.Linear(smallest, largest, 5, whole: true);
        PlotFrame frame = new(across, Ticks.Linear(Whisker.Low(Dots.SelectMany(dots => dots.Points).Select(p => p.Y)), 1, 5), XTitle);
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
