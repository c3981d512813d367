using Volute.Formats;

namespace Volute.Training;

public static partial class SampleMaker
{
    private const int SceneBand = 256, LargestScene = 100_000;

    /// <summary>
    /// A satellite-like scene as a tiled GeoTIFF of red, green and blue bytes in UTM zone 33N, half a metre a pixel, and its mask beside it
    /// (scene.tif, scene-mask.tif): 0 meadow, 1 field, 2 house, 3 water. Drawn and written by rows: its size takes no memory.
    /// </summary>
    /// <param name="file">The scene, .tif.</param>
    /// <param name="size">Pixels along each side, 64 to 100,000.</param>
    /// <param name="seed">Decides every pixel.</param>
    /// <exception cref="VoluteException">It cannot be written, or there is no driver for rasters.</exception>
    public static void Scene(string file, int size, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (size is < 64 or > LargestScene)
            throw new InvalidArgumentException($"the size must be 64 to {LargestScene} pixels, got {size}");
        Scene(file, Path.ChangeExtension(file, null) + "-mask.tif", 0, size, seed);
    }

    /// <summary>
    /// Satellite-like scenes to train on: images/, masks/ with <paramref name="count"/> GeoTIFFs side by side on the ground, and test/images, test/masks with a quarter
    /// as many; classes.csv names the classes.
    /// </summary>
    /// <param name="folder">Made, or empty.</param>
    /// <param name="count">Training scenes, ≥ 1.</param>
    /// <param name="size">Pixels along each side, ≥ 64.</param>
    /// <param name="seed">Decides every pixel.</param>
    /// <exception cref="VoluteException">The folder holds something, or cannot be written, or there is no driver for rasters.</exception>
    public static void Scenes(string folder, int count, int size, ulong seed)
    {
        Check(count, size, 64);
        Prepare(folder, "images", "masks", "test/images", "test/masks");
        ForEach(count, (part, index) =>
        {
            string place = Path.Combine(folder, part == 0 ? "" : "test"), name = Number(index) + ".tif";
            Scene(Path.Combine(place, "images", name), Path.Combine(place, "masks", name), ColumnOf(part, index, count, size), size, seed);
        });
        AtomicFile.WriteAllText(Path.Combine(folder, "classes.csv"), "value,name,color,ignore\n0,meadow,,\n1,field,,\n2,house,,\n3,water,,\n255,nothing,,1\n");
    }

    private static SatelliteScene SceneOf(ulong seed) => new((uint)(seed ^ seed >> 32));

    /// <summary>The landscape's column where a sample begins: side by side, the test samples behind the others.</summary>
    private static int ColumnOf(int part, int index, int count, int size) => (part == 0 ? index : count + index) * size;

    private static void Scene(string image, string mask, int column, int size, ulong seed)
    {
        SatelliteScene scene = SceneOf(seed);
        RasterPlace place = SatelliteScene.Place(column);
        BandColor[] colors = [BandColor.Red, BandColor.Green, BandColor.Blue];
        using IRasterWriter images = RasterFiles.Create(image, new(size, size, [.. colors.Select(color => new RasterBand(NumberType.UInt8) { Color = color })]) { Place = place });
        using IRasterWriter masks = RasterFiles.Create(mask, new(size, size, [new(NumberType.UInt8) { NoData = 255 }]) { Place = place });
        for (int row = 0; row < size; row += SceneBand)
        {
            int rows = Math.Min(SceneBand, size - row);
            byte[] seen = new byte[3 * rows * size], truth = new byte[rows * size];
            scene.Draw(column, row, size, seen, truth);
            images.WriteWindow<byte>(new(0, row, size, rows), [0, 1, 2], seen);
            masks.WriteWindow<byte>(new(0, row, size, rows), [0], truth);
        }
        images.Commit();
        masks.Commit();
    }
}
