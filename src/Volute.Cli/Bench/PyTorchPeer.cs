using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Volute.Kernels;

namespace Volute.Cli.Bench;

/// <summary>PyTorch in a process of its own, which works when it is asked to and sleeps otherwise.</summary>
internal sealed class PyTorchPeer : IDisposable
{
    private const string Debian = "/usr/bin/python3", Packages = "on Debian: apt-get install python3-torch libopenblas0-pthread; --python names another Python";

    private readonly DirectoryInfo _folder;
    private readonly Process _process;
    private readonly StringBuilder _complaints = new();
    private readonly string _python;

    /// <summary>Starts the worker with as many threads as ours.</summary>
    /// <param name="python">The Python to run; Debian's, else the first on the path, unless given.</param>
    /// <param name="threads">Threads.</param>
    /// <exception cref="VoluteException">No Python, or none that has PyTorch.</exception>
    public PyTorchPeer(string? python, int threads)
    {
        _python = python ?? (File.Exists(Debian) ? Debian : "python3");
        _folder = Directory.CreateTempSubdirectory("volute-bench-");
        try
        {
            foreach (string name in (string[])["pytorch_worker.py", "pytorch_networks.py"])
            {
                using Stream from = typeof(PyTorchPeer).Assembly.GetManifestResourceStream(name)!;
                using FileStream to = File.Create(Path.Combine(_folder.FullName, name));
                from.CopyTo(to);
            }
            _process = Start(threads);
            _process.ErrorDataReceived += (_, e) => { lock (_complaints) _complaints.AppendLine(e.Data); };
            _process.BeginErrorReadLine();
            Version = Answer().GetProperty("version").GetString()!;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>PyTorch's version.</summary>
    public string Version { get; }

    /// <summary>The highest resident memory of the process so far.</summary>
    public long PeakBytes { get; private set; }

    /// <summary>One way of doing a piece of work.</summary>
    /// <param name="describe">Writes the fields of the request but its repetitions.</param>
    public IContestant Contestant(Action<Utf8JsonWriter> describe) => new Way(this, describe);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_process is { } process)
        {
            if (!process.HasExited)
                process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
        _folder.Delete(recursive: true);
    }

    private Process Start(int threads)
    {
        ProcessStartInfo start = new(_python) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("-B");
        start.ArgumentList.Add(Path.Combine(_folder.FullName, "pytorch_worker.py"));
        // PyTorch leaves the widest registers unused unless told; on a processor without them that would be its end.
        if (Isa.Lanes == 16)
            start.Environment["ATEN_CPU_CAPABILITY"] = "avx512";
        start.Environment["OMP_NUM_THREADS"] = threads.ToString(CultureInfo.InvariantCulture);
        // Its threads wait for work as they do by default, spinning, which makes tiny convolutions three times as fast as sleeping does; but for some six
        // milliseconds, so that they sleep in our turn.
        start.Environment["GOMP_SPINCOUNT"] = "100000";
        try
        {
            return Process.Start(start)!;
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            throw new VoluteException($"--against pytorch: there is no Python '{_python}'; {Packages}", e);
        }
    }

    private JsonElement Answer()
    {
        if (_process.StandardOutput.ReadLine() is { } line)
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement answer = document.RootElement.Clone();
            return answer.TryGetProperty("error", out JsonElement error) ? throw new VoluteException($"--against pytorch: {error.GetString()}") : answer;
        }
        _process.WaitForExit();
        string[] complaints;
        lock (_complaints)
            complaints = _complaints.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string last = complaints.LastOrDefault() ?? $"exit code {_process.ExitCode}";
        string cure = last.Contains("ModuleNotFoundError", StringComparison.Ordinal) || last.Contains("ImportError", StringComparison.Ordinal) ? $"; {Packages}" : "";
        throw new VoluteException($"--against pytorch: {_python} ended: {last}{cure}");
    }

    private double[] Run(Action<Utf8JsonWriter> describe, int repetitions)
    {
        using MemoryStream request = new();
        using (Utf8JsonWriter json = new(request))
        {
            json.WriteStartObject();
            describe(json);
            json.WriteNumber("repetitions", repetitions);
            json.WriteEndObject();
        }
        try
        {
            _process.StandardInput.WriteLine(Encoding.UTF8.GetString(request.GetBuffer(), 0, (int)request.Length));
            _process.StandardInput.Flush();
        }
        catch (IOException)
        {
            // It has ended: the missing answer tells why.
        }
        JsonElement answer = Answer();
        PeakBytes = answer.GetProperty("peakBytes").GetInt64();
        return [.. answer.GetProperty("ms").EnumerateArray().Select(e => e.GetDouble())];
    }

    private sealed class Way(PyTorchPeer peer, Action<Utf8JsonWriter> describe) : IContestant
    {
        public double[] Run(int repetitions) => peer.Run(describe, repetitions);
    }
}
