using Volute.Formats;

namespace Volute.Training;

/// <summary>The outcome of a training for people: one page that needs nothing but itself, or a few lines of text.</summary>
public static class Report
{
    /// <summary>Writes the page as a whole or not at all.</summary>
    /// <exception cref="VoluteException">The file cannot be written.</exception>
    /// <exception cref="InvalidArgumentException">An example's labels are not as many as its pixels.</exception>
    public static void Write(string path, ReportContent content) => AtomicFile.WriteAllText(path, ToHtml(content));

    /// <summary>The page: HTML with style, curves and pictures inside; it loads nothing and runs nothing.</summary>
    /// <exception cref="InvalidArgumentException">An example's labels are not as many as its pixels.</exception>
    public static string ToHtml(ReportContent content)
    {
        ArgumentNullException.ThrowIfNull(content);
        return ReportPage.Of(content).ToString();
    }

    /// <summary>Verdict, metrics, classes and warnings for a console.</summary>
    public static string ToText(ReportContent content)
    {
        ArgumentNullException.ThrowIfNull(content);
        return TextReport.Of(content.Summary, content.Log);
    }
}
