namespace Volute.Formats;

/// <summary>Labels from the voxels of a file, and the voxels for labels.</summary>
internal static class NiftiLabels
{
    private const double Tolerance = 1e-3;

    public static int[] Of(NiftiVolume volume)
    {
        bool scaled = volume.Slope != 1 || volume.Intercept != 0;
        if (!scaled && volume.Voxels.Type is NumberType.Bool or NumberType.UInt8 or NumberType.Int8 or NumberType.UInt16 or NumberType.Int16 or NumberType.Int32)
            return volume.Voxels.ToInts();
        double[] values = volume.Voxels.ToDoubles();
        int[] labels = new int[values.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            double value = volume.Slope * values[i] + volume.Intercept, rounded = Math.Round(value);
            if (!(Math.Abs(value - rounded) <= Tolerance && rounded is >= int.MinValue and <= int.MaxValue))
                throw new FileFormatException(volume.Name, -1, $"voxel ({string.Join(", ", Place(i, volume.Voxels.Shape))}) is {value}, which is no label: "
                    + "labels are integers of 32 bits; resample masks by nearest neighbour");
            labels[i] = (int)rounded;
        }
        return labels;
    }

    /// <summary>Labels in the smallest type that holds them.</summary>
    public static NumberArray Pack(int[] labels, ReadOnlySpan<int> shape)
    {
        int least = 0, most = 0;
        foreach (int label in labels)
        {
            least = Math.Min(least, label);
            most = Math.Max(most, label);
        }
        if (least < 0 || most > ushort.MaxValue)
            return NumberArray.From(labels, shape);
        return most <= byte.MaxValue ? NumberArray.From(Array.ConvertAll(labels, l => (byte)l), shape) : NumberArray.From(Array.ConvertAll(labels, l => (ushort)l), shape);
    }

    /// <summary>The indices of a voxel, x first.</summary>
    private static int[] Place(int number, ReadOnlySpan<int> shape)
    {
        int[] place = new int[shape.Length];
        for (int axis = 0; axis < place.Length; axis++)
        {
            place[axis] = number % shape[^(axis + 1)];
            number /= shape[^(axis + 1)];
        }
        return place;
    }
}
