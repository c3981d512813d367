using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Volute.Formats;

namespace Volute.Training;

/// <summary>
/// The folder of one training: <c>recipe.json</c> (what makes it a run), <c>model.safetensors</c>, <c>checkpoint/</c>, <c>log.csv</c>,
/// <c>summary.json</c>, <c>report.html</c>. One process at a time trains in it; any number may read.
/// </summary>
public sealed class RunFolder : IDisposable
{
    private readonly RunLock? held;

    private RunFolder(string path, RunLock? held)
    {
        FolderPath = path;
        this.held = held;
    }

    /// <summary>The folder, absolute.</summary>
    public string FolderPath { get; }

    /// <summary>The folder's own name.</summary>
    public string Name => Path.GetFileName(FolderPath);

    /// <summary>What is trained, how and on what.</summary>
    public string RecipePath => Path.Combine(FolderPath, "recipe.json");

    /// <summary>The trained weights.</summary>
    public string ModelPath => Path.Combine(FolderPath, "model.safetensors");

    /// <summary>The folder of what a resumed training needs.</summary>
    public string CheckpointPath => Path.Combine(FolderPath, "checkpoint");

    /// <summary>One row an epoch.</summary>
    public string LogPath => Path.Combine(FolderPath, "log.csv");

    /// <summary>The run of the stage on slices, where the network of volumes began with one.</summary>
    public string SlicesPath => Path.Combine(FolderPath, "slices");

    /// <summary>The outcome in numbers.</summary>
    public string SummaryPath => Path.Combine(FolderPath, "summary.json");

    /// <summary>The outcome for people.</summary>
    public string ReportPath => Path.Combine(FolderPath, "report.html");

    /// <summary>Makes the folder (an empty one may be there), locks it for training and writes its recipe.</summary>
    /// <exception cref="VoluteException">It is a file, a run already, not empty, or cannot be written: found before the first step.</exception>
    public static RunFolder Create<T>(string path, T recipe, JsonTypeInfo<T> recipeType)
    {
        string folder = FullPath(path);
        if (File.Exists(folder))
            throw new InvalidArgumentException($"'{path}' is a file; a run needs a folder of its own: choose another name");
        CheckFree(folder, path);
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VoluteException($"cannot create run folder '{path}': {e.Message}", e);
        }
        RunFolder run = Lock(folder);
        try
        {
            // Another process may have made a run of it before the lock was taken.
            CheckFree(folder, path);
            run.WriteRecipe(recipe, recipeType);
            return run;
        }
        catch
        {
            run.Dispose();
            throw;
        }
    }

    /// <summary>Locks an existing run, to train on in it.</summary>
    /// <exception cref="VoluteException">It is no run, in use by another process (which is named), or cannot be written.</exception>
    public static RunFolder Open(string path) => Lock(OpenToRead(path).FolderPath);

    /// <summary>Opens an existing run to look at or to predict with; it may be in training.</summary>
    /// <exception cref="VoluteException">It is no run.</exception>
    public static RunFolder OpenToRead(string path)
    {
        string folder = FullPath(path);
        if (File.Exists(folder))
            throw new InvalidArgumentException($"'{path}' is a file, not a run folder");
        if (!Directory.Exists(folder))
            throw new InvalidArgumentException($"there is no run folder '{path}'");
        RunFolder run = new(folder, null);
        if (!File.Exists(run.RecipePath))
            throw new InvalidArgumentException($"'{path}' is not a run folder: it has no recipe.json");
        return run;
    }

    /// <summary>Reads the recipe.</summary>
    /// <exception cref="VoluteException">It cannot be read or is no such recipe.</exception>
    public T ReadRecipe<T>(JsonTypeInfo<T> type) => ReadJson(RecipePath, type);

    /// <summary>Replaces the recipe.</summary>
    /// <exception cref="VoluteException">The folder was opened to read, or the file cannot be written.</exception>
    public void WriteRecipe<T>(T recipe, JsonTypeInfo<T> type) => WriteJson(RecipePath, recipe, type);

    /// <summary>Reads the summary.</summary>
    /// <exception cref="VoluteException">It cannot be read or is no summary.</exception>
    public RunSummary ReadSummary() => ReadJson(SummaryPath, TrainingJson.Default.RunSummary);

    /// <summary>Replaces the summary.</summary>
    /// <exception cref="VoluteException">The folder was opened to read, or the file cannot be written.</exception>
    public void WriteSummary(RunSummary summary) => WriteJson(SummaryPath, summary, TrainingJson.Default.RunSummary);

    /// <summary>Starts <c>log.csv</c>, or goes on with it after <paramref name="lastEpoch"/>, the checkpoint's: later rows are dropped.</summary>
    /// <exception cref="VoluteException">The folder was opened to read, the old log has other columns, or the file cannot be written.</exception>
    public TrainingLog OpenLog(IReadOnlyList<string> metrics, int lastEpoch = 0)
    {
        CheckHeld();
        return TrainingLog.Open(LogPath, metrics, lastEpoch);
    }

    /// <summary>Lets other processes train here.</summary>
    public void Dispose() => held?.Dispose();

    /// <summary>Locks the folder and removes what a killed training was writing: nobody else writes here now.</summary>
    private static RunFolder Lock(string folder)
    {
        RunFolder run = new(folder, RunLock.Take(folder));
        AtomicFile.DeleteTemporaries(folder);
        AtomicFile.DeleteTemporaries(run.CheckpointPath);
        return run;
    }

    private static string FullPath(string path)
    {
        if (string.IsNullOrWhiteSpace(path) || path.Contains('\0'))
            throw new InvalidArgumentException($"a run folder needs a name, got '{path}'");
        return Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
    }

    private static void CheckFree(string folder, string path)
    {
        if (!Directory.Exists(folder))
            return;
        if (File.Exists(Path.Combine(folder, "recipe.json")))
            throw new InvalidArgumentException($"'{path}' is a run already; resume it, or choose another folder");
        try
        {
            if (Directory.EnumerateFileSystemEntries(folder)
                .FirstOrDefault(entry => Path.GetFileName(entry) is not (RunLock.LockName or RunLock.HolderName) && !AtomicFile.IsTemporary(entry)) is { } entry)
                throw new InvalidArgumentException($"folder '{path}' is not empty ('{Path.GetFileName(entry)}' is in it) and not a run; choose another folder");
        }
        catch (UnauthorizedAccessException e)
        {
            throw new VoluteException($"cannot look into folder '{path}': {e.Message}", e);
        }
    }

    private void CheckHeld()
    {
        if (held == null)
            throw new VoluteException($"run folder '{FolderPath}' was opened to read; open it with RunFolder.Open to write");
    }

    private void WriteJson<T>(string path, T value, JsonTypeInfo<T> type)
    {
        CheckHeld();
        AtomicFile.Write(path, stream =>
        {
            using Utf8JsonWriter writer = new(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" });
            JsonSerializer.Serialize(writer, value, type);
        });
    }

    private static T ReadJson<T>(string path, JsonTypeInfo<T> type)
    {
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return JsonSerializer.Deserialize(stream, type) ?? throw new FileFormatException(path, 0, "a JSON object is expected, got null");
        }
        catch (JsonException e)
        {
            throw new FileFormatException(path, -1, $"not the JSON that is expected: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VoluteException($"cannot read '{path}': {e.Message}", e);
        }
    }
}
