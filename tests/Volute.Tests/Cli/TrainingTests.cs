using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Volute.Formats;
using Volute.Tests.Formats;
using Volute.Tests.Training;
using Volute.Training;

namespace Volute.Tests.Cli;

/// <summary>volute train, predict and evaluate.</summary>
[Collection(TheProgram.Name)]
public partial class TrainingTests(TrainedRuns runs)
{
    private const int Interrupt = 2;

    private static string[] Keys(JsonElement element) => [.. element.EnumerateObject().Select(p => p.Name)];

    [Fact]
    public void Training_ends_with_one_json_document_where_it_is_asked_for()
    {
        JsonElement json = runs.CellsTraining.Json();
        Assert.Equal(["run", "end", "epochs", "seconds", "metrics"], Keys(json));
        Assert.Equal((runs.CellsRun, "finished", 1), (json.GetProperty("run").GetString(), json.GetProperty("end").GetString(), json.GetProperty("epochs").GetInt32()));
        Assert.Equal(RunFolder.OpenToRead(runs.CellsRun).ReadSummary().Metrics["dice"], json.GetProperty("metrics").GetProperty("dice").GetDouble());
    }

    [Fact]
    public void Training_shows_its_choices_a_line_an_epoch_and_where_everything_lies()
    {
        Assert.Equal((0, ""), (runs.DigitsTraining.Code, runs.DigitsTraining.Error));
        string[] lines = runs.DigitsTraining.Output.Split('\n');
        Assert.StartsWith("one folder for each class", lines[0]);
        Assert.Contains(lines, line => line.StartsWith("  Network           lenet: ", StringComparison.Ordinal));
        Assert.Equal(["epoch 1/2", "epoch 2/2"], lines.Where(line => line.StartsWith("epoch ", StringComparison.Ordinal)).Select(line => line[..9]));
        Assert.Contains(lines, line => System.Text.RegularExpressions.Regex.IsMatch(line, "^  Ends              about [0-9:]{8}, then come validations and the final scoring: [0-9]+ steps of [0-9]+ ms$"));
        Assert.Contains("finished after 2 epochs", lines);
        Assert.Contains($"report  {Path.Combine(runs.DigitsRun, "report.html")}", lines);
        foreach (string file in (string[])["recipe.json", "model.safetensors", "checkpoint/last.safetensors", "log.csv", "summary.json", "report.html"])
            Assert.True(File.Exists(Path.Combine(runs.DigitsRun, file)), file);
    }

    [Fact]
    public async Task A_finished_training_that_is_resumed_says_so_and_is_left_as_it_is()
    {
        string[] kept = ["model.safetensors", "checkpoint/last.safetensors", "log.csv", "summary.json", "report.html"];
        DateTime[] Written() => [.. kept.Select(file => File.GetLastWriteTimeUtc(Path.Combine(runs.DigitsRun, file)))];
        DateTime[] before = Written();
        Ended ended = await VoluteProgram.Run("train", runs.Digits, "--resume", "--out", runs.DigitsRun);
        Assert.Equal((0, ""), (ended.Code, ended.Error));
        Assert.Contains($"\nfinished already, after 2 epochs\nnothing is left to train; go on for longer with: volute train {runs.Digits} --resume --out {runs.DigitsRun} --epochs N\n", ended.Output);
        Assert.Equal(before, Written());
    }

    [Fact]
    public async Task Prediction_lists_the_masks_it_has_written()
    {
        using TemporaryFolder folder = new();
        string images = Path.Combine(runs.Cells, "images"), image = Path.Combine(images, "001.png");
        JsonElement json = (await VoluteProgram.Run("predict", runs.CellsRun, images, "--out", folder["masks"], "--json")).Json();
        Assert.Equal(["outputs"], Keys(json));
        Assert.Equal(6, json.GetProperty("outputs").GetArrayLength());
        JsonElement one = json.GetProperty("outputs")[1];
        Assert.Equal((image, folder["masks/001.png"]), (one.GetProperty("input").GetString(), one.GetProperty("output").GetString()));
        Picture mask = ImageFile.Read(folder["masks/001.png"]), given = ImageFile.Read(Path.Combine(runs.Cells, "masks", "001.png"));
        Assert.Equal((given.Width, given.Height, given.Channels), (mask.Width, mask.Height, mask.Channels));
        Assert.Subset(new HashSet<ushort>(given.ToStored()), new HashSet<ushort>(mask.ToStored()));
        Ended plain = await VoluteProgram.Run("predict", runs.CellsRun, image, "--out", folder["masks"]);
        Assert.Equal((0, $"{image} -> {folder["masks/001.png"]}\n", ""), (plain.Code, plain.Output, plain.Error));
    }

