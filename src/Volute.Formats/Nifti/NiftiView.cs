namespace Volute.Formats;

/// <summary>A volume seen along other axes: where the voxels that its new axes count lie among the old ones.</summary>
internal readonly record struct NiftiView(int Offset, int[] Sources, int[] Sizes, int[] Strides, bool[] Flipped)
{
    /// <summary>The view of one frame of <paramref name="volume"/> whose axes lead where <paramref name="target"/> says.</summary>
    /// <exception cref="InvalidArgumentException">An axis of the volume's affine leads nowhere.</exception>
    public static NiftiView Of(NiftiVolume volume, NiftiOrientation target)
    {
        NiftiOrientation source = NiftiOrientation.Of(volume.Affine);
        if (source.ToString().Contains('-'))
            throw new InvalidArgumentException($"{volume.Name} has an affine that maps different voxels to one place: its axes lead to {source}; give it an invertible one");
        int offset = 0;
        int[] sources = new int[3], sizes = new int[3], strides = new int[3];
        bool[] flipped = new bool[3];
        for (int axis = 0; axis < 3; axis++)
        {
            int from = Array.FindIndex([0, 1, 2], s => source[s].Axis == target[axis].Axis);
            (sources[axis], flipped[axis]) = (from, source[from].Backward != target[axis].Backward);
            sizes[axis] = NiftiVolume.SizeOf(volume.Voxels, from + 1);
            int stride = 1;
            for (int inner = 1; inner <= from; inner++)
                stride *= NiftiVolume.SizeOf(volume.Voxels, inner);
            strides[axis] = flipped[axis] ? -stride : stride;
            offset += flipped[axis] ? (sizes[axis] - 1) * stride : 0;
        }
        return new(offset, sources, sizes, strides, flipped);
    }
}
