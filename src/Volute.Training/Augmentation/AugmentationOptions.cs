namespace Volute.Training;

/// <summary>
/// How samples are varied while a network trains. All geometric changes are composed into one map and sampled once (images linearly, masks by the
/// nearest pixel, mirrored outside); then the image's intensities change. Amounts of intensity are in units of the dataset's standard deviation.
/// </summary>
public sealed partial record AugmentationOptions
{
    /// <summary>The probability that left and right are exchanged.</summary>
    public double FlipWidth { get; init; }

    /// <summary>The probability that top and bottom are exchanged.</summary>
    public double FlipHeight { get; init; }

    /// <summary>The probability that the first and the last slice of a volume are exchanged.</summary>
    public double FlipDepth { get; init; }

    /// <summary>Rotation in the plane of a slice, in degrees, counter-clockwise.</summary>
    public Chance Rotation { get; init; }

    /// <summary>
    /// Rotation of a volume about its row and its column axis, in degrees, an angle each: for voxels about as deep as they are wide. With the
    /// probability of <see cref="Rotation"/>, a volume is turned about all three axes or about none.
    /// </summary>
    public Chance Tilt { get; init; }

    /// <summary>
    /// Magnification: 2 shows half of each axis twice as large. Drawn uniformly in its logarithm, so that 0.5 and 2 are equally likely.
    /// </summary>
    public Chance Scale { get; init; }

    /// <summary>Shift of the picture's content along each axis, as a share of the axis: 0.1 of 28 pixels is 2.8.</summary>
    public Chance Shift { get; init; }

    /// <summary>
    /// Elastic deformation: displacements of <see cref="ElasticGrid"/> points an axis, normal with this standard deviation in pixels (along the depth
    /// of a flat volume less, in proportion), interpolated bicubically. Ronneberger, Fischer, Brox: U-Net (2015), section 3.1: a 3 × 3 grid,
    /// 10 pixels.
    /// </summary>
    public Chance Elastic { get; init; }

    /// <summary>Points of the elastic grid along each axis, at least 2.</summary>
    public int ElasticGrid { get; init; } = 3;

    /// <summary>
    /// Whether scale, elastic deformation and low resolution leave the depth of a volume as it is: where slices lie so far apart that numbers between
    /// them would be invented.
    /// </summary>
    public bool InPlane { get; init; }

    /// <summary>
    /// Whether each channel draws amounts of its own, and of <see cref="Blur"/> and <see cref="LowResolution"/> each channel takes part with
    /// probability ½, as in nnU-Net; else all channels change alike.
    /// </summary>
    public bool PerChannel { get; init; }

    /// <summary>
    /// Whether <see cref="Contrast"/> keeps values between the channel's smallest and largest, and gamma keeps its mean and deviation, as in nnU-Net.
    /// </summary>
    public bool KeepStatistics { get; init; }

    /// <summary>The standard deviation of a Gaussian blur, in pixels.</summary>
    public Chance Blur { get; init; }

    /// <summary>The standard deviation of independent Gaussian noise, in the dataset's standard deviations.</summary>
    public Chance Noise { get; init; }

    /// <summary>The variance of independent Gaussian noise, in squares of the dataset's standard deviations.</summary>
    public Chance NoiseVariance { get; init; }

    /// <summary>Added to every value, in standard deviations.</summary>
    public Chance Brightness { get; init; }

    /// <summary>The factor of every value, as often below 1 as above.</summary>
    public Chance BrightnessFactor { get; init; }

    /// <summary>The factor of the distance from the sample's mean, per channel; as often below 1 as above.</summary>
    public Chance Contrast { get; init; }

    /// <summary>
    /// A coarser image: each axis is sampled at this share of its pixels (the nearest ones), and brought back to its size linearly.
    /// </summary>
    public Chance LowResolution { get; init; }

    /// <summary><see cref="Gamma"/> of the negative: x ← max − (max − min)·((max − x)/(max − min))^γ.</summary>
    public Chance InvertedGamma { get; init; }

    /// <summary>
    /// γ of x ← min + (max − min)·((x − min)/(max − min))^γ with the channel's smallest and largest value; as often below 1 as above.
    /// </summary>
    public Chance Gamma { get; init; }

    internal bool IsGeometric => FlipWidth > 0 || FlipHeight > 0 || FlipDepth > 0 || Rotation.IsPossible || Tilt.IsPossible || Scale.IsPossible
        || Shift.IsPossible || Elastic.IsPossible;

    /// <summary>Checks every probability and range.</summary>
    /// <exception cref="InvalidArgumentException">One is outside its rule; the message names it.</exception>
    internal void Check()
    {
        new Chance(FlipWidth, 0, 0).Check(nameof(FlipWidth), 0, 0);
        new Chance(FlipHeight, 0, 0).Check(nameof(FlipHeight), 0, 0);
        new Chance(FlipDepth, 0, 0).Check(nameof(FlipDepth), 0, 0);
        Rotation.Check(nameof(Rotation), -360, 360);
        Tilt.Check(nameof(Tilt), -360, 360);
        Scale.Check(nameof(Scale), 0.01, 100);
        Shift.Check(nameof(Shift), -1, 1);
        Elastic.Check(nameof(Elastic), 0, 1000);
        Blur.Check(nameof(Blur), 0, 100);
        Noise.Check(nameof(Noise), 0, 100);
        NoiseVariance.Check(nameof(NoiseVariance), 0, 10_000);
        Brightness.Check(nameof(Brightness), -100, 100);
        BrightnessFactor.Check(nameof(BrightnessFactor), 0, 100);
        Contrast.Check(nameof(Contrast), 0, 100);
        LowResolution.Check(nameof(LowResolution), 0.01, 1);
        InvertedGamma.Check(nameof(InvertedGamma), 0.01, 100);
        Gamma.Check(nameof(Gamma), 0.01, 100);
        if (ElasticGrid is < 2 or > 64)
            throw new InvalidArgumentException($"{nameof(ElasticGrid)} must be 2 to 64 points an axis, got {ElasticGrid}");
    }
}
