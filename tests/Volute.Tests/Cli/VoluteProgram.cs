using System.Diagnostics;
using System.Text.Json;

namespace Volute.Tests.Cli;

/// <summary>How a run of the program ended.</summary>
internal sealed record Ended(int Code, string Output, string Error)
{
    /// <summary>Standard output, which is exactly one JSON document.</summary>
    public JsonElement Json()
    {
        Assert.Equal("", Error);
        Assert.Equal(0, Code);
        return JsonDocument.Parse(Output).RootElement;
    }
}

/// <summary>The program as its users run it: a process of its own.</summary>
internal static class VoluteProgram
{
    /// <summary>The built program, which lies beside these tests in the folder of build outputs: bin/Volute.Cli/release.</summary>
    private static readonly string s_path = Path.Combine(AppContext.BaseDirectory, "..", "..", "Volute.Cli", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), "Volute.Cli.dll");

    public static Process Start(params ReadOnlySpan<string> arguments) => Start("DOTNET_TC_QuickJit", "1", arguments);

    private static Process Start(string variable, string value, ReadOnlySpan<string> arguments)
    {
        Assert.True(File.Exists(s_path), $"{s_path} is not built");
        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.ArgumentList.Add(s_path);
        // Most of the time of a short run is the compiler's: it need not try its best here.
        start.Environment["DOTNET_TC_QuickJit"] = start.Environment["DOTNET_TC_QuickJitForLoops"] = "1";
        start.Environment[variable] = value;
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    public static async Task<Ended> Run(params string[] arguments)
    {
        using Process process = Start(arguments);
        return await End(process);
    }

    /// <summary>A run that finds no GDAL, wherever it is installed.</summary>
    public static async Task<Ended> RunWithoutGdal(params string[] arguments)
    {
        using Process process = Start("VOLUTE_GDAL", "/nowhere/libgdal.so", arguments);
        return await End(process);
    }

    public static async Task<Ended> End(Process process)
    {
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new Ended(process.ExitCode, await output, await error);
    }
}
