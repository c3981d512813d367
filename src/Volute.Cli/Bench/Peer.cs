using System.Diagnostics;
using System.Text.Json;

namespace Volute.Cli.Bench;

/// <summary>Another library that does the same work in a process of its own: what to start, and what its ways are called.</summary>
/// <param name="key">Its name in --against.</param>
/// <param name="name">Its name for people.</param>
/// <param name="program">The program that runs its worker.</param>
internal abstract class Peer(string key, string name, string program)
{
    public string Key => key;

    public string Name => name;

    public string Program => program;

    /// <summary>What is said where the program is not there: what it is, and the cure.</summary>
    public abstract (string Kind, string Cure) ProgramIsMissing { get; }

    /// <summary>Words in which the worker complains that the library is not there, and the cure.</summary>
    public abstract (string[] Signs, string Cure) LibraryIsMissing { get; }

    /// <summary>The ways in which it predicts, or takes a step of training: the fastest will count. None where it cannot.</summary>
    public abstract IReadOnlyList<string> Ways(bool training);

    /// <summary>The worker's process, not started yet.</summary>
    /// <param name="folder">Where the worker lies.</param>
    /// <param name="threads">As many as ours.</param>
    public abstract ProcessStartInfo Worker(PeerFolder folder, int threads);

    /// <summary>Makes ready what <see cref="Describe"/> refers to, where it is not there yet.</summary>
    /// <exception cref="PeerException">The network cannot be made ready for it.</exception>
    public virtual void Prepare(NetworkCase work, PeerFolder folder)
    {
    }

    /// <summary>Writes the fields of a request for a network but its repetitions.</summary>
    /// <param name="json">The request.</param>
    /// <param name="work">The network and what it does.</param>
    /// <param name="way">One of <see cref="Ways"/>.</param>
    /// <param name="folder">Where files that the worker reads may lie.</param>
    public abstract void Describe(Utf8JsonWriter json, NetworkCase work, string way, PeerFolder folder);
}

/// <summary>A peer that could not do its work; the others and we can.</summary>
internal sealed class PeerException(Peer peer, string problem, Exception? inner = null) : VoluteException($"--against {peer.Key}: {problem}", inner)
{
    public Peer Peer => peer;

    /// <summary>The message without its beginning.</summary>
    public string Problem => problem;
}
