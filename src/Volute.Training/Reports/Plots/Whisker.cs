namespace Volute.Training;

/// <summary>A score up to 1 as a dot, its interval as a line: a column of a table that is seen at a glance.</summary>
internal static class Whisker
{
    private const int Width = 120, Height = 16, Margin = 5;

    /// <summary>The picture; it repeats what the cells beside it say, and is hidden from those who hear the table.</summary>
    public static Markup ToSvg(double score, Interval? interval, double low)
    {
        double At(double value) => Margin + Math.Clamp((value - low) / (1 - low), 0, 1) * (Width - 2 * Margin);
        if (double.IsNaN(score))
            return new Markup();
        Markup line = interval is { } range
            ? (Markup)$"""<path class="whisker" d="M{At(range.Low):0.#} 8H{At(range.High):0.#}"/>""" : new Markup();
        return (Markup)$"""<svg class="scale" viewBox="0 0 {Width} {Height}" aria-hidden="true"><path class="grid" d="M{Margin} 8H{Width - Margin}M{Margin} 4v8M{Width / 2} 4v8M{Width - Margin} 4v8"/>{line}<circle class="dot dot1" cx="{At(score):0.#}" cy="8" r="4"/></svg>""";
    }

    /// <summary>Where the scale begins, so that scores close to 1 can be told apart: 0.9, 0.5 or 0.</summary>
    public static double Low(IEnumerable<double> lowest)
        => lowest.DefaultIfEmpty(0).Min() switch { >= 0.9 => 0.9, >= 0.5 => 0.5, _ => 0 };
}
