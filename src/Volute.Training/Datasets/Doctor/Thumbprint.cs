using System.Numerics.Tensors;

namespace Volute.Training;

/// <summary>
/// What an image looks like from afar: the means of 32 x 32 parts of a picture (8 x 16 x 16 of a volume), less their mean and of length 1. The dot product of two is their
/// correlation: 1 for copies, whatever their brightness and contrast. Only images of one size are compared.
/// </summary>
internal static class Thumbprint
{
    /// <summary>The thumbprint of an image [C, …], its channels averaged; null for one that is too small or shows nothing.</summary>
    /// <param name="bands">[C, rows…] of the image, one after the other.</param>
    /// <param name="shape">[C, …] of the image.</param>
    public static float[]? Of(IEnumerable<float[]> bands, int[] shape)
    {
        int[] size = shape.Length == 3 ? [1, shape[1], shape[2]] : shape[1..], parts = shape.Length == 3 ? [1, 32, 32] : [8, 16, 16];
        if (Math.Min(size[1], size[2]) < 16)
            return null;
        double[] sums = new double[parts[0] * parts[1] * parts[2]];
        int[] counts = new int[sums.Length];
        int row = 0;
        foreach (float[] band in bands)
        {
            int plane = band.Length / shape[0];
            for (int at = 0; at < plane; at += size[2], row++)
            {
                int first = (int)(row / size[1] * (long)parts[0] / size[0] * parts[1] + row % size[1] * (long)parts[1] / size[1]) * parts[2];
                for (int x = 0; x < size[2]; x++)
                {
                    int part = first + (int)(x * (long)parts[2] / size[2]);
                    for (int c = 0; c < shape[0]; c++)
                    {
                        float value = band[c * plane + at + x];
                        sums[part] += float.IsFinite(value) ? value : 0;
                    }
                    counts[part]++;
                }
            }
        }
        // Parts of an image smaller than the grid may hold no pixel; they are the same ones for images of one size, and count nowhere.
        double[] means = [.. sums.Zip(counts, (sum, count) => count == 0 ? 0 : sum / count)];
        double mean = means.Sum() / counts.Count(count => count > 0);
        float[] print = [.. means.Zip(counts, (part, count) => (float)(count == 0 ? 0 : part - mean))];
        float length = TensorPrimitives.Norm(print);
        if (!(length > 1e-6))
            return null;
        TensorPrimitives.Divide(print, length, print);
        return print;
    }
}
