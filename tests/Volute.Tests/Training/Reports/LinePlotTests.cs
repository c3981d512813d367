using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Volute.Training;

namespace Volute.Tests.Training.Reports;

public class LinePlotTests
{
    private static XElement Draw(LinePlot plot) => XElement.Parse(plot.ToSvg()!.ToString());

    private static string[] Paths(XElement svg, string style)
        => [.. svg.Elements("path").Where(path => path.Attribute("class")!.Value == style).Select(path => path.Attribute("d")!.Value)];

    [Fact]
    public void A_line_goes_through_its_points_in_the_scale_of_the_axes()
    {
        XElement svg = Draw(new LinePlot("Loss", "epoch", [new PlotLine("training", [(1, 0.0), (2, 5.0), (3, 10.0)])]));
        double[] numbers = [.. Regex.Matches(Paths(svg, "line line0").Single(), "[0-9.]+").Select(m => double.Parse(m.Value, CultureInfo.InvariantCulture))];
        double[] y = [.. svg.Elements("path").Where(p => p.Attribute("class")!.Value == "grid")
            .Select(p => double.Parse(p.Attribute("d")!.Value.Split(' ')[1].Split('H')[0], CultureInfo.InvariantCulture))];
        // The first and the last grid line are 0 and 10; the middle point lies between them.
        Assert.Equal(y[0], numbers[1], 0.01);
        Assert.Equal((y[0] + y[^1]) / 2, numbers[3], 0.01);
        Assert.Equal(y[^1], numbers[5], 0.01);
        Assert.Equal(numbers[2] - numbers[0], numbers[4] - numbers[2], 0.02);
    }

    [Fact]
    public void Values_that_are_no_numbers_are_gaps_and_a_point_alone_is_a_dot()
    {
        XElement svg = Draw(new LinePlot("Loss", "epoch", [new PlotLine("training", [(1, 1.0), (2, double.NaN), (3, 2.0), (4, 3.0), (5, double.PositiveInfinity)])]));
        Assert.Equal(2, Paths(svg, "line line0").Single().Count(c => c == 'M'));
        Assert.Equal(1, svg.Elements("circle").Count(c => c.Attribute("class")!.Value == "dot dot0"));
        Assert.DoesNotContain("NaN", svg.ToString());
    }

    [Fact]
    public void Without_a_point_there_is_no_picture()
    {
        Assert.Null(new LinePlot("Loss", "epoch", []).ToSvg());
        Assert.Null(new LinePlot("Loss", "epoch", [new PlotLine("training", [(1, double.NaN)])]).ToSvg());
    }

    [Fact]
    public void The_picture_is_described_in_words_and_the_legend_names_every_line()
    {
        LinePlot plot = new("Loss against the epoch", "epoch", [new PlotLine("<a>", [(1, 1.5), (2, 0.25)]), new PlotLine("b", [(1, double.NaN)])]) { Marks = [new PlotMark(2, "best: 2")] };
        XElement svg = Draw(plot);
        Assert.Equal("img", svg.Attribute("role")!.Value);
        Assert.Equal("Loss against the epoch. <a>: from 1.5 to 0.25, least 0.25, greatest 1.5. b: no value.", svg.Attribute("aria-label")!.Value);
        Assert.Contains(svg.Elements("text"), text => text.Value == "best: 2");
        Assert.Equal(["<a>", "b"], XElement.Parse(plot.Legend().ToString()).Elements("li").Select(li => li.Value));
    }

    [Fact]
    public void The_axis_reaches_to_every_mark_and_marks_have_their_place_on_it()
    {
        LinePlot plot = new("Loss", "minutes", [new PlotLine("training", [(2, 1.0), (4, 0.5)])]) { Marks = [new PlotMark(4, "best: epoch 2"), new PlotMark(10, "promised end")], WholeX = false, FirstX = 0 };
        XElement svg = Draw(plot);
        double[] marks = [.. Paths(svg, "mark").Select(d => double.Parse(d[1..].Split(' ')[0], CultureInfo.InvariantCulture))];
        double[] line = [.. Regex.Matches(Paths(svg, "line line0").Single(), "[0-9.]+").Select(m => double.Parse(m.Value, CultureInfo.InvariantCulture))];
        // 0 to 10 minutes are 448 units from 58 on; the line goes from 2 to 4.
        Assert.Equal(58 + 448 * 0.2, line[0], 0.01);
        Assert.Equal([line[2], 58.0 + 448], marks);
        double[] heights = [.. svg.Elements("text").Where(text => text.Value is "best: epoch 2" or "promised end").Select(text => double.Parse(text.Attribute("y")!.Value, CultureInfo.InvariantCulture))];
        Assert.True(Math.Abs(heights[1] - heights[0]) >= 13, "texts of marks must not lie on each other");
    }

    [Fact]
    public void A_thousand_epochs_have_no_tooltips()
    {
        PlotLine line = new("training", [.. Enumerable.Range(1, 1000).Select(i => ((double)i, 1.0 / i))]);
        Assert.Empty(Draw(new LinePlot("Loss", "epoch", [line])).Elements("circle"));
        Assert.Equal(3, Draw(new LinePlot("Loss", "epoch", [line with { Points = [.. line.Points.Take(3)] }])).Descendants("title").Count());
    }
}
