using System.Runtime.InteropServices;
using Volute.Kernels;

namespace Volute;

/// <summary>Between logical row-major order, which users and files speak, and the dense layout of memory.</summary>
internal static unsafe class Transfer
{
    public static void FromRowMajor<T>(ReadOnlySpan<T> values, Storage storage, Shape shape) where T : unmanaged
    {
        Span<T> destination = storage.AsSpan<T>();
        fixed (T* from = values, to = destination)
            Move(storage.Type, to, Layout.Dense(shape.AsSpan()), from, Layout.RowMajor(shape.AsSpan()));
    }

    public static T[] ToRowMajor<T>(Storage storage, Shape shape) where T : unmanaged
    {
        var values = GC.AllocateUninitializedArray<T>((int)shape.Elements);
        Span<T> source = storage.AsSpan<T>();
        fixed (T* from = source, to = values)
            Move(storage.Type, to, Layout.RowMajor(shape.AsSpan()), from, Layout.Dense(shape.AsSpan()));
        return values;
    }

    private static void Move(ElementType type, void* to, in Layout toLayout, void* from, in Layout fromLayout)
    {
        if (fromLayout.Elements > 0)
            new MoveKernel(type, toLayout, fromLayout).Run(to, from);
    }
}
