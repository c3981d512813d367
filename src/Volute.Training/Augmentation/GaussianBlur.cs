namespace Volute.Training;

/// <summary>Convolution with exp(−d² / 2σ²), normalized, cut at ⌈3σ⌉ pixels, one axis after the other; mirrored outside.</summary>
internal static class GaussianBlur
{
    /// <summary>Blurs [D, H, W] in place along every axis of more than one pixel.</summary>
    public static void Apply(Span<float> image, ReadOnlySpan<int> size, double sigma)
    {
        int reach = (int)Math.Ceiling(3 * sigma);
        float[] kernel = new float[reach + 1];
        double sum = 0;
        for (int d = 0; d <= reach; d++)
            sum += (d == 0 ? 1 : 2) * Math.Exp(-d * d / (2 * sigma * sigma));
        for (int d = 0; d <= reach; d++)
            kernel[d] = (float)(Math.Exp(-d * d / (2 * sigma * sigma)) / sum);

        int stride = 1;
        for (int axis = 2; axis >= 0; axis--)
        {
            if (size[axis] > 1)
                Blur(image, size[axis], stride, kernel);
            stride *= size[axis];
        }
    }

    private static void Blur(Span<float> image, int length, int stride, float[] kernel)
    {
        int reach = kernel.Length - 1;
        // The line with its mirrored continuation at both ends.
        float[] line = new float[length + 2 * reach];
        for (int start = 0; start < image.Length; start += start % stride == stride - 1 ? stride * (length - 1) + 1 : 1)
        {
            for (int i = 0; i < line.Length; i++)
                line[i] = image[start + Resampler.Mirror(i - reach, length) * stride];
            for (int i = 0; i < length; i++)
            {
                float sum = kernel[0] * line[i + reach];
                for (int d = 1; d <= reach; d++)
                    sum += kernel[d] * (line[i + reach - d] + line[i + reach + d]);
                image[start + i * stride] = sum;
            }
        }
    }
}
