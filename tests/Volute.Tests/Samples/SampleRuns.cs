using System.Collections.Concurrent;
using System.Diagnostics;
using Volute.Tests.Cli;

namespace Volute.Tests.Samples;

/// <summary>The programs of the folder samples, run as the README says, each once and two at a time: while one is judged the next is built.</summary>
public sealed class SampleRuns
{
    private readonly ConcurrentDictionary<string, Lazy<Task<Ended>>> _runs = new();
    private readonly SemaphoreSlim _two = new(2);

    /// <summary>The repository.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The names of the files, in order.</summary>
    public static string[] Names { get; } = [.. Directory.GetFiles(PathOf(""), "*.cs").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    /// <summary>Where a sample lies.</summary>
    public static string PathOf(string name) => Path.Combine(Root, "samples", name);

    /// <summary>How a sample ended.</summary>
    internal Task<Ended> Of(string name)
    {
        Task<Ended> run = Start(name);
        int next = Array.IndexOf(Names, name) + 1;
        if (next < Names.Length)
            Start(Names[next]);
        return run;
    }

    private Task<Ended> Start(string name) => _runs.GetOrAdd(name, _ => new Lazy<Task<Ended>>(() => Task.Run(() => Run(name)))).Value;

    private async Task<Ended> Run(string name)
    {
        await _two.WaitAsync();
        try
        {
            ProcessStartInfo start = new("dotnet", ["run", $"samples/{name}"])
            {
                WorkingDirectory = Root,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                RedirectStandardInput = true,
            };
            start.Environment["DOTNET_NOLOGO"] = "1";
            // The library that samples are built with is the one that these tests are: to look again whether it is up to date takes half of the time.
            if (Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)) == "release")
                start.Environment["BuildProjectReferences"] = "false";
            using Process process = Process.Start(start)!;
            process.StandardInput.Close();
            Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            return new Ended(process.ExitCode, await output, await error);
        }
        finally
        {
            _two.Release();
        }
    }

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Volute.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException($"no Volute.slnx above {AppContext.BaseDirectory}");
    }
}
