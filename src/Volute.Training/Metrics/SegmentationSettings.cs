namespace Volute.Training;

/// <summary>What is measured of segmentations beyond counting pixels. Each needs the place of the pixels, <see cref="PixelGrid"/>, but calibration, which needs probabilities.</summary>
[Flags]
public enum SegmentationMeasures
{
    /// <summary>Only what counting pixels gives.</summary>
    None = 0,

    /// <summary>HD95, HD, ASSD and NSD.</summary>
    Surfaces = 1,

    /// <summary>F1, precision and recall of objects.</summary>
    Objects = 2,

    /// <summary>V_Rand, V_Info, Rand and warping error of pictures of two classes.</summary>
    Partitions = 4,

    /// <summary>Expected calibration error and temperature.</summary>
    Calibration = 8,

    /// <summary>Everything.</summary>
    All = Surfaces | Objects | Partitions | Calibration,
}

/// <summary>What all measurements of an evaluation share.</summary>
/// <param name="Classes">The names of the classes.</param>
/// <param name="Foreground">The classes that means are over.</param>
/// <param name="Background">The class that is left out, or null.</param>
/// <param name="Ignore">The label of pixels that are not labelled, or null.</param>
/// <param name="Positive">The class that probabilities are of.</param>
/// <param name="DistanceUnit">What spacing is measured in.</param>
internal sealed record SegmentationSettings(string[] Classes, int[] Foreground, int? Background, int? Ignore, int Positive, string DistanceUnit)
{
    /// <summary>The τ of NSD: 2 px, or 1 of another unit.</summary>
    public double Tolerance => DistanceUnit == "px" ? 2 : 1;
}
