using Volute.Formats;

namespace Volute.Training;

/// <summary>A sample with the network that it judges.</summary>
internal readonly record struct JudgedSample(Predictor Predictor, Dataset Data, int Index)
{
    /// <summary>What reports call it.</summary>
    public string Name => Data.NameOf(Index);

    /// <summary>Whether it is too large to be in memory.</summary>
    public bool IsLarge => Data.IsLarge(Index);

    /// <summary>The sample, read now.</summary>
    public Sample Sample => Data[Index];

    /// <summary>The sample, to be read by windows.</summary>
    public WindowedSample Windows => Data.Look(Index);

    /// <summary>What the sample belongs to (patient, place, film), where that is known.</summary>
    public string? Group => Data.GroupOf(Index);

    /// <summary>Where a raster lies; null for what lies nowhere.</summary>
    public RasterPlace? Place => Data.PlaceOf(Index);

    /// <summary>What is predicted for the sample.</summary>
    public SegmentedImage Segment(Sample sample, bool probabilities = true) => Predictor.Segment(sample, probabilities);
}
