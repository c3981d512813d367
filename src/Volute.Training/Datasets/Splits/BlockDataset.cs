using Volute.Formats;

namespace Volute.Training;

/// <summary>Part of a picture, in pixels.</summary>
internal readonly record struct Block(string Name, int Top, int Left, int Height, int Width);

/// <summary>
/// Blocks of a single picture [C, H, W] with its mask, as samples of their own: patches that are cut from one never show pixels of another. The picture
/// is read once and kept.
/// </summary>
internal sealed class BlockDataset(Dataset source, IReadOnlyList<Block> blocks) : Dataset
{
    private readonly Lazy<Sample> picture = new(() => source[0]);

    public override DatasetTask Task => source.Task;

    public override int Count => blocks.Count;

    public override IReadOnlyList<string> Classes => source.Classes;

    public override int Channels => source.Channels;

    public override LabelMap? Labels => source.Labels;

    public override string NameOf(int index) => blocks[Checked(index)].Name;

    public override string Describe() => $"{DatasetException.Count(Count, "block")} of {source.Describe()}";

    private protected override Sample Read(int index)
    {
        Block block = blocks[index];
        Sample whole = picture.Value;
        int height = whole.ImageShape[1], width = whole.ImageShape[2];
        float[] image = new float[Channels * block.Height * block.Width];
        int[] labels = new int[block.Height * block.Width];
        for (int row = 0; row < block.Height; row++)
        {
            int from = (block.Top + row) * width + block.Left, to = row * block.Width;
            whole.Labels.AsSpan(from, block.Width).CopyTo(labels.AsSpan(to));
            for (int c = 0; c < Channels; c++)
                whole.Image.AsSpan(c * height * width + from, block.Width).CopyTo(image.AsSpan(c * labels.Length + to));
        }
        return new Sample(block.Name, image, [Channels, block.Height, block.Width], labels, [block.Height, block.Width]) { Spacing = whole.Spacing };
    }

    internal override RasterPlace? PlaceOf(int index) => source.PlaceOf(0)?.Part(blocks[index].Left, blocks[index].Top);

    private protected override Standardization Measure() => source.Standardization;
}
