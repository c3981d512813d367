using System.Runtime.InteropServices;

namespace Volute.Kernels;

/// <summary>Memory for kernels, outside the garbage collector: it begins at a line of the caches, and where it is large at a large page.</summary>
/// <remarks>
/// Linux gives large pages only where they are asked for (it may be set to never give them, in /sys/kernel/mm/transparent_hugepage/enabled: then
/// nothing comes of asking). With pages of 4 KiB whoever walks through more than the caches hold waits for page tables: on two cores of an EPYC in a
/// virtual machine 160 MB were copied at 34 GB/s so, and at 47 with large pages.
/// </remarks>
public static unsafe partial class AlignedMemory
{
    /// <summary>Bytes of a line of the caches.</summary>
    public const int Line = 64;

    // Bytes of a large page on x64, and on ARM with small pages of 4 KiB; what madvise calls MADV_HUGEPAGE.
    private const long LargePage = 2 << 20;
    private const int AdviseLargePages = 14;

    /// <summary>Memory for so many bytes, at least a line; contents undefined. To be given back by <see cref="Free"/>.</summary>
    /// <exception cref="OutOfMemoryException">The system has no more.</exception>
    public static void* Allocate(long bytes)
    {
        void* memory = NativeMemory.AlignedAlloc((nuint)Math.Max(bytes, Line), bytes < LargePage ? Line : (nuint)LargePage);
        AskForLargePages(memory, bytes);
        return memory;
    }

    /// <summary>Gives back what <see cref="Allocate"/> gave; null is nothing.</summary>
    public static void Free(void* memory) => NativeMemory.AlignedFree(memory);

    /// <summary>Asks for the large pages that lie wholly within a range, whoever allocated it; to be called before it is first written. Contents stay.</summary>
    public static void AskForLargePages(void* memory, long bytes)
    {
        if (!OperatingSystem.IsLinux())
            return;
        long first = ((nint)memory + LargePage - 1) / LargePage * LargePage, end = ((nint)memory + (nint)bytes) / LargePage * LargePage;
        if (first < end)
            _ = Advise((void*)first, (nuint)(end - first), AdviseLargePages);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);
}
