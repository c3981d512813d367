namespace Volute.Training;

/// <summary>What is measured of one case.</summary>
internal readonly ref struct CaseMaps
{
    /// <summary>The predicted class of each pixel.</summary>
    public required ReadOnlySpan<int> Predictions { get; init; }

    /// <summary>The reference class of each pixel.</summary>
    public required ReadOnlySpan<int> Labels { get; init; }

    /// <summary>The probability of the class looked for, or nothing.</summary>
    public ReadOnlySpan<float> Probabilities { get; init; }

    /// <summary>Where the pixels lie; null where that is not known.</summary>
    public PixelGrid? Grid { get; init; }
}

/// <summary>
/// Metrics that are computed together. Each case is measured when it comes, and only its numbers are kept; scores are then computed for cases
/// counted any number of times, which is what the bootstrap asks for.
/// </summary>
internal interface IMetricGroup
{
    /// <summary>The metrics, with definitions for the cases so far; none where no case could be measured.</summary>
    IReadOnlyList<Metric> Metrics { get; }

    /// <summary>Those of them that each class has too.</summary>
    IReadOnlyList<Metric> ClassMetrics { get; }

    /// <summary>The scores of cases counted <paramref name="weights"/> times: of all, then for each class those of <see cref="ClassMetrics"/>.</summary>
    void Compute(ReadOnlySpan<int> weights, Span<double> metrics, Span<double> classMetrics);

    /// <summary>Writes the scores of class <paramref name="c"/> into its row.</summary>
    ClassScore Describe(ClassScore score, int c);
}

/// <summary>Metrics that look at more than counts of pixels.</summary>
internal interface IMeasuredGroup : IMetricGroup
{
    /// <summary>Measures the next case.</summary>
    void Add(in CaseMaps maps);

    /// <summary>Writes the numbers of case <paramref name="index"/> into its row.</summary>
    CaseScore Describe(CaseScore score, int index);
}
