using System.Globalization;
using System.Text.RegularExpressions;
using Volute.Tests.Cli;

namespace Volute.Tests.Samples;

/// <summary>Every sample prints what its last comment says. What follows "≈" was learned and may differ by a tenth on another processor.</summary>
public sealed partial class SampleTests(SampleRuns runs) : IClassFixture<SampleRuns>
{
    private const string Begin = "\n/* Prints\n", End = "\n*/\n";
    private const double Tenth = 0.1;

    public static TheoryData<string> Names => [.. SampleRuns.Names];

    [GeneratedRegex(@"(?<=≈ )-?[0-9]+(\.[0-9]+)?")]
    private static partial Regex Learned { get; }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_sample_prints_what_its_last_comment_says(string name)
    {
        Ended ended = await runs.Of(name);
        Assert.True(ended.Code == 0, $"{name} ended with {ended.Code}: {ended.Error}{ended.Output}");
        Assert.Equal("", ended.Error);
        string printed = ended.Output.ReplaceLineEndings("\n").TrimEnd();
        string expected = Expected(name) ?? throw new InvalidOperationException($"{name} ends with no comment of what it prints; append{Begin}{printed}{End}");
        Assert.Equal(Learned.Replace(expected, "?"), Learned.Replace(printed, "?"));
        foreach (var (was, now) in Numbers(expected).Zip(Numbers(printed)))
            Assert.True(Math.Abs(was - now) <= Tenth * Math.Max(Math.Abs(was), Math.Abs(now)), $"{name}: about {was} is expected, got {now} in{Environment.NewLine}{printed}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_sample_says_first_what_is_learned_and_fits_on_two_pages(string name)
    {
        string[] lines = File.ReadAllLines(SampleRuns.PathOf(name));
        Assert.StartsWith("// ", lines[0]);
        Assert.InRange(lines.Length, 20, 80);
        Assert.Contains($"]({name})", File.ReadAllText(SampleRuns.PathOf("README.md")));
    }

    private static IEnumerable<double> Numbers(string text) => Learned.Matches(text).Select(m => double.Parse(m.Value, CultureInfo.InvariantCulture));

    private static string? Expected(string name)
    {
        string source = File.ReadAllText(SampleRuns.PathOf(name)).ReplaceLineEndings("\n");
        int begin = source.LastIndexOf(Begin, StringComparison.Ordinal);
        return begin < 0 || !source.EndsWith(End, StringComparison.Ordinal) ? null : source[(begin + Begin.Length)..^End.Length];
    }
}
