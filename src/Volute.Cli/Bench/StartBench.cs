using System.Diagnostics;

namespace Volute.Cli.Bench;

/// <summary>How long it takes from the start of a process to its first prediction, in fresh processes that take turns.</summary>
internal static class StartBench
{
    private const int Rounds = 5;

    /// <summary>Measures us and <paramref name="peers"/>, each as a short program has it: the network is built (or loaded), and predicts once.</summary>
    /// <exception cref="PeerException">A peer failed.</exception>
    public static StartResult Measure(NetworkCase work, IReadOnlyList<Peer> peers)
    {
        // What does not fit the network is told here and now.
        _ = new NetworkRun(work);
        using PeerFolder folder = new();
        List<double> ours = [];
        List<double>[] theirs = [.. peers.Select(_ => new List<double>())];
        string[] versions = new string[peers.Count];
        foreach (Peer peer in peers)
            peer.Prepare(work, folder);
        // The first round brings programs and models to the file cache, and does not count.
        for (int round = 0; round <= Rounds; round++)
        {
            ours.Add(Ours(work));
            for (int i = 0; i < peers.Count; i++)
                theirs[i].Add(Theirs(work, peers[i], folder, out versions[i]));
        }
        return new StartResult(work, Median(ours), [.. peers.Select((p, i) => new PeerStart(p, versions[i], Median(theirs[i])))]);
    }

    private static double Ours(NetworkCase work)
    {
        long start = Stopwatch.GetTimestamp();
        using Process process = OwnProcess.Start("bench", "predict", "--model", work.Network.Name, "--input", string.Join(',', work.Input.ToArray()));
        string? done = process.StandardOutput.ReadLine();
        double milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        process.WaitForExit();
        return done is not null ? milliseconds : throw new VoluteException($"the process that predicts once ended with exit code {process.ExitCode}");
    }

    private static double Theirs(NetworkCase work, Peer peer, PeerFolder folder, out string version)
    {
        string way = peer.Ways(training: false)[0];
        long start = Stopwatch.GetTimestamp();
        using PeerProcess process = new(peer, folder, Settings.Threads);
        process.Contestant(json => peer.Describe(json, work, way, folder)).Run(1);
        double milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        version = process.Version!;
        return milliseconds;
    }

    private static double Median(List<double> times) => times.Skip(1).Order().ElementAt(Rounds / 2);
}
