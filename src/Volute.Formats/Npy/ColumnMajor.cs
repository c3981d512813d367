using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Volute.Formats;

/// <summary>Fortran's order, where the first axis varies fastest.</summary>
internal static class ColumnMajor
{
    /// <summary>The same numbers in row-major order: result[i0, i1, ...] = source[i0 + s0 · (i1 + s1 · ...)].</summary>
    public static NumberArray ToRowMajor(NumberArray source)
    {
        if (source.Shape.Length < 2 || source.Count < 2)
            return source;
        Array result = (Array)source.Values.Clone();
        ref byte from = ref MemoryMarshal.GetArrayDataReference(source.Values), to = ref MemoryMarshal.GetArrayDataReference(result);
        switch (source.Type.Bytes())
        {
            case 1:
                Copy<byte>(ref from, ref to, source.Shape, source.Count);
                break;
            case 2:
                Copy<ushort>(ref from, ref to, source.Shape, source.Count);
                break;
            case 4:
                Copy<uint>(ref from, ref to, source.Shape, source.Count);
                break;
            default:
                Copy<ulong>(ref from, ref to, source.Shape, source.Count);
                break;
        }
        return new NumberArray(source.Type, source.Shape.ToArray(), result);
    }

    private static void Copy<T>(ref byte from, ref byte to, ReadOnlySpan<int> shape, int count) where T : unmanaged
    {
        Span<int> index = stackalloc int[shape.Length];
        Span<long> strides = stackalloc long[shape.Length];
        long stride = 1;
        for (int axis = 0; axis < shape.Length; stride *= shape[axis++])
            strides[axis] = stride;
        ref T source = ref Unsafe.As<byte, T>(ref from), target = ref Unsafe.As<byte, T>(ref to);
        long place = 0;
        for (int i = 0; i < count; i++)
        {
            Unsafe.Add(ref target, i) = Unsafe.Add(ref source, (nint)place);
            // The next index in row-major order: the last axis first, with a carry to the one before it.
            for (int axis = shape.Length - 1; axis >= 0; axis--)
            {
                place += strides[axis];
                if (++index[axis] < shape[axis])
                    break;
                place -= strides[axis] * shape[axis];
                index[axis] = 0;
            }
        }
    }
}
