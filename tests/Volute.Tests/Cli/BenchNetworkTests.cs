using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Volute.Tests.Formats;

namespace Volute.Tests.Cli;

/// <summary>volute bench net and start: what they say beside peers that answer at once, beside the real ones, and of peers and files that are not as they should be.</summary>
public class BenchNetworkTests
{
    private static readonly string[] s_small = ["--model", "lenet", "--input", "2,1,28,28"];

    [Theory]
    [InlineData(2, "'resnet' is no network's name; there are NAMES", "net", "--model", "resnet")]
    [InlineData(2, "Conv2d: expected 1 channel, got 3 in shape [1, 3, 28, 28] [in features.0 (Conv2d 1->6 k5x5)]", "net", "--model", "lenet", "--input", "1,3,28,28")]
    [InlineData(2, "Conv2d: expected 1 channel, got 3 in shape [1, 3, 28, 28] [in features.0 (Conv2d 1->6 k5x5)]", "start", "--model", "lenet", "--input", "1,3,28,28")]
    [InlineData(2, "bench net needs either --model or --networks; volute bench net --help explains them", "net")]
    [InlineData(2, "bench net needs either --model or --networks; volute bench net --help explains them", "net", "--model", "lenet", "--networks", "ROOT/good.jsonl")]
    [InlineData(2, "--input and --train stand in the lines of --networks", "net", "--networks", "ROOT/good.jsonl", "--train")]
    [InlineData(2, "bench start needs --model; volute bench start --help explains it", "start")]
    [InlineData(2, "--against must be some of pytorch, onnxruntime, got 'tensorflow'", "net", "--model", "lenet", "--against", "pytorch,tensorflow")]
    [InlineData(2, "--against onnxruntime: ONNX Runtime does not train; leave it or --train out", "net", "--model", "lenet", "--train", "--against", "pytorch", "--against", "onnxruntime")]
    [InlineData(1, "--against pytorch: there is no Python 'ROOT/none'; on Debian: apt-get install python3-torch libopenblas0-pthread; --python names another Python", "net", "--model", "lenet", "--against", "pytorch", "--python", "ROOT/none")]
    [InlineData(1, "--against onnxruntime: there is no Node.js 'ROOT/none'; on Debian: apt-get install nodejs npm; --node names another Node.js", "net", "--model", "lenet", "--against", "onnxruntime", "--node", "ROOT/none")]
    [InlineData(1, "--against onnxruntime: Cannot find module 'onnxruntime-node'; npm install --prefix benchmarks/compare", "net", "--model", "lenet", "--against", "onnxruntime", "--node", "ROOT/bare")]
    [InlineData(1, "--against onnxruntime: PyTorch must export its model: there is no Python 'ROOT/none'; on Debian: apt-get install python3-torch libopenblas0-pthread; --python names another Python", "start", "--model", "lenet", "--against", "onnxruntime", "--python", "ROOT/none")]
    [InlineData(1, "ROOT/model.jsonl: line 2: model: 'resnet' is no network's name; there are NAMES", "net", "--networks", "ROOT/model.jsonl")]
    [InlineData(1, "ROOT/field.jsonl: line 1: there is no field 'epochs'; there are model, input, train", "net", "--networks", "ROOT/field.jsonl")]
    [InlineData(1, """ROOT/empty.jsonl: holds no network; a line is {"model":"unet","input":[1,1,572,572],"train":true}""", "net", "--networks", "ROOT/empty.jsonl")]
    public async Task Wrong_use_is_told_in_one_line(int code, string message, params string[] arguments)
    {
        using TemporaryFolder folder = new();
        BenchPeers.Saved(folder, "good.jsonl", """{"model":"lenet"}""");
        BenchPeers.Saved(folder, "model.jsonl", """{"model":"lenet"}""" + "\n" + """{"model":"resnet"}""");
        BenchPeers.Saved(folder, "field.jsonl", """{"model":"lenet","epochs":3}""");
        BenchPeers.Saved(folder, "empty.jsonl", "\n");
        BenchPeers.Script(folder, "bare", "#!/bin/sh\necho '{\"error\":\"Cannot find module '\"'onnxruntime-node'\"'\"}'\n");
        Ended ended = await VoluteProgram.Run(["bench", .. arguments.Select(a => a.Replace("ROOT", folder.Root, StringComparison.Ordinal))]);
        string expected = message.Replace("ROOT", folder.Root, StringComparison.Ordinal).Replace("NAMES", NamedNetwork.Names, StringComparison.Ordinal);
        Assert.Equal((code, $"volute: {expected}\n", ""), (ended.Code, ended.Error, ended.Output));
    }

