using System.Runtime.InteropServices;

namespace Volute.Tests.Kernels;

/// <summary>Elements whose last one touches a page that must not be read or written: one step too far ends the process (on Linux; elsewhere plain memory).</summary>
internal sealed unsafe class GuardedMemory<T> : IDisposable where T : unmanaged
{
    private const int ReadWrite = 3, None = 0, PrivateAnonymous = 0x22;
    private readonly byte* _base;
    private readonly nuint _bytes;

    public GuardedMemory(long count, bool aligned = false)
    {
        nuint page = (nuint)Environment.SystemPageSize, data = (nuint)(count * sizeof(T));
        nuint room = (data + page - 1) / page * page;
        _bytes = room + 2 * page;
        if (OperatingSystem.IsLinux())
        {
            _base = (byte*)Pages.Map(null, _bytes, ReadWrite, PrivateAnonymous, -1, 0);
            if (_base == (byte*)-1 || Pages.Protect(_base, page, None) != 0 || Pages.Protect(_base + page + room, page, None) != 0)
                throw new InvalidOperationException("no guarded memory");
        }
        else
        {
            _base = (byte*)NativeMemory.AlignedAlloc(_bytes, page);
        }
        Count = count;
        Pointer = (T*)(_base + page + (aligned ? 0 : room - data));
    }

    public T* Pointer { get; }

    public long Count { get; }

    public Span<T> Span => new(Pointer, checked((int)Count));

    public void Dispose()
    {
        if (OperatingSystem.IsLinux())
            _ = Pages.Unmap(_base, _bytes);
        else
            NativeMemory.AlignedFree(_base);
    }
}

/// <summary>The pages of libc.</summary>
file static unsafe class Pages
{
    [DllImport("libc", EntryPoint = "mmap")]
    public static extern void* Map(void* address, nuint bytes, int protection, int flags, int file, nint offset);

    [DllImport("libc", EntryPoint = "mprotect")]
    public static extern int Protect(void* address, nuint bytes, int protection);

    [DllImport("libc", EntryPoint = "munmap")]
    public static extern int Unmap(void* address, nuint bytes);
}
