using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace Volute.Training;

/// <summary>
/// HTML or SVG text. Written as an interpolated string, it escapes every value put into it, unless that is markup itself: what comes from
/// outside cannot become a tag by being forgotten. Numbers are written as in C.
/// </summary>
[InterpolatedStringHandler]
internal sealed class Markup
{
    private readonly StringBuilder text;

    /// <summary>Called by the compiler: the lengths are hints.</summary>
    public Markup(int literalLength, int formattedCount) => text = new StringBuilder(literalLength + 16 * formattedCount);

    /// <summary>Nothing yet.</summary>
    public Markup() => text = new StringBuilder();

    /// <summary>The parts one behind the other.</summary>
    public static Markup Join(IEnumerable<Markup> parts)
    {
        Markup all = new();
        foreach (Markup part in parts)
            all.Add(part);
        return all;
    }

    /// <summary>Adds a part.</summary>
    public void Add(Markup part) => text.Append(part.text);

    /// <summary>Called by the compiler: text of the program.</summary>
    public void AppendLiteral(string literal) => text.Append(literal);

    /// <summary>Called by the compiler: markup.</summary>
    public void AppendFormatted(Markup? part) => text.Append(part?.text);

    /// <summary>Called by the compiler: several pieces of markup.</summary>
    public void AppendFormatted(IEnumerable<Markup> parts)
    {
        foreach (Markup part in parts)
            Add(part);
    }

    /// <summary>Called by the compiler: text, to be escaped.</summary>
    public void AppendFormatted(string? value) => text.Append(WebUtility.HtmlEncode(value));

    /// <summary>Called by the compiler: a number.</summary>
    public void AppendFormatted<T>(T value, string? format = null) where T : IFormattable
        => text.Append(WebUtility.HtmlEncode(value.ToString(format, CultureInfo.InvariantCulture)));

    /// <inheritdoc/>
    public override string ToString() => text.ToString();
}
