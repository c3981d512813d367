using System.Diagnostics;
using System.Text.Json;

namespace Volute.Cli.Bench;

/// <summary>ONNX Runtime, in Node.js, on the networks that PyTorch exports: predictions only.</summary>
/// <param name="node">The Node.js to run; the first on the path unless given.</param>
/// <param name="exporter">Who writes the ONNX files.</param>
internal sealed class OnnxRuntime(string? node, PyTorch exporter) : Peer("onnxruntime", "ONNX Runtime", node ?? "node")
{
    private const string Compare = "benchmarks/compare";

    private static readonly string[] s_predicting = ["all optimizations"];

    /// <inheritdoc/>
    public override (string Kind, string Cure) ProgramIsMissing => ("Node.js", "on Debian: apt-get install nodejs npm; --node names another Node.js");

    /// <inheritdoc/>
    public override (string[] Signs, string Cure) LibraryIsMissing => (["Cannot find module"], $"npm install --prefix {Compare}");

    /// <inheritdoc/>
    public override IReadOnlyList<string> Ways(bool training) => training ? [] : s_predicting;

    /// <inheritdoc/>
    public override ProcessStartInfo Worker(PeerFolder folder, int threads)
    {
        ProcessStartInfo start = new(Program, [folder["onnxruntime_worker.js"]]);
        if (Modules() is { } modules)
            start.Environment["NODE_PATH"] = modules;
        return start;
    }

    /// <inheritdoc/>
    public override void Prepare(NetworkCase work, PeerFolder folder)
    {
        string file = Model(work, folder);
        try
        {
            if (!File.Exists(file))
                exporter.Export(work, file, folder);
        }
        catch (PeerException error)
        {
            throw new PeerException(this, $"PyTorch must export its model: {error.Problem}", error);
        }
    }

    /// <inheritdoc/>
    public override void Describe(Utf8JsonWriter json, NetworkCase work, string way, PeerFolder folder)
    {
        json.WriteString("file", Model(work, folder));
        json.WriteArray("input", work.Input);
        json.WriteNumber("threads", Settings.Threads);
    }

    private static string Model(NetworkCase work, PeerFolder folder) => folder[$"{work.Network.Name}-{string.Join('x', work.Input.ToArray())}.onnx"];

    /// <summary>Where npm installs the package: in the project's folder, which the current folder or the program's lies in.</summary>
    private static string? Modules()
    {
        foreach (string start in (string[])[Environment.CurrentDirectory, AppContext.BaseDirectory])
        {
            for (DirectoryInfo? folder = new(start); folder is not null; folder = folder.Parent)
            {
                string modules = Path.Combine(folder.FullName, Compare, "node_modules");
                if (Directory.Exists(modules))
                    return modules;
            }
        }
        return null;
    }
}
