using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Volute.Kernels;

namespace Volute.Cli.Bench;

/// <summary>PyTorch, in Python.</summary>
/// <param name="python">The Python to run; Debian's, else the first on the path, unless given.</param>
internal sealed class PyTorch(string? python) : Peer("pytorch", "PyTorch", python ?? (File.Exists(Debian) ? Debian : "python3"))
{
    /// <summary>The way that networks go unless someone asks for more.</summary>
    public const string Eager = "eager";

    private const string Debian = "/usr/bin/python3", Packages = "on Debian: apt-get install python3-torch libopenblas0-pthread; --python names another Python";

    private static readonly string[] s_predicting = [Eager, "channels_last", "traced"], s_training = [Eager, "channels_last"];

    /// <inheritdoc/>
    public override (string Kind, string Cure) ProgramIsMissing => ("Python", Packages);

    /// <inheritdoc/>
    public override (string[] Signs, string Cure) LibraryIsMissing => (["ModuleNotFoundError", "ImportError"], Packages);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Ways(bool training) => training ? s_training : s_predicting;

    /// <inheritdoc/>
    public override ProcessStartInfo Worker(PeerFolder folder, int threads)
    {
        ProcessStartInfo start = new(Program, ["-B", folder["pytorch_worker.py"]]);
        // PyTorch leaves the widest registers unused unless told; on a processor without them that would be its end.
        if (Isa.Lanes == 16)
            start.Environment["ATEN_CPU_CAPABILITY"] = "avx512";
        start.Environment["OMP_NUM_THREADS"] = threads.ToString(CultureInfo.InvariantCulture);
        // Its threads wait for work as they do by default, spinning, which makes tiny convolutions three times as fast as sleeping does; but for some six
        // milliseconds, so that they sleep in our turn.
        start.Environment["GOMP_SPINCOUNT"] = "100000";
        return start;
    }

    /// <inheritdoc/>
    public override void Describe(Utf8JsonWriter json, NetworkCase work, string way, PeerFolder folder)
    {
        DescribeNetwork(json, work);
        json.WriteBoolean("train", work.IsTraining);
        json.WriteString("variant", way);
    }

    /// <summary>Writes the network as an ONNX file.</summary>
    /// <exception cref="PeerException">PyTorch is not there, or cannot.</exception>
    public void Export(NetworkCase work, string file, PeerFolder folder)
    {
        using PeerProcess worker = new(this, folder, Settings.Threads);
        worker.Contestant(json =>
        {
            DescribeNetwork(json, work);
            json.WriteString("export", file);
        }).Run(0);
    }

    private static void DescribeNetwork(Utf8JsonWriter json, NetworkCase work)
    {
        json.WriteString("network", work.Network.Name);
        json.WriteArray("input", work.Input);
        json.WriteNumber("parameters", work.Parameters);
        json.WriteNumber("threads", Settings.Threads);
    }
}