    [Fact]
    public async Task A_network_is_measured_with_its_memory_and_beside_two_peers()
    {
        using TemporaryFolder folder = new();
        JsonElement json = (await VoluteProgram.Run(["bench", "net", .. s_small, "--json", .. Both(folder)])).Json();
        Assert.Equal(["machine", "threads", "versions", "model", "input", "work", "parameters", "ms", "peakBytes", "peers", "peer", "peerVariant", "peerMs", "peerPeakBytes", "ratio", "memoryRatio"], json.EnumerateObject().Select(p => p.Name));
        Assert.Equal(("prediction", 61_706), (json.GetProperty("work").GetString(), json.GetProperty("parameters").GetInt64()));
        Assert.EndsWith(", PyTorch torch, ONNX Runtime ort", json.GetProperty("versions").GetString());
        Assert.Equal([("pytorch", "eager", 2000, 3_000_000), ("onnxruntime", "all optimizations", 1500, 4_000_000)],
            json.GetProperty("peers").EnumerateArray().Select(p => (p.GetProperty("name").GetString()!, p.GetProperty("variant").GetString()!, p.GetProperty("ms").GetDouble(), p.GetProperty("peakBytes").GetInt64())));
        Assert.Equal(("onnxruntime", 1500, 4_000_000), (json.GetProperty("peer").GetString(), json.GetProperty("peerMs").GetDouble(), json.GetProperty("peerPeakBytes").GetInt64()));
        long bytes = json.GetProperty("peakBytes").GetInt64();
        Assert.InRange(bytes, 1 << 20, 1L << 32);
        Assert.Equal(1500, json.GetProperty("ratio").GetDouble() * json.GetProperty("ms").GetDouble(), 1e-6);
        Assert.Equal(3_000_000, json.GetProperty("memoryRatio").GetDouble() * bytes, 1e-3);
    }

    [Fact]
    public async Task A_file_of_networks_becomes_a_table_in_which_each_ratio_is_that_of_its_row()
    {
        using TemporaryFolder folder = new();
        string file = BenchPeers.Saved(folder, "networks.jsonl", """{"model":"lenet","input":[2,1,28,28]}""" + "\n\n" + """{"model":"lenet","input":[2,1,28,28],"train":true}""");
        string[] arguments = ["bench", "net", "--networks", file, "--report", folder["page.md"], .. Both(folder)];
        Ended ended = await VoluteProgram.Run(arguments);
        Assert.Equal((0, ""), (ended.Code, ended.Error));
        Assert.Matches(@"(?m)^ONNX Runtime +1500\.00 ms +4 MB  \(all optimizations\); its time / ours \d+\.\d\d$", ended.Output);
        string page = File.ReadAllText(folder["page.md"]);
        Assert.Contains(", PyTorch torch, ONNX Runtime ort.\n", page);
        Assert.Contains($"volute {string.Join(' ', arguments)}\n", page);
        Assert.Contains("| network | input | work | Volute ms | PyTorch ms | ONNX Runtime ms | ratio | Volute MB | PyTorch MB | ONNX Runtime MB | ratio |\n", page);
        string[][] rows = Rows(page);
        Assert.Equal(["lenet", "2 x 1 x 28 x 28", "prediction"], rows[0][..3]);
        Assert.Equal(["lenet", "2 x 1 x 28 x 28", "training step"], rows[1][..3]);
        // ONNX Runtime only predicts.
        Assert.Equal(["2000.0", "1500.0"], rows[0][4..6]);
        Assert.Equal(["2000.0", "–"], rows[1][4..6]);
        Assert.Equal(["3", "4"], rows[0][8..10]);
        AssertRatio(1500, rows[0][3], rows[0][6]);
        AssertRatio(2000, rows[1][3], rows[1][6]);
        double mean = Math.Sqrt(Number(rows[0][6]) * Number(rows[1][6]));
        string said = page.Split('\n').Single(line => line.StartsWith("Geometric means of 2: time ", StringComparison.Ordinal));
        Assert.Equal(mean, Number(said.Split(' ')[5].TrimEnd(',')), 1e-3 * mean);
        Assert.DoesNotContain("Not measured", page);
    }

