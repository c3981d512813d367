using Volute.Formats;

namespace Volute.Training;

/// <summary>A raster with a band for each class's probability.</summary>
internal abstract class ProbabilityRaster : IDisposable
{
    private readonly IRasterWriter writer;

    private ProbabilityRaster(IRasterWriter writer) => this.writer = writer;

    /// <summary>Bytes of one probability.</summary>
    public static int Bytes(ProbabilityNumbers numbers) => numbers == ProbabilityNumbers.UInt8 ? sizeof(byte) : sizeof(float);

    /// <summary>Begins the file.</summary>
    /// <param name="path">Its name.</param>
    /// <param name="source">What was predicted: its size and place are taken over.</param>
    /// <param name="classes">How many bands.</param>
    /// <param name="most">The most rows that come at once.</param>
    /// <param name="numbers">How probabilities are written.</param>
    public static ProbabilityRaster Create(string path, RasterLayout source, int classes, int most, ProbabilityNumbers numbers)
    {
        RasterBand band = numbers == ProbabilityNumbers.UInt8 ? new(NumberType.UInt8) { NoData = 255 } : new(NumberType.Float32) { NoData = double.NaN };
        IRasterWriter writer = RasterFiles.Create(path, new RasterLayout(source.Width, source.Height, [.. Enumerable.Repeat(band, classes)]) { Place = source.Place });
        return numbers == ProbabilityNumbers.UInt8
            ? new Of<byte>(writer, most, byte.MaxValue, p => (byte)(p * 254 + 0.5f))
            : new Of<float>(writer, most, float.NaN, p => p);
    }

    /// <summary>Sets a pixel's probabilities; null where it holds nothing.</summary>
    /// <param name="row">Its row.</param>
    /// <param name="column">Its place in the row.</param>
    /// <param name="probabilities">[classes, pixels], or empty where the pixel holds nothing.</param>
    /// <param name="pixel">Which of the pixels.</param>
    /// <param name="pixels">How many there are.</param>
    public abstract void Set(int row, int column, ReadOnlySpan<float> probabilities, int pixel, int pixels);

    /// <summary>All rows before <paramref name="end"/> are there.</summary>
    public abstract void Complete(int end);

    public void Commit() => writer.Commit();

    public void Dispose() => writer.Dispose();

    private sealed class Of<T> : ProbabilityRaster where T : unmanaged
    {
        private readonly RasterRows<T> rows;
        private readonly Func<float, T> convert;
        private readonly T nothing;
        private readonly int classes;

        public Of(IRasterWriter writer, int most, T nothing, Func<float, T> convert) : base(writer)
        {
            (this.nothing, this.convert) = (nothing, convert);
            RasterLayout layout = writer.Layout;
            classes = layout.Bands.Count;
            rows = new RasterRows<T>(layout.Width, layout.Height, classes, most, layout.BlockHeight, (held, row, count) =>
            {
                for (int c = 0; c < classes; c++)
                    writer.WriteWindow<T>(new(0, row, layout.Width, count), [c], held.Rows(c, row, count));
            });
        }

        public override void Set(int row, int column, ReadOnlySpan<float> probabilities, int pixel, int pixels)
        {
            for (int c = 0; c < classes; c++)
                rows.Rows(c, row, 1)[column] = probabilities.IsEmpty ? nothing : convert(probabilities[c * pixels + pixel]);
        }

        public override void Complete(int end) => rows.Complete(end);
    }
}
