using Volute.Kernels;

namespace Volute;

/// <summary>The memory in which a running plan places its values: rented for one execution, kept for the next.</summary>
internal sealed unsafe class Arena
{
    private static readonly List<Arena> Idle = [];

    private Arena(long bytes)
    {
        Bytes = bytes;
        try
        {
            Memory = (byte*)AlignedMemory.Allocate(bytes);
        }
        catch (OutOfMemoryException)
        {
            GC.SuppressFinalize(this);
            throw new LimitException("a plan", bytes.ToString("N0"), "what the machine has free", "bytes");
        }
    }

    ~Arena() => AlignedMemory.Free(Memory);

    public byte* Memory { get; }

    public long Bytes { get; }

    /// <summary>The smallest idle arena that is large enough; otherwise a new one, in whose favour the largest idle one is given up.</summary>
    public static Arena Rent(long bytes)
    {
        lock (Idle)
        {
            Arena? best = null, largest = null;
            foreach (Arena arena in Idle)
            {
                if (arena.Bytes >= bytes && (best is null || arena.Bytes < best.Bytes))
                    best = arena;
                if (largest is null || arena.Bytes > largest.Bytes)
                    largest = arena;
            }
            if ((best ?? largest) is { } taken)
                Idle.Remove(taken);
            if (best is not null)
                return best;
            largest?.Free();
        }
        return new Arena(bytes);
    }

    public void Return()
    {
        lock (Idle)
            Idle.Add(this);
    }

    private void Free()
    {
        AlignedMemory.Free(Memory);
        GC.SuppressFinalize(this);
    }
}
