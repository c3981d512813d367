using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Volute.Gdal;

/// <summary>
/// Listens to what GDAL says on this thread until it is disposed. GDAL keeps a stack of listeners for each thread, so that none hears another
/// thread's errors; without a listener it prints on the standard error stream.
/// </summary>
internal sealed unsafe class GdalErrors : IDisposable
{
    private const int Failure = 3;

    [ThreadStatic]
    private static GdalErrors? current;

    private readonly GdalErrors? outer;

    public GdalErrors()
    {
        (outer, current) = (current, this);
        GdalFunctions.CPLPushErrorHandler(&Hear);
    }

    /// <summary>Whether somebody listens on this thread.</summary>
    public static bool IsHeard => current != null;

    /// <summary>The first error: what follows is mostly said because of it. Null where there was none; warnings do not count.</summary>
    public string? First { get; private set; }

    /// <summary>The first error, or what to say where GDAL gave no reason.</summary>
    public string Reason => First ?? "GDAL gave no reason";

    public void Dispose()
    {
        GdalFunctions.CPLPopErrorHandler();
        current = outer;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvStdcall)])]
    private static void Hear(int kind, int number, byte* message)
    {
        if (kind >= Failure && current is { } listener)
            listener.First ??= OneLine(Marshal.PtrToStringUTF8((nint)message) ?? "");
    }

    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
