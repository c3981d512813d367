using Volute.Kernels;

namespace Volute.Tests.Kernels;

/// <summary>
/// A feature map in memory of its own that ends where a forbidden page begins (on Unix): a kernel that reads or writes past the last element dies.
/// A strided map has gaps between positions, rows, planes and images, whose contents must survive.
/// </summary>
internal sealed unsafe class GuardedMap<T> : IDisposable where T : unmanaged
{
    private readonly GuardedMemory<T> _memory;
    private readonly long _elements;
    private readonly System.Collections.BitArray _inside;

    public GuardedMap(int batch, int channels, Extent extent, bool strided = false)
    {
        (Batch, Channels, Extent) = (batch, channels, extent);
        long width = channels + (strided ? 3 : 0), height = extent.Width * width + (strided ? 5 : 0);
        long depth = extent.Height * height + (strided ? 7 : 0), image = extent.Depth * depth + (strided ? 2 : 0);
        Strides = strided ? new(image, depth, height, width) : MapStrides.Dense(extent, channels);
        _elements = Index(batch - 1, extent.Depth - 1, extent.Height - 1, extent.Width - 1, channels - 1) + 1;
        _inside = new((int)_elements, !strided);
        foreach (var (n, d, h, w) in Positions())
        {
            for (int c = 0; c < channels && strided; c++)
                _inside[(int)Index(n, d, h, w, c)] = true;
        }
        _memory = new(_elements);
        Data = _memory.Pointer;
        new Span<byte>(Data, (int)(_elements * sizeof(T))).Fill(0x5A);
    }

    public int Batch { get; }

    public int Channels { get; }

    public Extent Extent { get; }

    public MapStrides Strides { get; }

    public T* Data { get; }

    public ref T this[int n, int d, int h, int w, int c] => ref Data[Index(n, d, h, w, c)];

    public IEnumerable<(int N, int D, int H, int W)> Positions()
    {
        for (int n = 0; n < Batch; n++)
            for (int d = 0; d < Extent.Depth; d++)
                for (int h = 0; h < Extent.Height; h++)
                    for (int w = 0; w < Extent.Width; w++)
                        yield return (n, d, h, w);
    }

    public GuardedMap<T> Fill(Func<T> next)
    {
        foreach (var (n, d, h, w) in Positions())
        {
            for (int c = 0; c < Channels; c++)
                this[n, d, h, w, c] = next();
        }
        return this;
    }

    /// <summary>The elements in the order n, d, h, w, c.</summary>
    public T[] ToArray()
    {
        List<T> elements = [];
        foreach (var (n, d, h, w) in Positions())
            elements.AddRange(new ReadOnlySpan<T>(Data + Index(n, d, h, w, 0), Channels));
        return [.. elements];
    }

    public void AssertGapsUntouched()
    {
        byte* bytes = (byte*)Data;
        for (int i = 0; i < _elements; i++)
        {
            if (!_inside[i] && new ReadOnlySpan<byte>(bytes + (long)i * sizeof(T), sizeof(T)).ContainsAnyExcept((byte)0x5A))
                Assert.Fail($"element {i} lies in a gap of the map, but was written");
        }
    }

    public void Dispose() => _memory.Dispose();

    private long Index(int n, int d, int h, int w, int c) => n * Strides.Batch + d * Strides.Depth + h * Strides.Height + w * Strides.Width + c;
}
