using System.Runtime.InteropServices;

namespace Volute.Gdal;

/// <summary>A list of texts as C has it: addresses of UTF-8 with a 0 behind the last.</summary>
internal sealed class NativeStrings : IDisposable
{
    private readonly int count;

    public NativeStrings(params ReadOnlySpan<string> texts)
    {
        count = texts.Length;
        Address = Marshal.AllocCoTaskMem((count + 1) * nint.Size);
        for (int i = 0; i < count; i++)
            Marshal.WriteIntPtr(Address, i * nint.Size, Marshal.StringToCoTaskMemUTF8(texts[i]));
        Marshal.WriteIntPtr(Address, count * nint.Size, 0);
    }

    public nint Address { get; private set; }

    /// <summary>The texts of a list that GDAL owns.</summary>
    public static IReadOnlyList<string> Read(nint list)
    {
        List<string> texts = [];
        for (int i = 0; list != 0 && Marshal.ReadIntPtr(list, i * nint.Size) is var text && text != 0; i++)
            texts.Add(Marshal.PtrToStringUTF8(text)!);
        return texts;
    }

    public void Dispose()
    {
        if (Address == 0)
            return;
        for (int i = 0; i < count; i++)
            Marshal.FreeCoTaskMem(Marshal.ReadIntPtr(Address, i * nint.Size));
        Marshal.FreeCoTaskMem(Address);
        Address = 0;
    }
}
