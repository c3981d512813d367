namespace Volute.Training;

/// <summary>One line of a plot; NaN and infinite values are gaps.</summary>
/// <param name="Name">The line's name in the legend.</param>
/// <param name="Points">From left to right.</param>
internal sealed record PlotLine(string Name, IReadOnlyList<(double X, double Y)> Points);

/// <summary>
/// Lines over whole numbers (epochs), drawn as SVG. Colours and dashes come from the page's style by the classes <c>line0</c>, <c>line1</c>, …, so
/// that light and dark pages can differ.
/// </summary>
/// <param name="Title">What is shown, for those who cannot see it.</param>
/// <param name="XTitle">Under the horizontal axis.</param>
/// <param name="Lines">Up to six.</param>
/// <param name="MarkedX">A vertical line with a text, where given.</param>
/// <param name="LogarithmicY">Log scale, where all values are above 0.</param>
internal sealed record LinePlot(string Title, string XTitle, IReadOnlyList<PlotLine> Lines, (double X, string Text)? MarkedX = null, bool LogarithmicY = false)
{
    private const int Width = 520, Height = 300, Left = 58, Right = 14, Top = 22, Bottom = 46;

    // Above this many points a tooltip at each would only make the page heavy.
    private const int MaxTooltips = 120;

    /// <summary>The picture; null where no line has a point.</summary>
    public Markup? ToSvg()
    {
        (double X, double Y)[] all = [.. Lines.SelectMany(line => line.Points).Where(IsShown)];
        if (all.Length == 0)
            return null;
        Ticks x = Ticks.Linear(all.Min(p => p.X), all.Max(p => p.X), 8, whole: true, widen: false);
        double low = all.Min(p => p.Y), high = all.Max(p => p.Y);
        Ticks y = LogarithmicY ? Ticks.Log(low / 1.1, high * 1.1) : Ticks.Linear(low, high, 5);
        return (Markup)$"""
            <svg class="plot" viewBox="0 0 {Width} {Height}" role="img" aria-label="{Describe()}">
            {YAxis(y)}{XAxis(x)}{Mark(x)}
            {Lines.Select((line, i) => Line(line, i, x, y))}
            </svg>
            """;
    }

    /// <summary>The names of the lines with a piece of each.</summary>
    public Markup Legend() => $"""<ul class="legend">{Lines.Select(LegendEntry)}</ul>""";

    private static Markup LegendEntry(PlotLine line, int index)
        => $"""<li><svg class="key" viewBox="0 0 30 10" aria-hidden="true"><path class="line line{index}" d="M1 5H29"/></svg>{line.Name}</li>""";

    private static Markup YAxis(Ticks y) => Markup.Join(y.Marks.Select(mark => (Markup)
        $"""<path class="grid" d="M{Left} {YOf(y, mark.Value):0.##}H{Width - Right}"/><text x="{Left - 8}" y="{YOf(y, mark.Value) + 4.5:0.##}" text-anchor="end">{mark.Text}</text>"""));

    private Markup XAxis(Ticks x) => $"""
        <path class="axis" d="M{Left} {Height - Bottom}H{Width - Right}"/>{x.Marks.Select(mark => (Markup)
            $"""<path class="axis" d="M{XOf(x, mark.Value):0.##} {Height - Bottom}v5"/><text x="{XOf(x, mark.Value):0.##}" y="{Height - Bottom + 20}" text-anchor="middle">{mark.Text}</text>""")}<text x="{(Left + Width - Right) / 2}" y="{Height - 6}" text-anchor="middle">{XTitle}</text>
        """;

    private Markup Mark(Ticks x)
    {
        if (MarkedX is not { } mark || mark.X < x.Low || mark.X > x.High)
            return new Markup();
        double at = XOf(x, mark.X);
        bool leftOf = at > (Left + Width - Right) / 2;
        return $"""<path class="mark" d="M{at:0.##} {Top - 10}V{Height - Bottom}"/><text x="{at + (leftOf ? -6 : 6):0.##}" y="{Top - 5}" text-anchor="{(leftOf ? "end" : "start")}">{mark.Text}</text>""";
    }

    private static Markup Line(PlotLine line, int index, Ticks x, Ticks y)
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
            double px = XOf(x, point.X), py = YOf(y, point.Y);
            path.Add($"{(drawing ? "L" : "M")}{px:0.##} {py:0.##}");
            bool alone = !drawing && (i + 1 == line.Points.Count || !IsShown(line.Points[i + 1]));
            if (alone || line.Points.Count <= MaxTooltips)
                dots.Add($"""<circle class="{(alone ? "dot" : "hover")} dot{index}" cx="{px:0.##}" cy="{py:0.##}" r="{(alone ? 3.5 : 5)}"><title>{line.Name}, {point.X}: {Wording.Significant(point.Y)}</title></circle>""");
            drawing = true;
        }
        return $"""<path class="line line{index}" d="{path}"/>{dots}""";
    }

    private string Describe() => $"{Title}. " + string.Join(" ", Lines.Select(line => line.Points.Where(IsShown).ToArray() is { Length: > 0 } shown
        ? $"{line.Name}: from {Wording.Significant(shown[0].Y)} to {Wording.Significant(shown[^1].Y)}, least {Wording.Significant(shown.Min(p => p.Y))}, greatest {Wording.Significant(shown.Max(p => p.Y))}."
        : $"{line.Name}: no value."));

    private static bool IsShown((double X, double Y) point) => double.IsFinite(point.Y);

    private static double XOf(Ticks x, double value) => Left + x.Place(value) * (Width - Left - Right);

    private static double YOf(Ticks y, double value) => Height - Bottom - y.Place(value) * (Height - Top - Bottom);
}
