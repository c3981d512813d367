using System.Text.RegularExpressions;
using Volute.Formats;
using Volute.Tests.Formats;
using Volute.Training;

namespace Volute.Tests.Training.Reports;

public class ReportTests
{
    private const string Hostile = "<img src=x onerror=alert(1)>";

    private static TrainingLogRow Row(int epoch, double train, double? validation, double dice)
        => new(epoch, epoch, 0.01, train, validation, new Dictionary<string, double?> { ["dice"] = dice, ["pixelError"] = 1 - dice }, 2);

    private static ReportContent Segmentation()
    {
        Picture image = Picture.FromBytes([.. Enumerable.Range(0, 400).Select(i => (byte)i)], 20, 20, 1);
        int[] labels = [.. Enumerable.Range(0, 400).Select(p => p / 150)], prediction = [.. labels.Select((l, i) => i % 9 == 0 ? 0 : l)];
        RunSummary summary = Samples.Summary() with { Run = Hostile, Warnings = [Hostile], Plan = [new PlanChoice(Hostile, Hostile, Hostile, Hostile), new PlanChoice("Patch", "64", "it fits", "nnU-Net")], Hashes = [new NamedHash(Hostile, Hostile)] };
        return new ReportContent(summary, [.. Enumerable.Range(1, 40).Select(e => Row(e, 1.0 / e, 1.1 / e, 0.9 - 0.5 / e))])
        {
            Worst = [new SegmentationExample("slice 3", image, labels, prediction), new SegmentationExample(Hostile, image, labels, prediction, 2)],
            Median = [new SegmentationExample("slice 1", image, labels, labels) { Slice = (11, 64) }],
        };
    }

    private static ReportContent Classification(int classes)
    {
        ClassificationEvaluator evaluator = new([.. Enumerable.Range(0, classes).Select(c => c == 1 ? Hostile : $"class {c}")]);
        for (int i = 0; i < 5 * classes; i++)
            evaluator.Add($"p{i}", i % 3 == 0 ? (i + 1) % classes : i % classes, i % classes);
        Picture image = Picture.FromBytes(new byte[28 * 28 * 3], 28, 28, 3);
        return new ReportContent(Samples.Of(evaluator.Evaluate(50)), [])
        {
            Worst = [new ClassificationExample(Hostile, image, Hostile, "class 2", 0.75)],
            Best = [new ClassificationExample("p2", image, "class 2", "class 2")],
        };
    }

    [Fact]
    public void The_page_loads_nothing_and_runs_nothing()
    {
        foreach (string html in new[] { Report.ToHtml(Segmentation()), Report.ToHtml(Classification(4)), Report.ToHtml(Classification(60)) })
        {
            Assert.DoesNotMatch("(?i)https?://|<script|<link|@import|<iframe|javascript:|url\\(", html);
            foreach (Match source in Regex.Matches(html, "(?:src|href)=\"([^\"]*)\""))
                Assert.StartsWith("data:image/png;base64,", source.Groups[1].Value);
            Assert.Contains("content=\"default-src &#39;none&#39;".Replace("&#39;", "'"), html);
        }
    }

    [Fact]
    public void No_name_from_outside_becomes_a_tag()
    {
        foreach (ReportContent content in new[] { Segmentation(), Classification(4), Classification(60) })
        {
            string html = Report.ToHtml(content);
            Assert.DoesNotContain("<img src=x", html);
            Assert.Contains("&lt;img src=x onerror=alert(1)&gt;", html);
            // Every picture is one of ours.
            foreach (Match picture in Regex.Matches(html, "<img[^>]*>"))
                Assert.Matches("^<img class=\"(pixelated)?\" width=\"\\d+\" height=\"\\d+\" alt=\"[^\"]+\" src=\"data:image/png;base64,[A-Za-z0-9+/=]+\">$", picture.Value);
        }
    }

