namespace Volute.Training;

/// <summary>What is written beside the predicted mask of a raster.</summary>
public sealed record RasterOutputs
{
    /// <summary>A raster with a band for each class's probability, x-probabilities.tif; null for none.</summary>
    public ProbabilityNumbers? Probabilities { get; init; }

    /// <summary>Whether to write the outlines of all connected regions, x.geojson.</summary>
    public bool Polygons { get; init; }
}

/// <summary>How a probability p is written.</summary>
public enum ProbabilityNumbers
{
    /// <summary>p as a 32-bit floating-point number, NaN where the raster holds nothing.</summary>
    Float32,

    /// <summary>round(254 p) as a byte, 255 where the raster holds nothing.</summary>
    UInt8,
}