    [Fact]
    public async Task Who_fails_does_not_lose_the_results_of_the_others()
    {
        using TemporaryFolder folder = new();
        string file = BenchPeers.Saved(folder, "networks.jsonl", """{"model":"lenet","input":[2,3,28,28]}""" + "\n" + """{"model":"lenet","input":[2,1,28,28]}""");
        Ended ended = await VoluteProgram.Run("bench", "net", "--networks", file, "--json", "--report", folder["page.md"],
            "--against", "onnxruntime,pytorch", "--python", BenchPeers.Answering(folder, "torch", 2000, 3_000_000), "--node", folder["none"]);
        const string wrong = "Conv2d: expected 1 channel, got 3 in shape [2, 3, 28, 28] [in features.0 (Conv2d 1->6 k5x5)]";
        string absent = $"--against onnxruntime: there is no Node.js '{folder["none"]}'; on Debian: apt-get install nodejs npm; --node names another Node.js";
        Assert.Equal((1, $"volute: 2 of 2 networks not measured, or not beside every peer: {wrong}\n"), (ended.Code, ended.Error));
        JsonElement[] networks = [.. JsonDocument.Parse(ended.Output).RootElement.GetProperty("networks").EnumerateArray()];
        Assert.Equal(["model", "input", "work", "parameters", "failures"], networks[0].EnumerateObject().Select(p => p.Name));
        Assert.Equal(["pytorch"], networks[1].GetProperty("peers").EnumerateArray().Select(p => p.GetProperty("name").GetString()));
        Assert.Equal([wrong, absent], networks.Select(n => n.GetProperty("failures").EnumerateArray().Single().GetString()));
        string page = File.ReadAllText(folder["page.md"]);
        Assert.Equal(["lenet", "2 x 3 x 28 x 28", "prediction", "–", "–", "–", "–", "–", "–", "–", "–"], Rows(page)[0]);
        AssertRatio(2000, Rows(page)[1][3], Rows(page)[1][6]);
        Assert.EndsWith($"Not measured:\n\n- lenet [2, 3, 28, 28], prediction: {wrong}\n- lenet [2, 1, 28, 28], prediction: {absent}\n", page);
    }

    [Fact]
    public async Task Networks_measured_alone_have_a_table_of_time_and_memory()
    {
        using TemporaryFolder folder = new();
        Ended ended = await VoluteProgram.Run(["bench", "net", .. s_small, "--train", "--report", folder["page.md"]]);
        Assert.Equal((0, ""), (ended.Code, ended.Error));
        Assert.Matches(@"^lenet \[2, 1, 28, 28\], training step, .*\nVolute +\d+\.\d\d ms +\d+ MB\n$", ended.Output);
        string page = File.ReadAllText(folder["page.md"]);
        Assert.Contains("| network | input | work | Volute ms | Volute MB |\n|---|---|---|---:|---:|\n| lenet | 2 x 1 x 28 x 28 | training step |", page);
        Assert.DoesNotContain("ratio", page);
    }

    [Fact]
    public async Task The_start_is_measured_from_processes_to_first_answers()
    {
        using TemporaryFolder folder = new();
        string[] late = ["--against", "onnxruntime", "--python", BenchPeers.Answering(folder, "torch", 0, 1), "--node",
            BenchPeers.Script(folder, "ort", "#!/bin/sh\nsleep 0.2\necho '{\"version\":\"late\"}'\nread request\nsleep 0.1\necho '{\"ms\":[1],\"peakBytes\":1}'\n")];
        JsonElement json = (await VoluteProgram.Run(["bench", "start", .. s_small, "--json", .. late])).Json();
        Assert.Equal(["machine", "threads", "versions", "model", "input", "work", "ms", "peers", "ratio"], json.EnumerateObject().Select(p => p.Name));
        JsonElement peer = json.GetProperty("peers").EnumerateArray().Single();
        Assert.Equal("onnxruntime", peer.GetProperty("name").GetString());
        Assert.InRange(peer.GetProperty("ms").GetDouble(), 300, 60_000);
        Assert.InRange(json.GetProperty("ms").GetDouble(), 20, 60_000);
        Assert.Equal(peer.GetProperty("ms").GetDouble(), json.GetProperty("ratio").GetDouble() * json.GetProperty("ms").GetDouble(), 1e-6);
    }

