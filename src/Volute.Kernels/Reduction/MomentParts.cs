using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>
/// The moments of each channel of a map from those of its parts: with N = Σ n, the mean of the first part s and d = Σ n·(m − s) / N, mean = s + d and
/// variance = Σ n·(v + (m − s)²) / N − d². A part is {n, padding to 16 numbers; m [channel]; v [channel]}, channels padded to whole registers of 16.
/// </summary>
/// <remarks>
/// In float64, in the order of the parts. The first part is among what is counted: where it lies far from the others, the variance is as large as that. So
/// no more is lost than (as many parts as there are)·2⁻⁵² of the variance, which is far below the rounding of the parts themselves.
/// </remarks>
public static unsafe class MomentParts
{
    private const int Pad = 16, ChunkChannels = 32;

    /// <summary>Numbers of one part.</summary>
    public static int Length(int channels) => Pad + 2 * Row(channels);

    /// <summary>Joins <paramref name="count"/> parts.</summary>
    /// <param name="variance">Where Σ (x − mean)² / N of each channel goes.</param>
    /// <param name="mean">Where the means go.</param>
    /// <param name="parts">The parts one after another.</param>
    /// <param name="count">How many.</param>
    /// <param name="channels">Channels of the map.</param>
    public static void Join(float* variance, float* mean, float* parts, int count, int channels)
    {
        Kernel kernel = new() { Variance = variance, Mean = mean, Parts = parts, Count = count, Channels = channels };
        Isa.Run(ref kernel);
    }

    /// <summary>Where the means of a part begin; the number of its elements stands first.</summary>
    internal static float* Means(float* part) => part + Pad;

    /// <summary>Where the variances of a part begin.</summary>
    internal static float* Variances(float* part, int channels) => part + Pad + Row(channels);

    private static int Row(int channels) => (channels + Pad - 1) / Pad * Pad;

    private struct Kernel : IFloatKernel
    {
        public float* Variance, Mean, Parts;
        public int Count, Channels;

        public readonly void Run<L>() where L : struct, ILanes<L, float>
        {
            Chunk<L> chunk = new() { Kernel = this };
            Team.Run((Channels - 1) / ChunkChannels + 1, ref chunk);
        }
    }

    /// <summary>A chunk is some channels. Lanes beyond the last one hold what pads a part, and go nowhere.</summary>
    private struct Chunk<L> : IChunks where L : struct, ILanes<L, float>
    {
        public Kernel Kernel;

        [SkipLocalsInit]
        public readonly void Run(int chunk)
        {
            int first = chunk * ChunkChannels, channels = Math.Min(ChunkChannels, Kernel.Channels - first), padded = Row(channels), step = Length(Kernel.Channels);
            double* shifts = stackalloc double[5 * ChunkChannels], sums = shifts + ChunkChannels, squares = sums + ChunkChannels;
            double* means = squares + ChunkChannels, variances = means + ChunkChannels;
            new Span<double>(sums, 2 * ChunkChannels).Clear();
            float* part = Kernel.Parts;
            Elements.Widen<L, float>(shifts, Means(part) + first, padded);
            double elements = 0;
            for (int i = 0; i < Kernel.Count; i++, part += step)
            {
                double count = *part;
                elements += count;
                Elements.Widen<L, float>(means, Means(part) + first, padded);
                Elements.Widen<L, float>(variances, Variances(part, Kernel.Channels) + first, padded);
                for (int c = 0; c < channels; c++)
                {
                    double difference = means[c] - shifts[c], sum = count * difference;
                    sums[c] += sum;
                    squares[c] += count * variances[c] + sum * difference;
                }
            }
            for (int c = 0; c < channels; c++)
            {
                double difference = sums[c] / elements;
                Kernel.Mean[first + c] = (float)(shifts[c] + difference);
                Kernel.Variance[first + c] = (float)Math.Max(0, squares[c] / elements - difference * difference);
            }
        }
    }
}
