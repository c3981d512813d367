using Volute.Formats;

namespace Volute.Training;

/// <summary>Predictions in pictures, which are part of the page: the worst, and middling or the best ones.</summary>
internal static class ExamplesSection
{
    // Of a segmented picture, and of a classified one, in pixels.
    private const int LongestSegmented = 320, LongestClassified = 160;

    // Smaller pictures are shown with their pixels as squares, rather than blurred.
    private const int Tiny = 96;

    public static Markup? Of(ReportContent content)
    {
        if (content.Worst.Count + content.Median.Count + content.Best.Count == 0)
            return null;
        Evaluation evaluation = content.Summary.Evaluation;
        return (Markup)$"""<section><h2>Predictions</h2>{Legend(content)}{Group(content.Worst.Count == evaluation.Cases ? "All, worst first" : "Worst", content.Worst, evaluation)}{Group("Around the median", content.Median, evaluation)}{Group("Best", content.Best, evaluation)}</section>""";
    }

    private static Markup? Group(string title, IReadOnlyList<ReportExample> examples, Evaluation evaluation)
    {
        if (examples.Count == 0)
            return null;
        Markup segmented = Markup.Join(examples.OfType<SegmentationExample>().Select(example => Segmented(example, evaluation)));
        Markup[] classified = [.. examples.OfType<ClassificationExample>().Select(Classified)];
        return (Markup)$"""<h3>{title}</h3>{segmented}{(classified.Length > 0 ? (Markup)$"""<div class="cards">{classified}</div>""" : null)}""";
    }

    private static Markup Segmented(SegmentationExample example, Evaluation evaluation)
    {
        double? dice = evaluation.PerCase.FirstOrDefault(score => score.Name == example.Name)?.Dice;
        // Made small first, and with few grays: the painted panels then need a byte a pixel and a palette.
        Picture image = Thumbnail.Of(example.Image, LongestSegmented), plain = Thumbnail.Posterized(image);
        int[] reference = Thumbnail.Labels(example.Reference, example.Image, image), prediction = Thumbnail.Labels(example.Prediction, example.Image, image);
        (string Title, Picture Picture)[] panels =
        [
            ("Image", image),
            ("Reference", LabelPictures.Overlay(plain, reference, example.Ignore, evaluation.BackgroundLabel)),
            ("Prediction", LabelPictures.Overlay(plain, prediction, example.Ignore, evaluation.BackgroundLabel)),
            ("Errors", LabelPictures.Errors(plain, prediction, reference, example.Ignore, evaluation.BackgroundLabel)),
        ];
        return $"""
            <div class="case"><h4>{example.Name}{(example.Slice is var (slice, count) ? $", slice {slice + 1} of {count}" : "")}{(dice != null ? $": Dice {Wording.Score(dice)}" : "")}</h4><div class="panels">{panels.Select(panel => (Markup)$"""<figure>{Image(Thumbnail.Indexed(panel.Picture), $"{panel.Title} of {example.Name}")}<figcaption>{panel.Title}</figcaption></figure>""")}</div></div>
            """;
    }

    private static Markup Classified(ClassificationExample example)
    {
        bool right = example.Reference == example.Predicted;
        string sure = example.Probability is { } p ? $" ({Wording.Score(p)})" : "";
        return $"""
            <figure class="card">{Image(Thumbnail.Of(example.Image, LongestClassified), $"{example.Name}: given {example.Reference}, predicted {example.Predicted}")}<figcaption><b class="{(right ? "good" : "bad")}">{(right ? "✓" : "✗")} {example.Predicted}{sure}</b>{(right ? null : (Markup)$"<br>given: {example.Reference}")}<br><small>{example.Name}</small></figcaption></figure>
            """;
    }

    private static Markup Image(Picture picture, string description)
    {
        using MemoryStream png = new();
        Png.Write(png, picture);
        string pixelated = Math.Max(picture.Width, picture.Height) <= Tiny ? "pixelated" : "";
        return $"""<img class="{pixelated}" width="{picture.Width}" height="{picture.Height}" alt="{description}" src="data:image/png;base64,{Convert.ToBase64String(png.GetBuffer(), 0, (int)png.Length)}">""";
    }

    private static Markup? Legend(ReportContent content)
    {
        SegmentationExample[] examples = [.. content.Worst.Concat(content.Median).Concat(content.Best).OfType<SegmentationExample>()];
        if (examples.Length == 0)
            return null;
        Evaluation evaluation = content.Summary.Evaluation;
        HashSet<int> shown = [.. examples.SelectMany(example => example.Reference.Concat(example.Prediction))];
        Markup classes = Markup.Join(evaluation.LabelNames.Select((name, c) => (name, c)).Where(row => row.c != evaluation.BackgroundLabel && shown.Contains(row.c))
            .Select(row => (Markup)$"<li>{ClassesSection.Swatch(row.c)}{row.name}</li>"));
        bool ignored = examples.Any(example => example.Ignore is { } label && example.Reference.Contains(label));
        return (Markup)$"""
            <p class="note">Classes in reference and prediction:</p><ul class="legend">{classes}{(ignored ? (Markup)$"<li>{ClassesSection.Swatch(-1)}not labelled</li>" : null)}</ul>
            <p class="note">Errors:</p><ul class="legend">{LabelPictures.ErrorLegend.Select(entry => (Markup)$"""<li><span class="swatch" style="background:rgb({entry.Color.Red} {entry.Color.Green} {entry.Color.Blue})"></span>{entry.Meaning}</li>""")}</ul>
            """;
    }
}