    [Fact]
    public async Task PyTorch_answers_for_networks()
    {
        Assert.SkipUnless(await BenchPeers.HasTorch(), $"{BenchPeers.Python} has no PyTorch");
        Ended ended = await VoluteProgram.Run("bench", "net", "--model", "lenet", "--against", "pytorch");
        Assert.Equal((0, ""), (ended.Code, ended.Error));
        Assert.Matches(@"(?m)^PyTorch +[\d.]+ ms +\d+ MB  \((eager|channels_last|traced)\); its time / ours \d+\.\d\d$", ended.Output);
    }

    [Fact]
    public async Task ONNX_Runtime_answers_for_networks_that_PyTorch_exports()
    {
        Assert.SkipUnless(await BenchPeers.HasTorch(), $"{BenchPeers.Python} has no PyTorch");
        Assert.SkipUnless(await BenchPeers.Runs("node", "--version"), "there is no Node.js");
        Assert.SkipUnless(Directory.Exists(Path.Combine(BenchPeers.Compare, "node_modules", "onnxruntime-node")), "onnxruntime-node is not installed in benchmarks/compare");
        Ended ended = await VoluteProgram.Run(["bench", "net", .. s_small, "--against", "onnxruntime"]);
        Assert.Equal((0, ""), (ended.Code, ended.Error));
        Assert.Matches(@"(?m)^ONNX Runtime +[\d.]+ ms +\d+ MB  \(all optimizations\); its time / ours \d+\.\d\d$", ended.Output);
    }

    [Fact]
    public async Task Pooling_is_exported_as_PyTorch_pools()
    {
        Assert.SkipUnless(await BenchPeers.HasTorch(), $"{BenchPeers.Python} has no PyTorch");
        const string script = """
            import torch, onnx_export
            x = torch.randn(2, 3, 24, 11)
            for size in (14, 5, 4):
                torch.testing.assert_close(onnx_export.AdaptivePooling(size)(x), torch.nn.AdaptiveAvgPool2d(size)(x))
            """;
        Assert.True(await BenchPeers.Runs(BenchPeers.Python, "-B", "-c", $"import sys; sys.path.insert(0, '{BenchPeers.Compare}')\n{script}"));
    }

    [Fact]
    public async Task The_worker_says_that_the_package_is_not_there()
    {
        Assert.SkipUnless(await BenchPeers.Runs("node", "--version"), "there is no Node.js");
        using TemporaryFolder folder = new();
        File.Copy(Path.Combine(BenchPeers.Compare, "onnxruntime_worker.js"), folder["worker.js"]);
        ProcessStartInfo start = new("node", [folder["worker.js"]]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["NODE_PATH"] = "";
        Ended ended = await VoluteProgram.End(Process.Start(start)!);
        Assert.Equal((0, "{\"error\":\"Cannot find module 'onnxruntime-node'\"}\n", ""), (ended.Code, ended.Output, ended.Error));
    }

    private static string[] Both(TemporaryFolder folder)
        => ["--against", "pytorch,onnxruntime", "--python", BenchPeers.Answering(folder, "torch", 2000, 3_000_000), "--node", BenchPeers.Answering(folder, "ort", 1500, 4_000_000)];

    private static string[][] Rows(string page)
        => [.. page.Split('\n').Where(line => line.StartsWith("| lenet", StringComparison.Ordinal)).Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries))];

    /// <summary>The ratio is made before the time is rounded to hundredths.</summary>
    private static void AssertRatio(double theirs, string ours, string ratio)
        => Assert.InRange(Number(ratio), theirs / (Number(ours) + 0.006) - 0.006, theirs / (Number(ours) - 0.006) + 0.006);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
