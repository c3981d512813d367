using System.Buffers.Binary;

namespace Volute.Tests.Gdal;

/// <summary>One page of an uncompressed TIFF file of one sample a pixel.</summary>
/// <param name="Width">Pixels of a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Bits">Of a pixel: 1 or 8.</param>
/// <param name="Kind">NewSubfileType: 0 a picture, 4 the mask of the one before.</param>
/// <param name="Rows">The bytes of its rows.</param>
internal sealed record TiffPage(int Width, int Height, int Bits, int Kind, byte[] Rows);

/// <summary>TIFF files that GDAL does not write: pages and masks, byte by byte after TIFF 6.0.</summary>
internal static class HandMadeTiff
{
    private const int EntryBytes = 12;

    public static byte[] Of(params TiffPage[] pages)
    {
        using MemoryStream file = new();
        file.Write([(byte)'I', (byte)'I', 42, 0]);
        Number(8);
        foreach (TiffPage page in pages)
        {
            (int Tag, int Value)[] entries =
            [
                (254, page.Kind), (256, page.Width), (257, page.Height), (258, page.Bits), (259, 1), (262, page.Kind == 4 ? 4 : 1), (273, 0), (277, 1),
                (278, page.Height), (279, page.Rows.Length),
            ];
            int strip = (int)file.Position + 2 + entries.Length * EntryBytes + 4, end = strip + page.Rows.Length + page.Rows.Length % 2;
            file.Write([(byte)entries.Length, 0]);
            foreach (var (tag, value) in entries)
            {
                // LONG, one of them.
                file.Write([(byte)tag, (byte)(tag >> 8), 4, 0]);
                Number(1);
                Number(tag == 273 ? strip : value);
            }
            Number(page == pages[^1] ? 0 : end);
            file.Write(page.Rows);
            file.SetLength(file.Position = end);
        }
        return file.ToArray();

        void Number(int value)
        {
            Span<byte> bytes = stackalloc byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
            file.Write(bytes);
        }
    }
}
