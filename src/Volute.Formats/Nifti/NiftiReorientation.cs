using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Volute.Formats;

/// <summary>Flips and exchanges the axes of a volume; its affine follows, so that every voxel stays where it is in space.</summary>
internal static class NiftiReorientation
{
    public static NiftiVolume Apply(NiftiVolume volume, NiftiOrientation target)
    {
        NiftiView view = NiftiView.Of(volume, target);
        double[,] affine = volume.Affine, turned = volume.Affine;
        double[] spacing = new double[3];
        for (int axis = 0; axis < 3; axis++)
        {
            int from = view.Sources[axis];
            spacing[axis] = volume.Spacing[from];
            for (int row = 0; row < 3; row++)
            {
                turned[row, axis] = view.Flipped[axis] ? -affine[row, from] : affine[row, from];
                turned[row, 3] += view.Flipped[axis] ? affine[row, from] * (view.Sizes[axis] - 1) : 0;
            }
        }
        return new(Permute(volume.Voxels, view), turned, spacing, volume.Slope, volume.Intercept, Header(volume.Header, view, spacing, turned))
        {
            Name = volume.Name,
            Version = volume.Version,
        };
    }

    private static NiftiHeader? Header(NiftiHeader? before, NiftiView view, double[] spacing, double[,] affine)
    {
        if (before == null)
            return null;
        NiftiHeader header = before.Clone();
        NiftiPlacement.Set(header, affine);
        for (int axis = 0; axis < 3; axis++)
            header[NiftiField.Pixdim, axis + 1] = spacing[axis];
        // Two bits each name the axis of frequency, of phase and of slices, 0 for none.
        int info = (int)before[NiftiField.DimInfo], moved = 0;
        for (int bit = 0; bit < 6; bit += 2)
            if ((info >> bit & 3) is > 0 and var from)
                moved |= Array.IndexOf(view.Sources, from - 1) + 1 << bit;
        header[NiftiField.DimInfo] = moved;
        return header;
    }

    private static NumberArray Permute(NumberArray voxels, NiftiView view)
    {
        Array target = (Array)voxels.Values.Clone();
        switch (voxels.Type.Bytes())
        {
            case 1:
                Permute<byte>(voxels.Values, target, view);
                break;
            case 2:
                Permute<ushort>(voxels.Values, target, view);
                break;
            case 4:
                Permute<uint>(voxels.Values, target, view);
                break;
            default:
                Permute<ulong>(voxels.Values, target, view);
                break;
        }
        int further = Math.Max(0, voxels.Shape.Length - 3);
        return new NumberArray(voxels.Type, [.. voxels.Shape[..further], view.Sizes[2], view.Sizes[1], view.Sizes[0]], target);
    }

    /// <summary>Copies frame by frame numbers of one size, whatever they are.</summary>
    private static void Permute<T>(Array from, Array to, NiftiView view) where T : unmanaged
    {
        Span<T> source = MemoryMarshal.CreateSpan(ref Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(from)), from.Length);
        Span<T> target = MemoryMarshal.CreateSpan(ref Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(to)), to.Length);
        int frame = view.Sizes[0] * view.Sizes[1] * view.Sizes[2], at = 0;
        for (int start = view.Offset; at < target.Length; start += frame)
            for (int z = 0; z < view.Sizes[2]; z++)
                for (int y = 0; y < view.Sizes[1]; y++)
                {
                    int row = start + z * view.Strides[2] + y * view.Strides[1];
                    for (int x = 0; x < view.Sizes[0]; x++)
                        target[at++] = source[row + x * view.Strides[0]];
                }
    }
}
