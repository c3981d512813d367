namespace Volute.Training;

/// <summary>How the memory of a process that trains is divided.</summary>
/// <param name="Plan">For the plan of a step, whose peak is known before it runs.</param>
/// <param name="Cache">For decoded files, and as much again for volumes as the network sees them.</param>
public sealed record TrainingMemory(long Plan, long Cache)
{
    // The program with its compiled code, batches that wait, and the share that the garbage collector has not collected yet.
    private const long Program = 250_000_000;
    private const double Garbage = 0.1;
    private const int CacheShare = 8;

    /// <summary>Divides <paramref name="total"/> bytes.</summary>
    /// <exception cref="LimitException">Nothing would be left for a step.</exception>
    public static TrainingMemory Of(long total)
    {
        long cache = total / CacheShare, plan = total - Program - 2 * cache - (long)(Garbage * total);
        return plan > 0 ? new TrainingMemory(plan, cache)
            : throw new LimitException("a training", $"{(long)(Program / (1 - Garbage - 2.0 / CacheShare)):N0} bytes for the program alone", $"{total:N0}", "bytes; raise --memory");
    }
}
