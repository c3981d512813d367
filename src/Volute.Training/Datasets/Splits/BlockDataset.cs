using Volute.Formats;

namespace Volute.Training;

/// <summary>Part of a picture or volume: where it begins and how large it is, along (D, H, W).</summary>
internal readonly record struct Block(string Name, int[] Start, int[] Size);

/// <summary>
/// Blocks of a single picture or volume with its mask, as samples of their own: patches that are cut from one never show pixels of another. The image is
/// read once and kept.
/// </summary>
internal sealed class BlockDataset(Dataset source, IReadOnlyList<Block> blocks) : Dataset
{
    private readonly Lazy<Sample> image = new(() => source[0]);

    public override DatasetTask Task => source.Task;

    public override int Count => blocks.Count;

    public override IReadOnlyList<string> Classes => source.Classes;

    public override int Channels => source.Channels;

    public override LabelMap? Labels => source.Labels;

    public override IReadOnlyList<string>? ChannelNames => source.ChannelNames;

    internal override long CacheBytes => source.CacheBytes;

    public override string NameOf(int index) => blocks[Checked(index)].Name;

    public override string Describe() => $"{DatasetException.Count(Count, "block")} of {source.Describe()}";

    private protected override Sample Read(int index)
    {
        Block block = blocks[index];
        Sample whole = image.Value;
        int[] size = Augmentation.SpatialSize(whole), shape = block.Size[(4 - whole.ImageShape.Length)..];
        int width = block.Size[2], voxels = block.Size[0] * block.Size[1] * width, at = 0;
        float[] values = new float[Channels * voxels];
        int[] labels = new int[voxels];
        for (int d = 0; d < block.Size[0]; d++)
        {
            for (int h = 0; h < block.Size[1]; h++, at += width)
            {
                int from = ((block.Start[0] + d) * size[1] + block.Start[1] + h) * size[2] + block.Start[2];
                whole.Labels.AsSpan(from, width).CopyTo(labels.AsSpan(at));
                for (int c = 0; c < Channels; c++)
                    whole.Image.AsSpan(c * whole.Labels.Length + from, width).CopyTo(values.AsSpan(c * voxels + at));
            }
        }
        return new Sample(block.Name, values, [Channels, .. shape], labels, shape) { Spacing = whole.Spacing, AxisCodes = whole.AxisCodes };
    }

    internal override RasterPlace? PlaceOf(int index) => source.PlaceOf(0)?.Part(blocks[index].Start[2], blocks[index].Start[1]);

    private protected override Standardization Measure() => source.Standardization;
}