    [Fact]
    public void Every_tag_that_is_opened_is_closed_in_order()
    {
        string[] single = ["meta", "img", "br"];
        foreach (ReportContent content in new[] { Segmentation(), Classification(4), Classification(60) })
        {
            Stack<string> open = new();
            foreach (Match tag in Regex.Matches(Report.ToHtml(content), "<(/?)([a-z][a-z0-9]*)[^>]*?(/?)>"))
            {
                string name = tag.Groups[2].Value;
                if (tag.Groups[1].Value == "/")
                    Assert.Equal(open.Pop(), name);
                else if (tag.Groups[3].Value != "/" && !single.Contains(name))
                    open.Push(name);
            }
            Assert.Empty(open);
        }
    }

    [Fact]
    public void Everything_that_was_asked_for_is_on_the_page()
    {
        ReportContent content = Segmentation();
        string html = Report.ToHtml(content);
        Evaluation evaluation = content.Summary.Evaluation;
        Assert.Contains("On 6 held-out cases the model reaches a Dice coefficient of ", html);
        foreach (string title in new[] { "About the data", "Learning curves", "Classes", "Dice against size", "Objects by size", "Confusions", "Calibration", "Predictions", "Plan", "All metrics and what they mean", "How to get these numbers again" })
            Assert.Contains($"<h2>{title}</h2>", html);
        foreach (string definition in evaluation.Definitions.Values)
            Assert.Contains(System.Net.WebUtility.HtmlEncode(definition), html);
        foreach (string text in new[] { "2026-01-02 03:04 UTC", "Example CPU", "8 threads", "30 min 43 s", ">42<", "slice 3: Dice ", "slice 1, slice 12 of 64: Dice ", "Around the median", "Rule of", ">nnU-Net<", "false alarm", "not labelled", "best: 36", "HD95 (px)", "ASSD (px)", "False alarms", "100 to 999", "The model is " })
            Assert.Contains(text, html);
        Assert.Equal(12, Regex.Count(html, "<img "));
        Assert.Equal(Regex.Count(html, "<table"), Regex.Count(html, "</table>"));
        Assert.Equal(0, Regex.Count(html, "<th(?! scope=)[ >]"));
        // pixelError gets better downwards and shares no axis with Dice.
        Assert.DoesNotContain("Pixel error (ISBI): from", html);
    }

    [Fact]
    public void Promised_minutes_are_a_line_in_the_curves_and_a_sentence()
    {
        ReportContent content = Segmentation();
        Assert.DoesNotContain("promised", Report.ToHtml(content));
        // 40 epochs of 2 seconds behind 1763 seconds of planning.
        string html = Report.ToHtml(content with { Summary = content.Summary with { Minutes = 31 } });
        Assert.Contains("31 min 0 s were promised, the final scoring included; training ended after 30 min 43 s.", html);
        Assert.Equal(2, Regex.Count(html, ">promised end: 31 min 0 s<"));
        Assert.Equal(2, Regex.Count(html, ">best: epoch 36<"));
        Assert.Contains("Loss against the minutes.", html);
        Assert.Contains("<title>training, 29.42: 1</title>", html);
        string planned = Report.ToHtml(content with { Summary = content.Summary with { PlannedEpochs = 50 } });
        Assert.Equal(2, Regex.Count(planned, ">planned: 50<"));
    }

    [Fact]
    public void Folds_have_a_table_of_their_own()
    {
        ReportContent content = Segmentation();
        Assert.DoesNotContain("<h2>Folds</h2>", Report.ToHtml(content));
        string html = Report.ToHtml(content with { Summary = content.Summary with { Folds = [new FoldSummary(0, 3, 0.8124, 12, 9, 61), new FoldSummary(1, 3, null, 10, 10, 60)] } });
        Assert.Contains("<tr><th scope=\"row\">0</th><td>3</td><td>0.812</td><td>9</td><td>12</td><td>1 min 1 s</td></tr>", html);
        Assert.Contains("<tr><th scope=\"row\">1</th><td>3</td><td></td><td>10</td><td>10</td><td>1 min 0 s</td></tr>", html);
        string tested = Report.ToHtml(content with { Summary = content.Summary with { Folds = [new FoldSummary(0, 0, null, 12, 9, 61)] } });
        Assert.Contains("All networks together judged the data&#39;s own test samples.", tested);
        Assert.Contains("<tr><th scope=\"row\">0</th><td>9</td><td>12</td><td>1 min 1 s</td></tr>", tested);
    }

