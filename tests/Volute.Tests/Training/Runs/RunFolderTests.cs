using System.Text.Json;
using Volute.Tests.Formats;
using Volute.Training;

namespace Volute.Tests.Training.Runs;

public class RunFolderTests
{
    private static readonly JsonElement recipe = JsonDocument.Parse("{\"model\":\"unet\",\"width\":16}").RootElement;

    private static RunFolder Create(string path) => RunFolder.Create(path, recipe, JsonContext.Default.JsonElement);

    private static string Message(Action action) => Assert.ThrowsAny<VoluteException>(action).Message;

    [Fact]
    public void A_created_run_is_opened_again_with_what_was_written()
    {
        using TemporaryFolder folder = new();
        string path = folder["deep/run1"];
        using (RunFolder run = Create(path))
        {
            Assert.Equal("run1", run.Name);
            run.OpenLog([]);
            run.WriteSummary(Samples.Summary());
        }
        using RunFolder again = RunFolder.Open(path);
        Assert.Equal("unet", again.ReadRecipe(JsonContext.Default.JsonElement).GetProperty("model").GetString());
        Assert.Equal(Samples.Summary().Evaluation.ToJson(), again.ReadSummary().Evaluation.ToJson());
        Assert.Equal(["lock", "lock.pid", "log.csv", "recipe.json", "summary.json"], Directory.GetFiles(path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void The_summary_is_json_that_people_can_read_and_begins_with_the_run_and_its_metrics()
    {
        using TemporaryFolder folder = new();
        using RunFolder run = Create(folder["run"]);
        run.WriteSummary(Samples.Summary());
        string text = File.ReadAllText(run.SummaryPath);
        Assert.StartsWith("{\n  \"run\": \"", text);
        using JsonDocument document = JsonDocument.Parse(text);
        Assert.Equal(JsonValueKind.Number, document.RootElement.GetProperty("metrics").GetProperty("dice").ValueKind);
    }

    [Fact]
    public void Two_trainers_cannot_use_one_folder_and_the_second_is_told_who_has_it()
    {
        using TemporaryFolder folder = new();
        string path = folder["run"];
        using (Create(path))
        {
            string expected = $"run folder '{path}' is in use by process {Environment.ProcessId}; wait until it ends, or choose another folder";
            Assert.Equal(expected, Message(() => RunFolder.Open(path)));
            Assert.Equal("unet", RunFolder.OpenToRead(path).ReadRecipe(JsonContext.Default.JsonElement).GetProperty("model").GetString());
        }
        RunFolder.Open(path).Dispose();
    }

    [Fact]
    public void A_lock_left_by_a_process_that_died_does_not_hold()
    {
        using TemporaryFolder folder = new();
        string path = folder["run"];
        Create(path).Dispose();
        File.WriteAllText(Path.Combine(path, "lock.pid"), "4194304");
        using (RunFolder.Open(path))
            Assert.Equal($"{Environment.ProcessId}", File.ReadAllText(Path.Combine(path, "lock.pid")));
        Assert.False(File.Exists(Path.Combine(path, "lock.pid")));
    }

    [Fact]
    public void What_is_no_run_is_refused_with_the_reason()
    {
        using TemporaryFolder folder = new();
        string file = folder["file"], other = folder["other"], run = folder["run"];
        File.WriteAllText(file, "");
        Directory.CreateDirectory(other);
        File.WriteAllText(Path.Combine(other, "holiday.txt"), "");
        Create(run).Dispose();
        Assert.Equal($"'{file}' is a file; a run needs a folder of its own: choose another name", Message(() => Create(file)));
        Assert.Equal($"'{file}' is a file, not a run folder", Message(() => RunFolder.Open(file)));
        Assert.Equal($"'{other}' is not a run folder: it has no recipe.json", Message(() => RunFolder.Open(other)));
        Assert.Equal($"folder '{other}' is not empty ('holiday.txt' is in it) and not a run; choose another folder", Message(() => Create(other)));
        Assert.Equal($"there is no run folder '{folder["none"]}'", Message(() => RunFolder.OpenToRead(folder["none"])));
        Assert.Equal($"'{run}' is a run already; resume it, or choose another folder", Message(() => Create(run)));
        Assert.Equal(["holiday.txt"], Directory.GetFiles(other).Select(Path.GetFileName));
        Assert.Equal("a run folder needs a name, got ' '", Assert.Throws<InvalidArgumentException>(() => Create(" ")).Message);
    }

    [Fact]
    public void An_empty_folder_becomes_a_run()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder["run"]);
        Create(folder["run"] + Path.DirectorySeparatorChar).Dispose();
        Assert.True(File.Exists(Path.Combine(folder["run"], "recipe.json")));
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_refused_before_the_first_step()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc, where nobody can create a file, is Linux's");
        Assert.StartsWith("cannot create run folder '/proc/run': ", Message(() => Create("/proc/run")));
    }

    [Fact]
    public void A_read_only_run_is_refused_before_the_first_step()
    {
        using TemporaryFolder folder = new();
        string path = folder["run"];
        Create(path).Dispose();
        // A folder in the place of a file stops every user, root too, for whom read-only folders are none.
        Directory.CreateDirectory(Path.Combine(path, "lock.pid"));
        Assert.StartsWith($"cannot write into run folder '{path}': ", Message(() => RunFolder.Open(path)));
        Directory.Delete(Path.Combine(path, "lock.pid"));
        RunFolder.Open(path).Dispose();
    }

    [Fact]
    public void A_run_opened_to_read_is_not_written_to()
    {
        using TemporaryFolder folder = new();
        string path = folder["run"];
        Create(path).Dispose();
        RunFolder run = RunFolder.OpenToRead(path);
        string expected = $"run folder '{path}' was opened to read; open it with RunFolder.Open to write";
        Assert.Equal(expected, Message(() => run.WriteRecipe(recipe, JsonContext.Default.JsonElement)));
        Assert.Equal(expected, Message(() => run.OpenLog([])));
    }

    [Fact]
    public void A_damaged_file_is_named()
    {
        using TemporaryFolder folder = new();
        using RunFolder run = Create(folder["run"]);
        File.WriteAllText(run.SummaryPath, "{\"run\": 5}");
        Assert.StartsWith($"{run.SummaryPath}: not the JSON that is expected: ", Assert.Throws<FileFormatException>(run.ReadSummary).Message);
        File.WriteAllText(run.SummaryPath, "null");
        Assert.Equal($"{run.SummaryPath}: a JSON object is expected, got null (at byte 0)", Assert.Throws<FileFormatException>(run.ReadSummary).Message);
        Assert.StartsWith($"cannot read '{Path.Combine(run.FolderPath, "summary.json")}': ", Message(() =>
        {
            File.Delete(run.SummaryPath);
            run.ReadSummary();
        }));
    }

    [Fact]
    public void Hashes_are_those_of_the_files_bytes()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["abc.txt"], "abc");
        Assert.Equal(new NamedHash("abc.txt", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"), NamedHash.OfFile(folder["abc.txt"]));
    }

    [Fact]
    public void The_environment_names_this_process_and_no_machine()
    {
        RunEnvironment here = RunEnvironment.Current(3);
        Assert.Equal(3, here.Threads);
        Assert.StartsWith("0.1.0", here.Volute);
        Assert.StartsWith(".NET 10", here.Runtime);
        Assert.DoesNotContain(Environment.MachineName, here.ToString().Replace(Environment.OSVersion.VersionString, ""));
        Assert.True(here.MemoryBytes > 0);
    }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(JsonElement))]
internal sealed partial class JsonContext : System.Text.Json.Serialization.JsonSerializerContext;
