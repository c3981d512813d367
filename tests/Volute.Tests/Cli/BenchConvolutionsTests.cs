using System.Text.Json;
using Volute.Kernels;
using Volute.Tests.Formats;

namespace Volute.Tests.Cli;

/// <summary>volute bench conv: what it says of tiny shapes, and of files and peers that are not as they should be.</summary>
public class BenchConvolutionsTests
{
    private const string Conv = """{"name":"conv","input":[1,8,12,12],"weight":[16,8,3,3],"padding":[1,1]}""",
        Transposed = """{"name":"up","input":[2,8,5,6],"weight":[8,3,2,2],"stride":[2,2],"transposed":true,"outputPadding":[1,0]}""",
        Volume = """{"name":"volume","input":[1,2,4,5,6],"weight":[4,1,3,3,3],"stride":[1,2,1],"dilation":[1,1,2],"groups":2,"padding":[1,1,1]}""",
        Line = """{"name":"line","input":[1,1,100],"weight":[4,1,9],"stride":4}""";

    private static readonly (string Line, string Problem)[] s_wrongLines =
    [
        ("""{"name":"a","input":[1,8,12,12],"weight":[16,8,3,3]""", "this is no JSON object on one line"),
        ("""[1,2]""", "this is no JSON object"),
        ("""{"name":"a","input":[1,8,12,12],"wieght":[16,8,3,3]}""", "there is no field 'wieght'; there are name, input, weight, stride, padding, dilation, groups, transposed, outputPadding"),
        ("""{"name":"a","input":[1,8,12,12]}""", "weight: is missing"),
        ("""{"name":"","input":[1,8,12,12],"weight":[16,8,3,3]}""", "name: must be a text that is not empty"),
        ("""{"name":"a","input":[1,8],"weight":[16,8]}""", "input: must be [N, C, 1 to 3 spatial sizes], got 2 sizes"),
        ("""{"name":"a","input":[1,8,12,0],"weight":[16,8,3,3]}""", "input: must be whole numbers >= 1, got 0"),
        ("""{"name":"a","input":[1,8,12,12],"weight":[16,8,3]}""", "weight: must have as many sizes as the input, 4, got 3"),
        ("""{"name":"a","input":[1,8,12,12],"weight":[16,8,3,3],"stride":[2]}""", "stride: must be 2 numbers, one for each spatial axis, got [2]"),
        ("""{"name":"a","input":[1,8,12,12],"weight":[16,8,3,3],"padding":[-1,0]}""", "padding: must be whole numbers >= 0, got -1"),
        ("""{"name":"a","input":[1,8,12,12],"weight":[16,4,3,3]}""", "weight: [16, 4, 3, 3] with 1 group needs 4 input channels, the input has 8"),
        ("""{"name":"a","input":[1,8,12,12],"weight":[16,4,3,3],"groups":3}""", "groups: 8 input channels and a weight of 16 do not both divide into 3 groups"),
        ("""{"name":"a","input":[1,8,2,12],"weight":[16,8,3,3]}""", "input: the kernel spans 3 positions on spatial axis 0, the input has 2 with padding 0 at both ends"),
        ("""{"name":"a","input":[1,8,12,12],"weight":[16,8,3,3],"outputPadding":[1,1]}""", "outputPadding: only a transposed convolution has it"),
        ("""{"name":"a","input":[1,8,12,12],"weight":[8,16,3,3],"transposed":1}""", "transposed: must be true or false, got 1"),
        ("""{"name":"a","input":[64,1024,2048,2048],"weight":[16,1024,3,3]}""", "input: of shape [64, 1024, 2048, 2048] needs 274877906944 elements, but at most 2147483591 are allowed"),
    ];

