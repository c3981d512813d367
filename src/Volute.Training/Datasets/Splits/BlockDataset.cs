using System.Collections.Concurrent;
using Volute.Formats;

namespace Volute.Training;

/// <summary>A part of a sample that is a sample of its own.</summary>
internal readonly record struct Block(string Name, Box Box);

/// <summary>
/// Blocks of a single picture or volume with its mask, as samples of their own: patches that are cut from one never show pixels of another. What is in memory
/// is read once and kept; of a large raster windows are read.
/// </summary>
internal sealed class BlockDataset(Dataset source, IReadOnlyList<Block> blocks) : DerivedDataset(source)
{
    // Of each class of a block: there are many blocks.
    private const int MostPlaces = 1000;

    private readonly Lazy<WindowedSample> whole = new(() => source.Look(0));
    private readonly ConcurrentDictionary<int, ClassPlaces> places = [];

    public override int Count => blocks.Count;

    public override string NameOf(int index) => blocks[Checked(index)].Name;

    public override string Describe() => $"{DatasetException.Count(Count, "block")} of {Source.Describe()}";

    internal override int[] ShapeOf(int index) => Look(index).ImageShape;

    internal override WindowedSample Look(int index)
        => new BlockSample(whole.Value, blocks[Checked(index)], block => places.GetOrAdd(index, i => ClassPlaces.Of(block, (ulong)i, MostPlaces)));

    internal override RasterPlace? PlaceOf(int index) => Source.PlaceOf(0)?.Part(blocks[index].Box.Start[2], blocks[index].Box.Start[1]);

    private protected override Sample Read(int index) => Look(index).Cut(Box.Whole(blocks[index].Box.Size));
}