    [Fact]
    public void Each_class_of_each_case_is_a_dot_at_its_size()
    {
        ReportContent content = Segmentation();
        string html = Report.ToHtml(content);
        // Six cases of two classes besides the background.
        Assert.Equal(12, Regex.Count(html, "<circle cx=\"[0-9.]+\" cy=\"[0-9.]+\" r=\"4\"><title>slice [0-5], "));
        Assert.Contains("""<g class="dots" style="fill:rgb(230 159 0)">""", html);
    }

    [Fact]
    public void The_error_pictures_show_the_errors()
    {
        string html = Report.ToHtml(Segmentation());
        string data = Regex.Match(html, "alt=\"Errors of slice 3\" src=\"data:image/png;base64,([^\"]+)\"").Groups[1].Value;
        PngImage errors = Png.Read(new MemoryStream(Convert.FromBase64String(data)));
        // Pixel 153 = row 7, column 13 is of class 1 and was taken for background: nearly the pure colour of a miss.
        PaletteColor miss = LabelPictures.ErrorLegend[1].Color;
        Assert.InRange(errors[7, 13, 0], miss.Red - 15, miss.Red + 15);
        Assert.InRange(errors[7, 13, 1], miss.Green - 15, miss.Green + 15);
    }

    [Fact]
    public void Many_classes_are_shown_by_their_weakest_and_most_confused()
    {
        string html = Report.ToHtml(Classification(60));
        Assert.Contains("The 40 weakest of 60 classes", html);
        Assert.Contains("The most frequent confusions of 60 classes, in pictures", html);
        Assert.DoesNotContain("class=\"matrix\"", html);
    }

    [Fact]
    public void A_run_without_held_out_cases_still_has_a_page()
    {
        ReportContent content = new(Samples.Of(new SegmentationEvaluator(["no", "yes"]).Evaluate()) with { Environment = null, Finished = null, BestEpoch = null }, []);
        Assert.Contains("No case was held out, so that nothing is known about how good the model is.", Report.ToHtml(content));
        Assert.Contains("n/a", Report.ToText(content));
    }

    [Fact]
    public void Wrong_sizes_are_named_and_no_file_is_left()
    {
        using TemporaryFolder folder = new();
        ReportContent content = Segmentation() with { Median = [new SegmentationExample("a", Picture.FromBytes(new byte[4], 2, 2, 1), [0], [0])] };
        Assert.Equal("a picture of 2 x 2 pixels needs 4 labels, got 1", Assert.Throws<InvalidArgumentException>(() => Report.Write(folder["report.html"], content)).Message);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Root));
        Report.Write(folder["report.html"], Segmentation());
        Assert.Equal(Report.ToHtml(Segmentation()), File.ReadAllText(folder["report.html"]));
    }

    [Fact]
    public void The_console_gets_the_same_in_a_few_lines()
    {
        ReportContent content = Segmentation() with { Summary = Segmentation().Summary with { Warnings = ["\u001b[31mred\u0007 slice"] } };
        string[] lines = Report.ToText(content).Split('\n');
        Evaluation evaluation = content.Summary.Evaluation;
        Assert.StartsWith("On 6 held-out cases the model reaches a Dice coefficient of ", lines[0]);
        Assert.Contains($"  Dice                      {Wording.Score(evaluation.Metrics["dice"])}   {Wording.Range(evaluation.Intervals["dice"])}", lines);
        Assert.Contains("warning: ?[31mred? slice", lines);
        Assert.Contains("Trained 40 epochs in 30 min 43 s.", lines);
        int header = Array.FindIndex(lines, line => line.StartsWith("  class"));
        Assert.Single(lines[header..(header + 4)].Select(line => line.Length).Distinct());
    }
}
