using System.Globalization;
using Volute.Training;

namespace Volute.Tests.Training.Reports;

public class MarkupTests
{
    [Fact]
    public void Text_is_escaped_and_markup_is_not()
    {
        string name = "<img src='x' onerror=\"alert(1)\"> & more";
        Markup inner = $"<b>{name}</b>";
        Markup outer = $"<p title=\"{name}\">{inner}{new[] { inner, inner }.Select(m => m)}{(Markup?)null}{(string?)null}</p>";
        const string Escaped = "&lt;img src=&#39;x&#39; onerror=&quot;alert(1)&quot;&gt; &amp; more";
        Assert.Equal($"<p title=\"{Escaped}\"><b>{Escaped}</b><b>{Escaped}</b><b>{Escaped}</b></p>", outer.ToString());
    }

    [Fact]
    public void Numbers_do_not_follow_the_countrys_comma()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = "," } };
            Markup markup = $"{1.5} {2.25:0.0} {0.871f}";
            Assert.Equal("1.5 2.3 0.871", markup.ToString());
            Assert.Equal("0.871 1.5 GiB", $"{Wording.Score(0.8713)} {Wording.Bytes(3L << 29)}");
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Scores_counts_and_times_as_people_read_them()
    {
        Assert.Equal(["", "n/a", "0.871", "0.9963", "0.9999", "1.000", "0.000"],
            new double?[] { null, double.NaN, 0.8712, 0.99634, 0.9999999, 1, 0 }.Select(Wording.Score));
        Assert.Equal(["1 case", "6 cases", "12,345 cases"], new long[] { 1, 6, 12345 }.Select(n => Wording.Count(n, "case")));
        Assert.Equal(["9,999", "12.3 k", "4.5 M", "2 G"], new long[] { 9999, 12345, 4_500_000, 2_000_000_000 }.Select(Wording.Short));
        Assert.Equal(["0.5 s", "1 min 33 s", "2 h 5 min", "1 d 1 h"], new[] { 0.5, 93, 7500, 92000 }.Select(Wording.Duration));
        Assert.Equal(["", "n/a", "0 px", "+2.667 mm³", "−18,009 px"],
            new[] { Wording.Signed(null, "px"), Wording.Signed(double.NaN, "px"), Wording.Signed(0, "px"), Wording.Signed(8 / 3.0, "mm³"), Wording.Signed(-18009, "px") });
    }
}
