using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Volute.Training;

/// <summary>A short name for what an image shows: equal for equal pixels, whatever the file's name and format.</summary>
internal static class ContentHash
{
    private const int Bytes = 16;

    public static string Of(ReadOnlySpan<float> image, ReadOnlySpan<int> shape) => Of(MemoryMarshal.AsBytes(image), shape);

    public static string Of(ReadOnlySpan<byte> pixels, ReadOnlySpan<int> shape)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes(shape));
        hash.AppendData(pixels);
        return Convert.ToHexString(hash.GetHashAndReset().AsSpan(0, Bytes));
    }
}
