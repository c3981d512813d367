using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Volute.Formats;

/// <summary>Swaps the bytes of whole arrays.</summary>
internal static class ByteOrder
{
    /// <summary>Reverses the bytes of each value of <paramref name="size"/> bytes in its place.</summary>
    public static void Swap(Span<byte> values, int size)
    {
        switch (size)
        {
            case 2:
                Span<ushort> two = MemoryMarshal.Cast<byte, ushort>(values);
                BinaryPrimitives.ReverseEndianness(two, two);
                break;
            case 4:
                Span<uint> four = MemoryMarshal.Cast<byte, uint>(values);
                BinaryPrimitives.ReverseEndianness(four, four);
                break;
            case 8:
                Span<ulong> eight = MemoryMarshal.Cast<byte, ulong>(values);
                BinaryPrimitives.ReverseEndianness(eight, eight);
                break;
        }
    }
}
