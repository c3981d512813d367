namespace Volute.Training;

/// <summary>One line of a plot; NaN and infinite values are gaps.</summary>
/// <param name="Name">The line's name in the legend.</param>
/// <param name="Points">From left to right.</param>
internal sealed record PlotLine(string Name, IReadOnlyList<(double X, double Y)> Points);

/// <summary>Lines over epochs or time. Colours and dashes come from the page's style by the classes <c>line0</c>, <c>line1</c>, ….</summary>
/// <param name="Title">What is shown, for those who cannot see it.</param>
/// <param name="XTitle">Under the horizontal axis.</param>
/// <param name="Lines">Up to six.</param>
internal sealed record LinePlot(string Title, string XTitle, IReadOnlyList<PlotLine> Lines)
{
    // Above this many points a tooltip at each would only make the page heavy.
    private const int MaxTooltips = 120;

    /// <summary>Vertical lines; the axis reaches to all of them.</summary>
    public IReadOnlyList<PlotMark> Marks { get; init; } = [];

    /// <summary>Where the horizontal axis begins at the latest.</summary>
    public double FirstX { get; init; } = double.PositiveInfinity;

    /// <summary>Log scale, where all values are above 0.</summary>
    public bool LogarithmicY { get; init; }

    /// <summary>Whether the horizontal axis counts whole things, epochs.</summary>
    public bool WholeX { get; init; } = true;

    /// <summary>The picture; null where no line has a point.</summary>
    public Markup? ToSvg()
    {
        (double X, double Y)[] all = [.. Lines.SelectMany(line => line.Points).Where(IsShown)];
        if (all.Length == 0)
            return null;
        double[] across = [.. all.Select(p => p.X), .. Marks.Select(mark => mark.X)];
        double low = all.Min(p => p.Y), high = all.Max(p => p.Y);
        PlotFrame frame = new(Ticks.Linear(Math.Min(FirstX, across.Min()), across.Max(), 8, WholeX, widen: false),
            LogarithmicY ? Ticks.Log(low / 1.1, high * 1.1) : Ticks.Linear(low, high, 5), XTitle);
        return frame.ToSvg(Describe(), $"{frame.Marks(Marks)}{Lines.Select((line, i) => Line(line, i, frame))}");
    }

    /// <summary>The names of the lines with a piece of each.</summary>
    public Markup Legend() => $"""<ul class="legend">{Lines.Select(LegendEntry)}</ul>""";

    private static Markup LegendEntry(PlotLine line, int index)
        => $"""<li><svg class="key" viewBox="0 0 30 10" aria-hidden="true"><path class="line line{index}" d="M1 5H29"/></svg>{line.Name}</li>""";

    private static Markup Line(PlotLine line, int index, PlotFrame frame)
    {
        Markup path = new();
        Markup dots = new();
        bool drawing = false;
        for (int i = 0; i < line.Points.Count; i++)
        {
            (double X, double Y) point = line.Points[i];
            if (!IsShown(point))
            {
                drawing = false;
                continue;
            }
            double px = frame.XOf(point.X), py = frame.YOf(point.Y);
            path.Add($"{(drawing ? "L" : "M")}{px:0.##} {py:0.##}");
            bool alone = !drawing && (i + 1 == line.Points.Count || !IsShown(line.Points[i + 1]));
            if (alone || line.Points.Count <= MaxTooltips)
                dots.Add($"""<circle class="{(alone ? "dot" : "hover")} dot{index}" cx="{px:0.##}" cy="{py:0.##}" r="{(alone ? 3.5 : 5)}"><title>{line.Name}, {point.X:0.##}: {Wording.Significant(point.Y)}</title></circle>""");
            drawing = true;
        }
        return $"""<path class="line line{index}" d="{path}"/>{dots}""";
    }

    private string Describe() => $"{Title}. " + string.Join(" ", Lines.Select(line => line.Points.Where(IsShown).ToArray() is { Length: > 0 } shown
        ? $"{line.Name}: from {Wording.Significant(shown[0].Y)} to {Wording.Significant(shown[^1].Y)}, least {Wording.Significant(shown.Min(p => p.Y))}, greatest {Wording.Significant(shown.Max(p => p.Y))}."
        : $"{line.Name}: no value."));

    private static bool IsShown((double X, double Y) point) => double.IsFinite(point.Y);
}
