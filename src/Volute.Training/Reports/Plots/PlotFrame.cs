namespace Volute.Training;

/// <summary>The axes of a plot, drawn as SVG; colours come from the page's style, so that light and dark pages can differ.</summary>
/// <param name="X">The marks of the horizontal axis.</param>
/// <param name="Y">The marks of the vertical axis.</param>
/// <param name="XTitle">Under the horizontal axis.</param>
internal sealed record PlotFrame(Ticks X, Ticks Y, string XTitle)
{
    private const int Width = 520, Height = 300, Left = 58, Right = 14, Top = 22, Bottom = 46, MarkLine = 17;

    public double XOf(double value) => Left + X.Place(value) * (Width - Left - Right);

    public double YOf(double value) => Height - Bottom - Y.Place(value) * (Height - Top - Bottom);

    /// <summary>The picture: axes, then what is inside.</summary>
    /// <param name="description">For those who cannot see it.</param>
    /// <param name="inside">What is drawn over the axes.</param>
    public Markup ToSvg(string description, Markup inside) => $"""
        <svg class="plot" viewBox="0 0 {Width} {Height}" role="img" aria-label="{description}">
        {YAxis()}{XAxis()}
        {inside}
        </svg>
        """;

    /// <summary>Vertical lines with a text each; the texts of several stand one below the other.</summary>
    public Markup Marks(IReadOnlyList<PlotMark> marks)
    {
        PlotMark[] inside = [.. marks.Where(mark => mark.X >= X.Low && mark.X <= X.High)];
        return $"""{inside.Select(mark => (Markup)$"""<path class="mark" d="M{XOf(mark.X):0.##} {Top - 10}V{Height - Bottom}"/>""")}{inside.Select(Text)}""";
    }

    private Markup Text(PlotMark mark, int line)
    {
        double at = XOf(mark.X);
        bool leftOf = at > (Left + Width - Right) / 2;
        return $"""<text class="over" x="{at + (leftOf ? -6 : 6):0.##}" y="{Top - 5 + line * MarkLine}" text-anchor="{(leftOf ? "end" : "start")}">{mark.Text}</text>""";
    }

    private Markup YAxis() => Markup.Join(Y.Marks.Select(mark => (Markup)
        $"""<path class="grid" d="M{Left} {YOf(mark.Value):0.##}H{Width - Right}"/><text x="{Left - 8}" y="{YOf(mark.Value) + 4.5:0.##}" text-anchor="end">{mark.Text}</text>"""));

    private Markup XAxis() => $"""
        <path class="axis" d="M{Left} {Height - Bottom}H{Width - Right}"/>{X.Marks.Select(mark => (Markup)
            $"""<path class="axis" d="M{XOf(mark.Value):0.##} {Height - Bottom}v5"/><text x="{XOf(mark.Value):0.##}" y="{Height - Bottom + 20}" text-anchor="middle">{mark.Text}</text>""")}<text x="{(Left + Width - Right) / 2}" y="{Height - 6}" text-anchor="middle">{XTitle}</text>
        """;
}

/// <summary>A vertical line in a plot.</summary>
/// <param name="X">Where.</param>
/// <param name="Text">What it means.</param>
internal sealed record PlotMark(double X, string Text);
