namespace Volute.Training;

/// <summary>Random fields without sharp edges: white noise, blurred and brought back to mean 0 and deviation 1.</summary>
internal static class SmoothNoise
{
    /// <summary>A field over [D, H, W] whose structures are about <paramref name="scale"/> pixels wide.</summary>
    public static float[] Field(int[] size, double scale, ref SeededRandom random)
    {
        // A coarse structure needs no fine white noise: it is drawn small, blurred by 2 pixels and enlarged.
        int factor = Math.Max(1, (int)(scale / 2));
        int[] small = [.. size.Select(n => n == 1 ? 1 : Math.Max(2, (n - 1) / factor + 2))];
        float[] coarse = new float[small[0] * small[1] * small[2]];
        foreach (ref float value in coarse.AsSpan())
            value = (float)random.Normal();
        AxisFilter.Blur(coarse, small, Math.Max(0.3, scale / factor / 2));
        Normalize(coarse);
        if (factor == 1)
            return Cut(coarse, small, size);
        float[] field = new float[size[0] * size[1] * size[2]];
        for (int d = 0, i = 0; d < size[0]; d++)
            for (int h = 0; h < size[1]; h++)
                for (int w = 0; w < size[2]; w++, i++)
                    field[i] = Between(coarse, small, (double)d / factor, (double)h / factor, (double)w / factor);
        return field;
    }

    private static float[] Cut(float[] coarse, int[] small, int[] size)
    {
        float[] field = new float[size[0] * size[1] * size[2]];
        for (int d = 0; d < size[0]; d++)
            for (int h = 0; h < size[1]; h++)
                coarse.AsSpan((d * small[1] + h) * small[2], size[2]).CopyTo(field.AsSpan((d * size[1] + h) * size[2]));
        return field;
    }

    private static float Between(float[] field, int[] size, double d, double h, double w)
    {
        int d0 = (int)d, h0 = (int)h, w0 = (int)w;
        int behind = d0 + 1 < size[0] ? size[1] * size[2] : 0, below = h0 + 1 < size[1] ? size[2] : 0, right = w0 + 1 < size[2] ? 1 : 0;
        double fd = d - d0, fh = h - h0, fw = w - w0;
        int i = (d0 * size[1] + h0) * size[2] + w0;
        double Line(int at) => field[at] + (field[at + right] - field[at]) * fw;
        double Plane(int at) => Line(at) + (Line(at + below) - Line(at)) * fh;
        return (float)(Plane(i) + (Plane(i + behind) - Plane(i)) * fd);
    }

    private static void Normalize(float[] field)
    {
        Moments moments = Moments.Of(field);
        float mean = (float)moments.Mean, factor = (float)(1 / Math.Sqrt(moments.Squares / moments.Count));
        foreach (ref float value in field.AsSpan())
            value = (value - mean) * factor;
    }
}
