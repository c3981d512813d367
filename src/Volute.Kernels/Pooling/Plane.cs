namespace Volute.Kernels;

/// <summary>The positions of one image's plane or volume, numbered (d·H + h)·W + w as pooling indices are, and where they lie in memory.</summary>
internal readonly struct Plane(Extent extent, MapStrides strides)
{
    private readonly bool _isEven = strides.Height == extent.Width * strides.Width && strides.Depth == extent.Height * strides.Height;

    /// <summary>How many positions.</summary>
    public long Count => extent.Count;

    /// <summary>Elements from the first position to that of <paramref name="index"/>.</summary>
    public long this[int index]
    {
        get
        {
            if (_isEven)
                return index * strides.Width;
            var (row, w) = Math.DivRem(index, extent.Width);
            var (d, h) = Math.DivRem(row, extent.Height);
            return d * strides.Depth + h * strides.Height + w * strides.Width;
        }
    }

    /// <summary>Sets some channels of positions first to end − 1 to 0.</summary>
    public unsafe void Clear<T>(T* map, int first, int end, int channels) where T : unmanaged
    {
        if (_isEven && strides.Width == channels)
        {
            System.Runtime.InteropServices.NativeMemory.Clear(map + (long)first * channels, (nuint)(end - first) * (nuint)channels * (nuint)sizeof(T));
            return;
        }
        for (int i = first; i < end; i++)
            new Span<T>(map + this[i], channels).Clear();
    }
}
