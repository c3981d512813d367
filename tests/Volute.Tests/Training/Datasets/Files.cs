using Volute.Formats;
using Volute.Tests.Formats;

namespace Volute.Tests.Training;

/// <summary>Writes the small files that dataset tests read.</summary>
internal static class Files
{
    public static readonly PaletteColor Black = new(0, 0, 0), Red = new(255, 0, 0), Green = new(0, 255, 0), White = new(255, 255, 255);

    public static void Gray(this TemporaryFolder folder, string name, int width, int height, params byte[] values)
        => Png.Write(folder.At(name), Picture.FromBytes(values.Length > 1 ? values : [.. Enumerable.Repeat(values.FirstOrDefault(), width * height)], width, height, 1));

    public static void Rgb(this TemporaryFolder folder, string name, int width, int height, params byte[] values)
        => Png.Write(folder.At(name), Picture.FromBytes(values.Length > 1 ? values : new byte[width * height * 3], width, height, 3));

    public static void Palette(this TemporaryFolder folder, string name, int width, int height, PaletteColor[] colors, params byte[] indices)
        => Png.Write(folder.At(name), PngImage.FromIndices(indices, colors, width, height));

    public static void Text(this TemporaryFolder folder, string name, string text) => File.WriteAllText(folder.At(name), text);

    /// <summary>A path in the folder whose subfolders exist.</summary>
    public static string At(this TemporaryFolder folder, string name)
    {
        string path = folder[name];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }
}
