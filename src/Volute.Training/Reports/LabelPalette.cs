using Volute.Formats;

namespace Volute.Training;

/// <summary>
/// The colour of each class in masks, overlays and tables: 0 is black (the background), then seven colours that people with any colour vision
/// tell apart (Okabe and Ito, 2008), then hues turned by the golden angle in three brightnesses.
/// </summary>
public static class LabelPalette
{
    private static readonly PaletteColor[] first =
    [
        new(0, 0, 0), new(230, 159, 0), new(86, 180, 233), new(0, 158, 115), new(240, 228, 66), new(0, 114, 178), new(213, 94, 0), new(204, 121, 167),
    ];

    /// <summary>The colour of class <paramref name="label"/>; a negative label, which is no class, is gray.</summary>
    public static PaletteColor Of(int label)
    {
        if (label < 0)
            return Ignored;
        if (label < first.Length)
            return first[label];
        int k = label - first.Length;
        // After 144 classes the hues nearly come round again, hence the slow dimming (which stays within the screen's range for any class).
        double lightness = (k % 3) switch { 0 => 0.62, 1 => 0.80, _ => 0.45 } - 0.0004 * (k % 500);
        return FromOklch(lightness, chroma: 0.06 + 0.05 * (k / 3 % 3), hue: k * GoldenAngle);
    }

    /// <summary>The colours of classes 0 to <paramref name="count"/> − 1, as a palette picture wants them.</summary>
    public static IReadOnlyList<PaletteColor> Colors(int count) => [.. Enumerable.Range(0, count).Select(Of)];

    /// <summary>The colour of pixels that are not labelled.</summary>
    public static PaletteColor Ignored => new(128, 128, 128);

    private const double GoldenAngle = 2.399963229728653;

    /// <summary>OKLCH to sRGB (Ottosson, 2020), clipped to the colours that a screen has.</summary>
    private static PaletteColor FromOklch(double lightness, double chroma, double hue)
    {
        double a = chroma * Math.Cos(hue), b = chroma * Math.Sin(hue);
        double l = Cube(lightness + 0.3963377774 * a + 0.2158037573 * b);
        double m = Cube(lightness - 0.1055613458 * a - 0.0638541728 * b);
        double s = Cube(lightness - 0.0894841775 * a - 1.2914855480 * b);
        return new PaletteColor(
            ToByte(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
            ToByte(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
            ToByte(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s));
    }

    private static double Cube(double x) => x * x * x;

    private static byte ToByte(double linear)
    {
        double x = Math.Clamp(linear, 0, 1);
        return (byte)Math.Round(255 * (x <= 0.0031308 ? 12.92 * x : 1.055 * Math.Pow(x, 1 / 2.4) - 0.055));
    }
}
