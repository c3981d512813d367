namespace Volute.Kernels;

/// <summary>Memory in which a thread keeps what lives no longer than a chunk; it grows to the most that was asked for, and goes with the thread.</summary>
/// <remarks>How much a pass takes depends on its shape alone; each thread of the team has its own.</remarks>
internal sealed unsafe class Scratch
{
    [ThreadStatic]
    private static Scratch? _own;

    private readonly float* _memory;
    private readonly long _count;

    private Scratch(long count)
    {
        try
        {
            _memory = (float*)AlignedMemory.Allocate(count * sizeof(float));
        }
        catch (OutOfMemoryException)
        {
            GC.SuppressFinalize(this);
            throw new LimitException("a thread's scratch memory", $"{count * sizeof(float):N0}", "what is free", "bytes of memory");
        }
        _count = count;
    }

    ~Scratch() => AlignedMemory.Free(_memory);

    /// <summary>At least <paramref name="count"/> elements, 64-byte aligned, contents undefined; the same memory at every call of a thread.</summary>
    public static float* Get(long count)
    {
        if (_own is not { } own || own._count < count)
        {
            if (_own is { } outgrown)
            {
                GC.SuppressFinalize(outgrown);
                AlignedMemory.Free(outgrown._memory);
                _own = null;
            }
            _own = own = new(count);
        }
        return own._memory;
    }
}
