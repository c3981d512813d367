using Volute.Kernels;

namespace Volute;

/// <summary>Feature maps (N, C, [D,] [H,] W) where they lie, whole or as parts of others.</summary>
internal static class FeatureMap
{
    /// <summary>How a map lies in memory, in the terms of kernels; null where it lies otherwise.</summary>
    public static MapStrides? Strides(in Layout map)
    {
        int rank = map.Rank;
        if (map.Elements == 0 || (map.Size(1) > 1 && map.Stride(1) != 1))
            return null;
        // An axis of one position takes the stride that it would have were the map whole.
        Span<long> strides = stackalloc long[4];
        long next = map.Size(1);
        for (int i = 3; i >= 0; i--)
        {
            int axis = i == 0 ? 0 : rank - 4 + i;
            bool isThere = i == 0 || axis >= 2;
            strides[i] = isThere && map.Size(axis) > 1 ? map.Stride(axis) : next;
            if (strides[i] < next)
                return null;
            next = strides[i] * (isThere ? map.Size(axis) : 1);
        }
        return new MapStrides(strides[0], strides[1], strides[2], strides[3]);
    }
}
