using System.Diagnostics;
using Volute.Kernels;

namespace Volute.Isa.Tests;

/// <summary>The suites below again, each time in a process whose runtime may not use the widest registers.</summary>
public class InstructionSetTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>The kernels, and that what a plan joins has the bits of operator by operator: narrower registers sum in another order.</summary>
    private static readonly string[] Suites = ["/*/Volute.Tests.Kernels*/*/*", "/*/Volute.Tests.Graph/RandomGraphTests/*", "/*/Volute.Tests.Graph/FusionTests/*"];

    [Theory]
    [InlineData("EnableAVX512", 8)]
    [InlineData("EnableAVX2", 4)]
    [InlineData("EnableHWIntrinsic", 1)]
    public async Task Kernels_and_what_is_joined_are_right_without(string feature, int mostLanes)
    {
        int lanes = Math.Min(Kernels.Isa.Lanes, mostLanes);
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        ProcessStartInfo start = new(host, [TestAssembly, .. Suites.SelectMany(suite => new[] { "--filter-query", suite })])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[$"DOTNET_{feature}"] = "0";
        // The child checks that the switch has worked, and takes a part of the random cases.
        start.Environment["VOLUTE_EXPECT_LANES"] = lanes.ToString();
        start.Environment["VOLUTE_CASES"] = "0.2";
        using var child = Process.Start(start)!;
        using CancellationTokenSource patience = new(Patience);
        try
        {
            var errors = child.StandardError.ReadToEndAsync(patience.Token);
            string output = await child.StandardOutput.ReadToEndAsync(patience.Token);
            await child.WaitForExitAsync(patience.Token);
            Assert.True(child.ExitCode == 0, $"{feature}=0 ended with {child.ExitCode}\n{output}\n{await errors}");
            Assert.Contains("failed: 0", output);
        }
        catch (OperationCanceledException)
        {
            child.Kill(entireProcessTree: true);
            Assert.Fail($"{feature}=0: no end after {Patience}");
        }
    }

    /// <summary>The suite's assembly, built in the same configuration beside this one.</summary>
    private static string TestAssembly
    {
        get
        {
            DirectoryInfo own = new(AppContext.BaseDirectory);
            return Path.Combine(own.Parent!.Parent!.FullName, "Volute.Tests", own.Name, "Volute.Tests.dll");
        }
    }
}
