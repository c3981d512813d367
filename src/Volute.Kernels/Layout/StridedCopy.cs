using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>Copies elements between memories of any strides: rows, planes, and tiles of any depth.</summary>
internal static unsafe class StridedCopy
{
    /// <summary>y[i·yStride] = x[i·xStride] for i &lt; count.</summary>
    public static void Row<T>(T* y, long yStride, T* x, long xStride, long count) where T : unmanaged
    {
        if (yStride == 1 && xStride == 1)
        {
            // Below a few registers the call costs more than the elements.
            if (count >= 16)
                Buffer.MemoryCopy(x, y, count * sizeof(T), count * sizeof(T));
            else
            {
                for (long i = 0; i < count; i++)
                    y[i] = x[i];
            }
        }
        else if (yStride == 1 && xStride == 0)
        {
            T value = *x;
            if (count >= 16)
                new Span<T>(y, checked((int)count)).Fill(value);
            else
            {
                for (long i = 0; i < count; i++)
                    y[i] = value;
            }
        }
        else
        {
            for (long i = 0; i < count; i++, y += yStride, x += xStride)
                *y = *x;
        }
    }

    /// <summary>y[i·y0 + j·y1] = x[i·x0 + j·x1] for i &lt; n0, j &lt; n1: whichever order suits the strides.</summary>
    public static void Plane<T>(T* y, long y0, long y1, T* x, long x0, long x1, long n0, long n1) where T : unmanaged
    {
        if (x1 == 1 && y0 == 1 && x0 != 1)
            Transpose(y, y1, x, x0, n0, n1);
        else if (n0 < 16 && n1 > n0)
        {
            // Short rows: the long axis makes the inner loop.
            for (long i = 0; i < n0; i++)
                Row(y + i * y0, y1, x + i * x0, x1, n1);
        }
        else
        {
            for (long j = 0; j < n1; j++)
                Row(y + j * y1, y0, x + j * x1, x0, n0);
        }
    }

    /// <summary>
    /// The first <paramref name="count"/> positions of axis <paramref name="axis"/>, with all of the axes inside it, from x to the contiguous y.
    /// What x repeats along an axis is copied from y itself.
    /// </summary>
    public static void Gather<T>(T* y, T* x, ReadOnlySpan<long> strides, ReadOnlySpan<long> sizes, int axis, long count) where T : unmanaged
    {
        if (axis == 0)
        {
            Row(y, 1, x, strides[0], count);
            return;
        }
        long inner = 1;
        for (int i = 0; i < axis; i++)
            inner *= sizes[i];
        if (strides[axis] == 0)
        {
            Gather(y, x, strides, sizes, axis - 1, sizes[axis - 1]);
            Repeat(y, inner, inner * count);
        }
        else if (axis == 1)
            Plane(y, 1, inner, x, strides[0], strides[1], sizes[0], count);
        else
        {
            for (long i = 0; i < count; i++)
                Gather(y + i * inner, x + i * strides[axis], strides, sizes, axis - 1, sizes[axis - 1]);
        }
    }

    /// <summary>The reverse of <see cref="Gather"/>: from the contiguous x to y.</summary>
    public static void Scatter<T>(T* y, T* x, ReadOnlySpan<long> strides, ReadOnlySpan<long> sizes, int axis, long count) where T : unmanaged
    {
        if (axis == 0)
        {
            Row(y, strides[0], x, 1, count);
            return;
        }
        long inner = 1;
        for (int i = 0; i < axis; i++)
            inner *= sizes[i];
        if (axis == 1)
            Plane(y, strides[0], strides[1], x, 1, inner, sizes[0], count);
        else
        {
            for (long i = 0; i < count; i++)
                Scatter(y + i * strides[axis], x + i * inner, strides, sizes, axis - 1, sizes[axis - 1]);
        }
    }

    /// <summary>
    /// From x to rows of y, <paramref name="pitch"/> apart: row r holds a tile's <paramref name="length"/> positions, each <paramref name="stride"/>·r
    /// further on. Where the rows' axis is the one that lies side by side in x, this is a transposition.
    /// </summary>
    public static void GatherRows<T>(T* y, long pitch, T* x, Tiling tiling, int operand, long length, long stride, long rows) where T : unmanaged
    {
        ReadOnlySpan<long> strides = tiling.Nest.Strides(operand);
        if (tiling.Axis == 0)
            Plane(y, 1, pitch, x, strides[0], stride, length, rows);
        else
        {
            for (long r = 0; r < rows; r++)
                Gather(y + r * pitch, x + r * stride, strides, tiling.Nest.Sizes, tiling.Axis, length);
        }
    }

    /// <summary>The reverse of <see cref="GatherRows"/>: from rows of x to y.</summary>
    public static void ScatterRows<T>(T* y, T* x, long pitch, Tiling tiling, int operand, long length, long stride, long rows) where T : unmanaged
    {
        ReadOnlySpan<long> strides = tiling.Nest.Strides(operand);
        if (tiling.Axis == 0)
            Plane(y, strides[0], stride, x, 1, pitch, length, rows);
        else
        {
            for (long r = 0; r < rows; r++)
                Scatter(y + r * stride, x + r * pitch, strides, tiling.Nest.Sizes, tiling.Axis, length);
        }
    }

    /// <summary>Fills y with copies of its first <paramref name="period"/> elements, doubling what is there.</summary>
    private static void Repeat<T>(T* y, long period, long count) where T : unmanaged
    {
        for (long done = period; done < count;)
        {
            long step = Math.Min(done, count - done);
            Unsafe.CopyBlockUnaligned(y + done, y, (uint)(step * sizeof(T)));
            done += step;
        }
    }

    /// <summary>y[i + j·y1] = x[i·x0 + j]: blocks of 4 by 4, so that both sides are walked by the cache line.</summary>
    private static void Transpose<T>(T* y, long y1, T* x, long x0, long n0, long n1) where T : unmanaged
    {
        long j = 0;
        for (; j + 4 <= n1; j += 4)
        {
            T* to = y + j * y1, from = x + j;
            long i = 0;
            for (; i + 4 <= n0; i += 4, to += 4, from += 4 * x0)
            {
                T* r0 = from, r1 = from + x0, r2 = r1 + x0, r3 = r2 + x0;
                (to[0], to[1], to[2], to[3]) = (r0[0], r1[0], r2[0], r3[0]);
                (to[y1], to[y1 + 1], to[y1 + 2], to[y1 + 3]) = (r0[1], r1[1], r2[1], r3[1]);
                (to[2 * y1], to[2 * y1 + 1], to[2 * y1 + 2], to[2 * y1 + 3]) = (r0[2], r1[2], r2[2], r3[2]);
                (to[3 * y1], to[3 * y1 + 1], to[3 * y1 + 2], to[3 * y1 + 3]) = (r0[3], r1[3], r2[3], r3[3]);
            }
            for (; i < n0; i++, to++, from += x0)
                (to[0], to[y1], to[2 * y1], to[3 * y1]) = (from[0], from[1], from[2], from[3]);
        }
        for (; j < n1; j++)
            Row(y + j * y1, 1, x + j, x0, n0);
    }
}
