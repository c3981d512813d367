using Volute.Formats;

namespace Volute.Training;

/// <summary>Masks, overlays and error maps as pictures.</summary>
public static class LabelPictures
{
    /// <summary>What the colours of <see cref="Errors"/> mean, for legends.</summary>
    public static IReadOnlyList<(PaletteColor Color, string Meaning)> ErrorLegend { get; } =
    [
        (new(0, 158, 115), "hit"), (new(230, 60, 150), "miss"), (new(255, 196, 0), "false alarm"), (new(86, 140, 255), "wrong class"),
    ];

    /// <summary>A palette picture of the classes; pixels of <paramref name="ignore"/> are gray. Up to 255 classes.</summary>
    /// <exception cref="InvalidArgumentException">Not width × height labels, or one that is no class.</exception>
    public static PngImage Mask(ReadOnlySpan<int> labels, int width, int height, int classes, int? ignore = null)
    {
        byte[] indices = new byte[labels.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] != ignore && (uint)labels[i] >= (uint)classes)
                throw new InvalidArgumentException($"label {labels[i]} at index {i} is none of the {classes} classes (0 to {classes - 1})");
            indices[i] = (byte)(labels[i] == ignore ? classes : labels[i]);
        }
        return PngImage.FromIndices(indices, [.. LabelPalette.Colors(classes), LabelPalette.Ignored], width, height);
    }

    /// <summary>The image in gray with each class painted over it; the background (where there is one) is left as it is.</summary>
    /// <exception cref="InvalidArgumentException">Not as many labels as pixels.</exception>
    public static Picture Overlay(Picture image, ReadOnlySpan<int> labels, int? ignore = null, int? background = 0)
    {
        CheckSize(image, labels, "labels");
        byte[] gray = PictureTones.ToGray(image), rgb = new byte[gray.Length * 3];
        for (int i = 0; i < gray.Length; i++)
        {
            double share = labels[i] == ignore ? 0.8 : labels[i] == background ? 0 : 0.6;
            Blend(rgb.AsSpan(3 * i, 3), gray[i], labels[i] == ignore ? LabelPalette.Ignored : LabelPalette.Of(labels[i]), share);
        }
        return Picture.FromBytes(rgb, image.Width, image.Height, 3);
    }

    /// <summary>
    /// The image in dark gray with every labelled pixel judged: hit (a class of interest found), miss (one taken for background), false alarm
    /// (background taken for one), wrong class (one taken for another). Without a background every error is a wrong class.
    /// </summary>
    /// <exception cref="InvalidArgumentException">Not as many predictions and labels as pixels.</exception>
    public static Picture Errors(Picture image, ReadOnlySpan<int> predictions, ReadOnlySpan<int> labels, int? ignore = null, int? background = 0)
    {
        CheckSize(image, labels, "labels");
        CheckSize(image, predictions, "predictions");
        byte[] gray = PictureTones.ToGray(image), rgb = new byte[gray.Length * 3];
        for (int i = 0; i < gray.Length; i++)
        {
            int kind = predictions[i] == labels[i] ? 0 : predictions[i] == background ? 1 : labels[i] == background ? 2 : 3;
            bool plain = labels[i] == ignore || kind == 0 && labels[i] == background;
            // Hits are dim, for it is the errors that are looked for.
            Blend(rgb.AsSpan(3 * i, 3), (byte)(gray[i] / 2), ErrorLegend[kind].Color, plain ? 0 : kind == 0 ? 0.35 : 0.95);
        }
        return Picture.FromBytes(rgb, image.Width, image.Height, 3);
    }

    private static void Blend(Span<byte> pixel, byte gray, PaletteColor color, double share)
    {
        pixel[0] = (byte)(gray + share * (color.Red - gray));
        pixel[1] = (byte)(gray + share * (color.Green - gray));
        pixel[2] = (byte)(gray + share * (color.Blue - gray));
    }

    internal static void CheckSize(Picture image, ReadOnlySpan<int> labels, string what)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (labels.Length != image.Width * image.Height)
            throw new InvalidArgumentException($"a picture of {image.Width} x {image.Height} pixels needs {image.Width * image.Height} {what}, got {labels.Length}");
    }
}
