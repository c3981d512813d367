namespace Volute.Training;

/// <summary>What is written beside the predicted mask of a raster or a volume.</summary>
public sealed record PredictionOutputs
{
    /// <summary>A raster with a band for the probability of each class or region, x-probabilities.tif, or a volume with a frame for each, x-probabilities.nii.gz; null for none.</summary>
    public ProbabilityNumbers? Probabilities { get; init; }

    /// <summary>Whether to write the outlines of all connected regions of a raster, x.geojson.</summary>
    public bool Polygons { get; init; }

    /// <summary>The file of probabilities beside a mask, null where none is wanted.</summary>
    internal string? ProbabilitiesBeside(string mask) => Probabilities == null ? null : Path.ChangeExtension(mask, null) + "-probabilities.tif";

    /// <summary>The file of polygons beside a mask, null where none is wanted.</summary>
    internal string? PolygonsBeside(string mask) => Polygons ? Path.ChangeExtension(mask, ".geojson") : null;

    /// <summary>All files that are written beside a mask.</summary>
    internal IEnumerable<string> FilesBeside(string mask) => ((string?[])[ProbabilitiesBeside(mask), PolygonsBeside(mask)]).OfType<string>();
}

/// <summary>How a probability p is written.</summary>
public enum ProbabilityNumbers
{
    /// <summary>p as a 32-bit floating-point number, NaN where the raster holds nothing.</summary>
    Float32,

    /// <summary>A byte: of a raster round(254 p), 255 where it holds nothing; of a volume round(255 p), with the slope that makes p of it.</summary>
    UInt8,
}
