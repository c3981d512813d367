namespace Volute.Formats;

/// <summary>The bytes that tell what kind of file a header begins.</summary>
internal static class NiftiMagic
{
    public static ReadOnlySpan<byte> Of(NiftiLayout layout, bool isPair) => (layout.Version, isPair) switch
    {
        (1, false) => "n+1\0"u8,
        (1, true) => "ni1\0"u8,
        // What follows the name shows whether line ends were changed on the way.
        (_, false) => "n+2\0\r\n\x1A\n"u8,
        _ => "ni2\0\r\n\x1A\n"u8,
    };
}
