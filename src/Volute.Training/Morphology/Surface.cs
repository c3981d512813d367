namespace Volute.Training;

/// <summary>The pixels of a mask that have a face at its outside: the mask without its erosion by the face neighbours. The edge of the picture is outside.</summary>
internal static class Surface
{
    /// <summary>surface[p] = mask[p] and not all face neighbours of p are in the mask.</summary>
    public static bool[] Of(ReadOnlySpan<bool> mask, PixelGrid grid)
    {
        int depth = grid.Depth, height = grid.Height, width = grid.Width, plane = height * width;
        // An axis that the picture does not have has no faces.
        bool deep = grid.Sizes.Length > 2, tall = grid.Sizes.Length > 1;
        bool[] surface = new bool[mask.Length];
        for (int z = 0, i = 0; z < depth; z++)
            for (int y = 0; y < height; y++)
                for (int x = 0; x < width; x++, i++)
                    surface[i] = mask[i] && !(x > 0 && mask[i - 1] && x + 1 < width && mask[i + 1]
                        && (!tall || y > 0 && mask[i - width] && y + 1 < height && mask[i + width])
                        && (!deep || z > 0 && mask[i - plane] && z + 1 < depth && mask[i + plane]));
        return surface;
    }
}
