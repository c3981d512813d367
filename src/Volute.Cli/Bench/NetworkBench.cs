namespace Volute.Cli.Bench;

/// <summary>What became of a case among many.</summary>
/// <param name="Case">The case.</param>
/// <param name="Result">What was measured; null where we failed.</param>
/// <param name="Failures">What went wrong with the peers, or with us.</param>
internal sealed record NetworkOutcome(NetworkCase Case, NetworkResult? Result, IReadOnlyList<string> Failures);

/// <summary>Measures networks, turn by turn with those of peers where there are any.</summary>
internal static class NetworkBench
{
    /// <summary>Measures a network that this process is for.</summary>
    /// <exception cref="PeerException">A peer failed.</exception>
    public static NetworkResult Measure(NetworkCase work, IReadOnlyList<Peer> peers)
        => peers.Count > 0 ? Compared(work, peers) : new NetworkResult(work, Contest.Medians([new NetworkRun(work)])[0][0], PeakMemory.OfThisProcess(), []);

    /// <summary>Measures one network of many: who fails or cannot train takes no part in it, which the others need not suffer for.</summary>
    public static NetworkOutcome MeasureAmongMany(NetworkCase work, IReadOnlyList<Peer> peers)
    {
        List<Peer> able = [.. peers.Where(p => p.Ways(work.IsTraining).Count > 0)];
        List<string> failures = [];
        while (true)
        {
            try
            {
                return new NetworkOutcome(work, Compared(work, able), failures);
            }
            catch (PeerException error)
            {
                able.Remove(error.Peer);
                failures.Add(error.Message);
            }
            catch (VoluteException error)
            {
                return new NetworkOutcome(work, null, [.. failures, error.Message]);
            }
        }
    }

    private static NetworkResult Compared(NetworkCase work, IReadOnlyList<Peer> peers)
    {
        NetworkRun ours = new(work);
        using PeerFolder folder = new();
        double[][] medians = Medians(work, ours, peers, folder);
        // Memory is that of processes which did nothing else.
        PeerResult[] results = [.. peers.Select((peer, i) => Alone(work, peer, peer.Ways(work.IsTraining)[Array.IndexOf(medians[i + 1], medians[i + 1].Min())], medians[i + 1].Min(), folder))];
        return new NetworkResult(work, medians[0][0], PeakMemory.OfFreshProcess(work), results);
    }

    private static double[][] Medians(NetworkCase work, NetworkRun ours, IReadOnlyList<Peer> peers, PeerFolder folder)
    {
        List<PeerProcess> processes = [];
        try
        {
            List<IContestant[]> sides = [[ours]];
            foreach (Peer peer in peers)
            {
                PeerProcess process = new(peer, folder, Settings.Threads);
                processes.Add(process);
                process.WaitUntilReady();
                peer.Prepare(work, folder);
                sides.Add([.. peer.Ways(work.IsTraining).Select(way => process.Contestant(json => peer.Describe(json, work, way, folder)))]);
            }
            return Contest.Medians([.. sides]);
        }
        finally
        {
            foreach (PeerProcess process in processes)
                process.Dispose();
        }
    }

    private static PeerResult Alone(NetworkCase work, Peer peer, string way, double milliseconds, PeerFolder folder)
    {
        using PeerProcess process = new(peer, folder, Settings.Threads);
        Contest.Medians([process.Contestant(json => peer.Describe(json, work, way, folder))]);
        return new PeerResult(peer, process.Version!, way, milliseconds, process.PeakBytes);
    }
}
