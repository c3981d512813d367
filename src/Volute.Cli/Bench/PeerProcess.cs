using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Volute.Cli.Bench;

/// <summary>A peer's worker, which works when it is asked to and sleeps otherwise: a JSON object a line to and fro.</summary>
internal sealed class PeerProcess : IDisposable
{
    private readonly Peer _peer;
    private readonly Process _process;
    private readonly StringBuilder _complaints = new();

    /// <summary>Starts the worker; the first piece of work waits until it is ready.</summary>
    /// <exception cref="PeerException">The program is not there.</exception>
    public PeerProcess(Peer peer, PeerFolder folder, int threads)
    {
        _peer = peer;
        ProcessStartInfo start = peer.Worker(folder, threads);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        try
        {
            _process = Process.Start(start)!;
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            throw new PeerException(peer, $"there is no {peer.ProgramIsMissing.Kind} '{peer.Program}'; {peer.ProgramIsMissing.Cure}", e);
        }
        _process.ErrorDataReceived += (_, e) => { lock (_complaints) _complaints.AppendLine(e.Data); };
        _process.BeginErrorReadLine();
    }

    /// <summary>The library's version, once the worker is ready.</summary>
    public string? Version { get; private set; }

    /// <summary>The highest resident memory of the process so far.</summary>
    public long PeakBytes { get; private set; }

    /// <summary>Waits until the worker has its library.</summary>
    /// <exception cref="PeerException">The library is not there.</exception>
    public void WaitUntilReady() => Version ??= Answer().GetProperty("version").GetString();

    /// <summary>One way of doing a piece of work.</summary>
    /// <param name="describe">Writes the fields of the request but its repetitions.</param>
    public IContestant Contestant(Action<Utf8JsonWriter> describe) => new Way(this, describe);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
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
        WaitUntilReady();
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

    private JsonElement Answer()
    {
        if (_process.StandardOutput.ReadLine() is { } line)
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement answer = document.RootElement.Clone();
            return answer.TryGetProperty("error", out JsonElement error) ? throw Failed(error.GetString()!) : answer;
        }
        _process.WaitForExit();
        string[] complaints;
        lock (_complaints)
            complaints = _complaints.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        throw Failed($"{_peer.Program} ended: {complaints.LastOrDefault() ?? $"exit code {_process.ExitCode}"}");
    }

    private PeerException Failed(string complaint)
    {
        var (signs, cure) = _peer.LibraryIsMissing;
        return new PeerException(_peer, signs.Any(sign => complaint.Contains(sign, StringComparison.Ordinal)) ? $"{complaint}; {cure}" : complaint);
    }

    private sealed class Way(PeerProcess process, Action<Utf8JsonWriter> describe) : IContestant
    {
        public double[] Run(int repetitions) => process.Run(describe, repetitions);
    }
}
