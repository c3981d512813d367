using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Volute.Training;

/// <summary>A short name for what an image shows: equal for equal pixels, whatever the file's name and format.</summary>
internal sealed class ContentHash
{
    private const int Bytes = 16;

    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <param name="shape">The image's sizes.</param>
    public ContentHash(ReadOnlySpan<int> shape) => hash.AppendData(MemoryMarshal.AsBytes(shape));

    /// <summary>Adds the next pixels.</summary>
    public void Add(ReadOnlySpan<byte> pixels) => hash.AppendData(pixels);

    /// <summary>The name, of all pixels so far.</summary>
    public override string ToString() => Convert.ToHexString(hash.GetCurrentHash().AsSpan(0, Bytes));

    /// <summary>The name of an image in memory.</summary>
    public static string Of(ReadOnlySpan<byte> pixels, ReadOnlySpan<int> shape)
    {
        ContentHash hash = new(shape);
        hash.Add(pixels);
        return hash.ToString();
    }
}