    [Fact]
    public async Task Prediction_of_a_classification_names_the_class_and_its_probability()
    {
        string image = Path.Combine(runs.Digits, "test", "3", "00000.png");
        JsonElement one = (await VoluteProgram.Run("predict", runs.DigitsRun, image, "--json")).Json().GetProperty("outputs")[0];
        Assert.Equal(["input", "class", "probability"], Keys(one));
        Assert.InRange(one.GetProperty("probability").GetDouble(), 0.1, 1);
        Assert.InRange(int.Parse(one.GetProperty("class").GetString()!, CultureInfo.InvariantCulture), 0, 9);
    }

    [Theory]
    [InlineData("cells", 2, new[] { "dice", "pixelAccuracy", "iou", "nsd", "objectF1", "vRand", "vInfo", "warpingError", "ece" })]
    [InlineData("digits", 10, new[] { "accuracy", "ece" })]
    public async Task Evaluation_prints_one_json_document_with_every_class_and_case(string kind, int classes, string[] metrics)
    {
        string data = kind == "cells" ? runs.Cells : runs.Digits, run = kind == "cells" ? runs.CellsRun : runs.DigitsRun;
        JsonElement json = (await VoluteProgram.Run("evaluate", run, data, "--json")).Json();
        Assert.Equal(classes, json.GetProperty("perClass").GetArrayLength());
        Assert.Equal(json.GetProperty("cases").GetInt32(), json.GetProperty("perCase").GetArrayLength());
        foreach (string metric in metrics)
            Assert.InRange(json.GetProperty("metrics").GetProperty(metric).GetDouble(), 0, 1);
        Assert.Equal(RunFolder.OpenToRead(run).ReadSummary().Metrics[metrics[0]], json.GetProperty("metrics").GetProperty(metrics[0]).GetDouble());
        JsonElement all = (await VoluteProgram.Run("evaluate", run, data, "--json", "--all", "--pixels-only")).Json();
        Assert.Equal(kind == "cells" ? 6 : 40, all.GetProperty("cases").GetInt32());
        Assert.False(all.GetProperty("metrics").TryGetProperty("hd95", out _));
    }