    [Fact]
    public async Task A_line_that_is_no_convolution_is_told_with_file_line_and_field()
    {
        using TemporaryFolder folder = new();
        List<string> wrong = [];
        await Parallel.ForEachAsync(s_wrongLines.Index(), new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = TestContext.Current.CancellationToken }, async (row, _) =>
        {
            var (line, problem) = row.Item;
            string file = BenchPeers.Saved(folder, $"{row.Index}.jsonl", $"{Conv}\n\n{line}\n");
            Ended ended = await VoluteProgram.Run("bench", "conv", "--shapes", file);
            string expected = $"1: volute: {file}: line 3: {problem}\n";
            lock (wrong)
            {
                if ($"{ended.Code}: {ended.Error}" != expected || ended.Output != "")
                    wrong.Add($"{line}\n  expected {expected}  got      {ended.Code}: {ended.Error}{ended.Output}");
            }
        });
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Theory]
    [InlineData(2, "there is no file 'ROOT/none.jsonl'", "conv", "--shapes", "ROOT/none.jsonl")]
    [InlineData(1, """ROOT/empty.jsonl: holds no convolution; a line is {"name":"stem","input":[1,3,32,32],"weight":[8,3,3,3]}""", "conv", "--shapes", "ROOT/empty.jsonl")]
    [InlineData(2, "bench conv needs --shapes; volute bench conv --help explains it", "conv")]
    [InlineData(2, "--passes must be some of output, input, weight, got 'forward'", "conv", "--shapes", "ROOT/conv.jsonl", "--passes", "output,forward")]
    [InlineData(2, "--against must be one of pytorch, got 'tensorflow'", "conv", "--shapes", "ROOT/conv.jsonl", "--against", "tensorflow")]
    [InlineData(1, "--against pytorch: there is no Python 'ROOT/python'; on Debian: apt-get install python3-torch libopenblas0-pthread; --python names another Python", "conv", "--shapes", "ROOT/conv.jsonl", "--against", "pytorch", "--python", "ROOT/python")]
    [InlineData(1, "--against pytorch: ROOT/bare ended: ModuleNotFoundError: No module named 'torch'; on Debian: apt-get install python3-torch libopenblas0-pthread; --python names another Python", "conv", "--shapes", "ROOT/conv.jsonl", "--against", "pytorch", "--python", "ROOT/bare")]
    public async Task Wrong_use_is_told_in_one_line(int code, string message, params string[] arguments)
    {
        using TemporaryFolder folder = new();
        BenchPeers.Saved(folder, "conv.jsonl", Conv);
        BenchPeers.Saved(folder, "empty.jsonl", "\n");
        BenchPeers.Script(folder, "bare", "#!/bin/sh\necho 'Traceback:' >&2\necho \"ModuleNotFoundError: No module named 'torch'\" >&2\nexit 1\n");
        Ended ended = await VoluteProgram.Run(["bench", .. arguments.Select(a => a.Replace("ROOT", folder.Root, StringComparison.Ordinal))]);
        Assert.Equal((code, $"volute: {message.Replace("ROOT", folder.Root, StringComparison.Ordinal)}\n", ""), (ended.Code, ended.Error, ended.Output));
    }

    [Fact]
    public async Task Every_pass_of_every_kind_of_convolution_is_measured()
    {
        using TemporaryFolder folder = new();
        JsonElement json = (await VoluteProgram.Run("bench", "conv", "--json", "--threads", "1", "--shapes", BenchPeers.Saved(folder, "a.jsonl", $"{Conv}\n{Transposed}"), BenchPeers.Saved(folder, "b.jsonl", $"{Volume}\n{Line}"))).Json();
        Assert.Equal(["machine", "threads", "versions", "peakGflops", "cases"], json.EnumerateObject().Select(p => p.Name));
        Assert.Equal(1, json.GetProperty("threads").GetInt32());
        JsonElement[] cases = [.. json.GetProperty("cases").EnumerateArray()];
        Assert.Equal(from name in (string[])["conv", "up", "volume", "line"] from pass in (string[])["output", "input", "weight"] select (name, pass),
            cases.Select(c => (c.GetProperty("name").GetString()!, c.GetProperty("pass").GetString()!)));
        double peak = json.GetProperty("peakGflops").GetDouble();
        foreach (JsonElement c in cases)
        {
            Assert.Equal(["name", "pass", "algorithm", "ms", "gflops", "share", "peakBytes"], c.EnumerateObject().Select(p => p.Name));
            long multiplies = c.GetProperty("name").GetString() switch
            {
                "conv" => 12 * 12 * 16 * 8 * 9,
                "up" => 2 * 5 * 6 * 8 * 3 * 4,
                "volume" => 4 * 3 * 4 * 4 * 27,
                _ => 23 * 4 * 9,
            };
            Assert.Equal(2 * multiplies / c.GetProperty("ms").GetDouble() / 1e6, c.GetProperty("gflops").GetDouble(), 1e-9);
            Assert.Equal(c.GetProperty("gflops").GetDouble() / peak, c.GetProperty("share").GetDouble(), 1e-3);
        }
        // x, w and y at least.
        Assert.True(cases[0].GetProperty("peakBytes").GetInt64() >= 4 * (8 * 144 + 16 * 72 + 16 * 144));
        Assert.True(cases[3].GetProperty("peakBytes").GetInt64() >= 4 * (2 * 8 * 30 + 8 * 3 * 4 + 2 * 3 * 11 * 12));
    }

    [Fact]
    public async Task All_algorithms_that_support_a_case_are_listed_but_not_the_reference()
    {
        using TemporaryFolder folder = new();
        JsonElement json = (await VoluteProgram.Run("bench", "conv", "--json", "--all-algorithms", "--passes", "output, weight", "--shapes", BenchPeers.Saved(folder, "a.jsonl", $"{Conv}"))).Json();
        WindowAxis axis = new(3, PadBegin: 1, PadEnd: 1);
        ConvolutionProblem problem = new(ElementType.Float32, 1, 8, 16, 1, new Window(axis, axis), new Extent(1, 12, 12), new Extent(1, 12, 12));
        JsonElement[] cases = [.. json.GetProperty("cases").EnumerateArray()];
        Assert.Equal(2, cases.Length);
        foreach (var (c, pass) in cases.Zip([Pass.Output, Pass.Weight]))
        {
            (string Name, double Milliseconds)[] algorithms = [.. c.GetProperty("algorithms").EnumerateArray().Select(a => (a.GetProperty("name").GetString()!, a.GetProperty("ms").GetDouble()))];
            Assert.Equal(ConvolutionRegistry.All.Where(a => a.Name != "reference" && a.Supports(problem, pass)).Select(a => a.Name).Order(), algorithms.Select(a => a.Name).Order());
            Assert.Equal(algorithms.Single(a => a.Name == c.GetProperty("algorithm").GetString()).Milliseconds, c.GetProperty("ms").GetDouble());
            Assert.Equal(c.GetProperty("ms").GetDouble() > 1.1 * algorithms.Min(a => a.Milliseconds), c.GetProperty("chosenIsSlower").GetBoolean());
        }
    }

    [Fact]
    public async Task A_peer_s_times_are_set_beside_ours_and_written_as_a_page()
    {
        using TemporaryFolder folder = new();
        string[] arguments = ["bench", "conv", "--passes", "output", "--shapes", BenchPeers.Saved(folder, "a.jsonl", $"{Conv}\n{Transposed}"), "--against", "pytorch", "--python", BenchPeers.Answering(folder, "slow", 2000, 3_000_000)];
        JsonElement json = (await VoluteProgram.Run([.. arguments, "--json"])).Json();
        foreach (JsonElement c in json.GetProperty("cases").EnumerateArray())
        {
            Assert.Equal(2000, c.GetProperty("peerMs").GetDouble());
            Assert.Equal(2000 / c.GetProperty("ms").GetDouble(), c.GetProperty("ratio").GetDouble(), 1e-6 * c.GetProperty("ratio").GetDouble());
        }
        Ended plain = await VoluteProgram.Run([.. arguments, "--report", folder["page.md"]]);
        Assert.Equal((0, ""), (plain.Code, plain.Error));
        Assert.Matches(@"(?m)^conv +output +\S+ +[\d.]+ +\d+ +\d+ ?% +2000 +\d+\.\d\d$", plain.Output);
        Assert.Matches(@"(?m)^  all +2 +\d+\.\d\d  worst \d+\.\d\d: (conv|up), output$", plain.Output);
        Assert.Matches(@"(?m)^  transposed +1 ", plain.Output);
        string page = File.ReadAllText(folder["page.md"]);
        Assert.Contains("PyTorch slow", page);
        Assert.Contains($"volute {string.Join(' ', arguments)} --report {folder["page.md"]}\n", page);
        Assert.Matches(@"(?m)^\| up \| output \| \S+ \| [\d.]+ \| \d+ \| \d+ ?% \| 2000 \| \d+\.\d\d \|$", page);
    }

    [Fact]
    public async Task PyTorch_answers_for_convolutions()
    {
        Assert.SkipUnless(await BenchPeers.HasTorch(), $"{BenchPeers.Python} has no PyTorch");
        using TemporaryFolder folder = new();
        JsonElement json = (await VoluteProgram.Run("bench", "conv", "--json", "--threads", "1", "--shapes", BenchPeers.Saved(folder, "a.jsonl", $"{Transposed}\n{Volume}"), "--passes", "weight", "--against", "pytorch")).Json();
        Assert.Equal(2, json.GetProperty("cases").GetArrayLength());
        Assert.All(json.GetProperty("cases").EnumerateArray(), c => Assert.True(c.GetProperty("peerMs").GetDouble() > 0));
    }
}
