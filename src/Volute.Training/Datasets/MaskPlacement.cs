using Volute.Formats;

namespace Volute.Training;

/// <summary>Whether each mask covers its image: the same size, and voxels of the same size in the same place.</summary>
internal static class MaskPlacement
{
    public static void Check(string[] names, ImageFiles images, int[]?[] shapes, VolumePlacement?[] masks, RasterPlace?[] rasters, DatasetProblems problems)
    {
        List<(string Name, string What)> sizes = [], spacings = [], places = [];
        for (int i = 0; i < names.Length; i++)
        {
            if (shapes[i] is not { } shape || images.ShapeOf(i) is not { } image)
                continue;
            if (!image.AsSpan(1).SequenceEqual(shape))
                sizes.Add((names[i], $"image {string.Join(" x ", image[1..])}, mask {string.Join(" x ", shape)}"));
            else if (masks[i] is { } mask && images.PlacementOf(i) is { } placement)
            {
                if (placement.SpacingDifference(mask) is { } spacing)
                    spacings.Add((names[i], spacing));
                else if (placement.PlaceDifference(mask) is { } place)
                    places.Add((names[i], place));
            }
            else if (rasters[i] is { } raster && images.PlaceOf(i)?.Difference(raster) is { } elsewhere)
                places.Add((names[i], $"image and mask: {elsewhere}"));
        }
        if (sizes.Count > 0)
            problems.Add(FindingKind.SizeDiffers, $"{Masks(sizes)} not the image's size: {List(sizes)}", "export the mask on the image's own grid", Names(sizes));
        if (spacings.Count > 0)
            problems.Add(FindingKind.SpacingDiffers, $"{Masks(spacings)} not the image's spacing: {List(spacings)}",
                "copy the image's header to the mask if its voxels are right, else resample the mask by nearest neighbour", Names(spacings));
        if (places.Count > 0)
            problems.Warn(FindingKind.PlacementDiffers, $"{Masks(places)} another place or orientation than the image: {List(places)}",
                "voxels are taken as they lie in the files: look at one such case, and reorient the mask or copy the image's header to it", Names(places));
    }

    private static string Masks(List<(string, string)> of) => $"{DatasetException.Count(of.Count, "mask")} {(of.Count == 1 ? "has" : "have")}";

    private static string List(List<(string Name, string What)> of) => DatasetException.List([.. of.Select(one => $"{one.Name} ({one.What})")]);

    private static string[] Names(List<(string Name, string)> of) => [.. of.Select(one => one.Name)];
}