    [Fact]
    public async Task A_plan_may_be_changed_before_it_is_trained()
    {
        using TemporaryFolder folder = new();
        Ended planned = await VoluteProgram.Run("train", runs.Cells, "--out", folder["run"], "--base-width", "4", "--patch", "32", "--epochs", "1", "--plan");
        Assert.Equal((0, ""), (planned.Code, planned.Error));
        Assert.Contains($"\nplan    {folder["run/recipe.json"]}; train it with: volute train {runs.Cells} --resume --out {folder["run"]}\n", planned.Output);
        string recipe = File.ReadAllText(folder["run/recipe.json"]);
        Assert.Contains("\"batchSize\": 2,", recipe);
        File.WriteAllText(folder["run/recipe.json"], recipe.Replace("\"batchSize\": 2,", "\"batchSize\": 3,").Replace("\"optimizer\": \"adamw\"", "\"optimizer\": \"sgd\""));
        JsonElement json = (await VoluteProgram.Run("train", runs.Cells, "--resume", "--out", folder["run"], "--json")).Json();
        Assert.Equal(("finished", 1), (json.GetProperty("end").GetString(), json.GetProperty("epochs").GetInt32()));
        Assert.Contains(Safetensors.Read(folder["run/checkpoint/last.safetensors"]).Keys, name => name.StartsWith("optimizer.momentum_buffer.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Folds_are_runs_within_the_run_which_predicts_with_all_of_them()
    {
        using TemporaryFolder folder = new();
        Ended trained = await VoluteProgram.Run("train", runs.Digits, "--out", folder["run"], "--folds", "2", "--epochs", "1", "--batch", "8");
        Assert.Equal((0, ""), (trained.Code, trained.Error));
        string[] lines = trained.Output.Split('\n');
        Assert.Equal(["fold 0 of 2", "fold 1 of 2", "finished after 2 epochs of 2 folds"], lines.Where(line => line.StartsWith("fold ", StringComparison.Ordinal) || line.StartsWith("finished", StringComparison.Ordinal)));
        Assert.Contains(lines, line => line.StartsWith("  Folds             2 networks: each sample is held out once", StringComparison.Ordinal));
        Assert.True(File.Exists(folder["run/fold-1/log.csv"]) && File.Exists(folder["run/report.html"]));
        RunSummary summary = RunFolder.OpenToRead(folder["run"]).ReadSummary();
        JsonElement json = (await VoluteProgram.Run("evaluate", folder["run"], runs.Digits, "--json")).Json();
        Assert.Equal(summary.Metrics["accuracy"], json.GetProperty("metrics").GetProperty("accuracy").GetDouble());
        Assert.Equal(0, (await VoluteProgram.Run("predict", folder["run"], Path.Combine(runs.Digits, "test", "3", "00000.png"))).Code);
        // A second epoch of each.
        Ended longer = await VoluteProgram.Run("train", runs.Digits, "--out", folder["run"], "--resume", "--epochs", "2", "--json");
        Assert.Equal(4, longer.Json().GetProperty("epochs").GetInt32());
        Assert.Equal([1, 2], TrainingLog.Read(folder["run/fold-1/log.csv"]).Select(row => row.Epoch));
    }

    [Fact]
    public async Task A_training_that_diverges_fails_in_one_line()
    {
        using TemporaryFolder folder = new();
        Ended ended = await VoluteProgram.Run("train", runs.Digits, "--out", folder["run"], "--batch", "8", "--learning-rate", "1e30", "--json");
        Assert.Equal((1, ""), (ended.Code, ended.Output));
        Assert.Matches("^volute: the loss became (NaN|infinite) at step [0-9] \\(epoch 1\\); there is no checkpoint yet. Train with a lower learning rate, or with --check-numerics to find the layer\n$", ended.Error);
        Ended checkedOne = await VoluteProgram.Run("train", runs.Digits, "--out", folder["checked"], "--batch", "8", "--learning-rate", "1e30", "--json", "--check-numerics");
        Assert.Equal((1, ""), (checkedOne.Code, checkedOne.Output));
        Assert.Matches("^volute: [^\n]*features[^\n]*\n$", checkedOne.Error);
    }

    [Fact]
    public async Task Damaged_weights_are_named()
    {
        using TemporaryFolder folder = new();
        string model = folder.At("run/model.safetensors");
        File.Copy(Path.Combine(runs.DigitsRun, "recipe.json"), folder["run/recipe.json"]);
        File.WriteAllBytes(model, File.ReadAllBytes(Path.Combine(runs.DigitsRun, "model.safetensors"))[..^1]);
        Ended ended = await VoluteProgram.Run("predict", folder["run"], runs.Digits + "/test/3/00000.png");
        Assert.Equal((1, ""), (ended.Code, ended.Output));
        Assert.Matches($"^volute: {System.Text.RegularExpressions.Regex.Escape(model)}: the tensors need [0-9]+ bytes behind the header, the file has [0-9]+ \\(at byte 8\\)\n$", ended.Error);
        File.Delete(model);
        ended = await VoluteProgram.Run("predict", folder["run"], runs.Digits + "/test/3/00000.png");
        Assert.Equal((1, $"volute: '{folder["run"]}' has no weights yet: it was not trained to the end of an epoch; go on with: volute train {runs.Digits} --resume --out {folder["run"]}\n"), (ended.Code, ended.Error));
    }

    [Fact]
    public async Task An_interrupted_training_leaves_a_run_that_predicts_and_is_resumed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "a process of Windows cannot be sent an interrupt alone");
        using TemporaryFolder folder = new();
        string run = folder["run"], log = Path.Combine(run, "log.csv");
        using Process training = VoluteProgram.Start("train", runs.Cells, "--out", run, "--epochs", "100000", "--base-width", "4", "--patch", "32", "--batch", "2");
        Task<Ended> end = VoluteProgram.End(training);
        while (!training.HasExited && (!File.Exists(log) || File.ReadAllLines(log).Length < 3))
            await Task.Delay(50, TestContext.Current.CancellationToken);
        Ended second = await VoluteProgram.Run("train", runs.Cells, "--resume", "--out", run);
        Assert.Equal((1, "", $"volute: run folder '{run}' is in use by process {training.Id}; wait until it ends, or choose another folder\n"), (second.Code, second.Output, second.Error));

        Assert.Equal(0, Kill(training.Id, Interrupt));
        // Where this process was started to ignore interrupts, so was that one.
        Ended ended;
        try
        {
            ended = await end.WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
        }
        finally
        {
            training.Kill();
        }
        Assert.Equal((0, ""), (ended.Code, ended.Error));
        Assert.Contains($"\nstopped; go on with: volute train {runs.Cells} --resume --out {run}\n", ended.Output);
        int epochs = TrainingLog.Read(log).Count;
        Assert.Equal(epochs, RunFolder.OpenToRead(run).ReadSummary().Epochs);

        Assert.Equal(0, (await VoluteProgram.Run("predict", run, Path.Combine(runs.Cells, "images", "000.png"), "--out", folder["masks"])).Code);
        JsonElement json = (await VoluteProgram.Run("train", runs.Cells, "--resume", "--out", run, "--epochs", $"{epochs + 2}", "--json")).Json();
        Assert.Equal(("finished", epochs + 2), (json.GetProperty("end").GetString(), json.GetProperty("epochs").GetInt32()));
        Assert.Equal(Enumerable.Range(1, epochs + 2), TrainingLog.Read(log).Select(row => row.Epoch));
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
