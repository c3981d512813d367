namespace Volute.Formats;

/// <summary>What a raster is: its size, its bands, where it lies, and in which blocks its file stores it.</summary>
/// <param name="Width">Pixels of a row, ≥ 1.</param>
/// <param name="Height">Rows, ≥ 1.</param>
/// <param name="Bands">Its layers, at least one.</param>
public sealed record RasterLayout(int Width, int Height, IReadOnlyList<RasterBand> Bands)
{
    /// <summary>Where it lies on the ground.</summary>
    public RasterPlace Place { get; init; } = RasterPlace.None;

    /// <summary>Pixels of a row of one block: what is read and unpacked at once.</summary>
    public int BlockWidth { get; init; }

    /// <summary>Rows of one block.</summary>
    public int BlockHeight { get; init; }

    /// <summary>One value for each band: a pixel is missing where every band has its own. Null where none are set aside, or each band's <see cref="RasterBand.NoData"/> says it.</summary>
    public IReadOnlyList<double>? NoDataValues { get; init; }

    /// <summary>How a photograph is to be shown (EXIF): what its first row and first column are, 1 for top and left.</summary>
    public Orientation Orientation { get; init; } = Orientation.TopLeft;
}

/// <summary>One layer of a raster.</summary>
/// <param name="Type">What its numbers are.</param>
public sealed record RasterBand(NumberType Type)
{
    /// <summary>The value of pixels that were not observed, null where none is set aside.</summary>
    public double? NoData { get; init; }

    /// <summary>What the band shows.</summary>
    public BandColor Color { get; init; }

    /// <summary>The colours that a <see cref="BandColor.Palette"/> band's values stand for, else null.</summary>
    public IReadOnlyList<PaletteColor>? Palette { get; init; }

    /// <summary>Whether pixels may be missing: by <see cref="NoData"/>, by opacity 0 or by a mask in the file.</summary>
    public bool HasMissing { get; init; }
}

/// <summary>What a band shows.</summary>
public enum BandColor
{
    /// <summary>Nothing that is said.</summary>
    Undefined,

    /// <summary>Brightness.</summary>
    Gray,

    /// <summary>Numbers of colours.</summary>
    Palette,

    /// <summary>Red.</summary>
    Red,

    /// <summary>Green.</summary>
    Green,

    /// <summary>Blue.</summary>
    Blue,

    /// <summary>Opacity, 0 for what is not there.</summary>
    Alpha,
}

/// <summary>Pixels [X, X + Width) of rows [Y, Y + Height).</summary>
public readonly record struct RasterWindow(int X, int Y, int Width, int Height)
{
    /// <summary>Width · Height.</summary>
    public long Pixels => (long)Width * Height;

    /// <summary>Says where it is: "pixels 0 to 9 of rows 5 to 7".</summary>
    public override string ToString() => $"pixels {X} to {(long)X + Width - 1} of rows {Y} to {(long)Y + Height - 1}";

    /// <summary>Whether it is not empty and lies in a raster of the given size.</summary>
    public bool IsInside(int width, int height)
        => X >= 0 && Y >= 0 && Width > 0 && Height > 0 && X <= width - Width && Y <= height - Height;
}
