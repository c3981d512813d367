using System.Numerics.Tensors;

namespace Volute.Training;

/// <summary>
/// A linear map along one axis whose results are sums of a few positions: y[p] = Σₜ weight[t, p] · x[source[t, p]]. Filters of several axes are applied one
/// after the other.
/// </summary>
internal sealed class AxisFilter
{
    private readonly int length, taps;
    private readonly int[] sources; // [taps, length]
    private readonly float[] weights; // [taps, length]

    private AxisFilter(int length, int taps) => (this.length, this.taps, sources, weights) = (length, taps, new int[taps * length], new float[taps * length]);

    /// <summary>exp(−d² / 2σ²), normalized, cut at ⌈3σ⌉ pixels; mirrored outside.</summary>
    public static AxisFilter Gaussian(int length, double sigma)
    {
        int reach = (int)Math.Ceiling(3 * sigma);
        AxisFilter filter = new(length, 2 * reach + 1);
        double sum = Enumerable.Range(-reach, 2 * reach + 1).Sum(d => Math.Exp(-d * d / (2 * sigma * sigma)));
        for (int t = 0; t < filter.taps; t++)
        {
            int d = t - reach;
            filter.weights.AsSpan(t * length, length).Fill((float)(Math.Exp(-d * d / (2 * sigma * sigma)) / sum));
            for (int p = 0; p < length; p++)
                filter.sources[t * length + p] = Resampler.Mirror(p + d, length);
        }
        return filter;
    }

    /// <summary>n = round(share · length) positions, each with the pixel nearest to its centre, and from them linearly back to all pixels.</summary>
    public static AxisFilter LowResolution(int length, double share)
    {
        int coarse = Math.Clamp((int)Math.Round(share * length), 1, length);
        AxisFilter filter = new(length, 2);
        double step = (double)length / coarse;
        for (int p = 0; p < length; p++)
        {
            double position = Math.Clamp((p + 0.5) / step - 0.5, 0, coarse - 1);
            int first = (int)position;
            float fraction = (float)(position - first);
            filter.sources[p] = Nearest(first);
            filter.sources[length + p] = Nearest(Math.Min(first + 1, coarse - 1));
            filter.weights[p] = 1 - fraction;
            filter.weights[length + p] = fraction;
        }
        return filter;

        int Nearest(int k) => Math.Min((int)((k + 0.5) * step), length - 1);
    }

    /// <summary>Blurs [D, H, W] in place along every axis of more than one pixel.</summary>
    public static void Blur(Span<float> image, ReadOnlySpan<int> size, double sigma) => Apply(image, size, Gaussian(size[0], sigma), Gaussian(size[1], sigma), Gaussian(size[2], sigma));

    /// <summary>Applies filters (null: none) along axes D, H, W of [D, H, W], in place.</summary>
    public static void Apply(Span<float> image, ReadOnlySpan<int> size, params ReadOnlySpan<AxisFilter?> filters)
    {
        float[] scratch = new float[image.Length];
        Span<float> from = image, to = scratch;
        int stride = 1;
        for (int axis = 2; axis >= 0; stride *= size[axis], axis--)
        {
            if (filters[axis] is not { } filter || size[axis] == 1)
                continue;
            filter.Apply(from, to, stride);
            Span<float> done = to;
            to = from;
            from = done;
        }
        if (from != image)
            from.CopyTo(image);
    }

    /// <summary>Along the axis whose neighbours lie <paramref name="stride"/> apart.</summary>
    private void Apply(ReadOnlySpan<float> image, Span<float> result, int stride)
    {
        for (int block = 0; block < image.Length; block += length * stride)
        {
            ReadOnlySpan<float> from = image.Slice(block, length * stride);
            Span<float> to = result.Slice(block, length * stride);
            if (stride == 1)
                ApplyLine(from, to);
            else
                for (int p = 0; p < length; p++)
                    ApplyRow(from, to.Slice(p * stride, stride), p, stride);
        }
    }

    /// <summary>One position of the axis, for all that lies beside it in memory.</summary>
    private void ApplyRow(ReadOnlySpan<float> image, Span<float> row, int p, int stride)
    {
        TensorPrimitives.Multiply(image.Slice(sources[p] * stride, stride), weights[p], row);
        for (int t = 1; t < taps; t++)
            TensorPrimitives.MultiplyAdd(image.Slice(sources[t * length + p] * stride, stride), weights[t * length + p], row, row);
    }

    /// <summary>The axis itself lies in a row.</summary>
    private void ApplyLine(ReadOnlySpan<float> line, Span<float> result)
    {
        result.Clear();
        for (int t = 0; t < taps; t++)
        {
            ReadOnlySpan<int> source = sources.AsSpan(t * length, length);
            ReadOnlySpan<float> weight = weights.AsSpan(t * length, length);
            for (int p = 0; p < result.Length; p++)
                result[p] += weight[p] * line[source[p]];
        }
    }
}
