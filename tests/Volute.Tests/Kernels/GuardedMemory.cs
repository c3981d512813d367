using System.Runtime.InteropServices;

namespace Volute.Tests.Kernels;

/// <summary>Memory that ends where a forbidden page begins (on Unix): to read or write past its end ends the process.</summary>
internal sealed unsafe class GuardedMemory : IDisposable
{
    private const int Page = 65536; // a multiple of every page size in use
    private readonly byte* _memory;
    private readonly nuint _bytes;

    public GuardedMemory(nuint bytes)
    {
        _bytes = (bytes + Page - 1) / Page * Page + Page;
        if (OperatingSystem.IsWindows())
        {
            _memory = (byte*)NativeMemory.Alloc(_bytes);
        }
        else
        {
            _memory = (byte*)Map(null, _bytes, 3, OperatingSystem.IsMacOS() ? 0x1002 : 0x22, -1, 0);
            Assert.Equal(0, Protect(_memory + _bytes - Page, Page, 0));
        }
        Data = _memory + (_bytes - Page - bytes);
    }

    public byte* Data { get; }

    public void Dispose()
    {
        if (OperatingSystem.IsWindows())
            NativeMemory.Free(_memory);
        else
            Unmap(_memory, _bytes);
    }

    [DllImport("libc", EntryPoint = "mmap")]
    private static extern void* Map(void* address, nuint length, int protection, int flags, int file, nint offset);

    [DllImport("libc", EntryPoint = "mprotect")]
    private static extern int Protect(void* address, nuint length, int protection);

    [DllImport("libc", EntryPoint = "munmap")]
    private static extern int Unmap(void* address, nuint length);
}
