namespace Volute.Training;

/// <summary>A change that happens with a probability, by an amount drawn uniformly from a range.</summary>
/// <param name="Probability">0 (never) to 1 (always).</param>
/// <param name="Min">The smallest amount.</param>
/// <param name="Max">The largest amount.</param>
public readonly record struct Chance(double Probability, double Min, double Max)
{
    /// <summary>Whether it can happen at all.</summary>
    public bool IsPossible => Probability > 0;

    /// <summary>Draws whether it happens, and by how much.</summary>
    internal bool Draw(ref SeededRandom random, out double amount)
    {
        bool happens = random.Happens(Probability);
        amount = happens ? random.Uniform(Min, Max) : 0;
        return happens;
    }

    /// <summary>Checks the probability and that the range lies within <paramref name="lowest"/>..<paramref name="highest"/>.</summary>
    internal void Check(string name, double lowest, double highest)
    {
        if (!(Probability is >= 0 and <= 1))
            throw new InvalidArgumentException($"the probability of {name} must be 0 to 1, got {Probability}");
        if (IsPossible && !(Min >= lowest && Max <= highest && Min <= Max))
            throw new InvalidArgumentException(
                $"the range of {name} must lie within {lowest} to {highest}, its smaller end first; got {Min} to {Max}");
    }
}

/// <summary>
/// How samples are varied while a network trains. All geometric changes are composed into one map and sampled once (images linearly, masks by the
/// nearest pixel, mirrored outside); then the image's intensities change. Amounts of intensity are in units of the dataset's standard deviation.
/// </summary>
public sealed record AugmentationOptions
{
    /// <summary>The probability that left and right are exchanged.</summary>
    public double FlipWidth { get; init; }

    /// <summary>The probability that top and bottom are exchanged.</summary>
    public double FlipHeight { get; init; }

    /// <summary>The probability that the first and the last slice of a volume are exchanged.</summary>
    public double FlipDepth { get; init; }

    /// <summary>Rotation in the plane of a slice, in degrees, counter-clockwise.</summary>
    public Chance Rotation { get; init; }

    /// <summary>Rotation of a volume about its row and column axes, in degrees: for voxels about as deep as they are wide.</summary>
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

    /// <summary>Added to every value, in standard deviations.</summary>
    public Chance Brightness { get; init; }

    /// <summary>The factor of the distance from the sample's mean, per channel.</summary>
    public Chance Contrast { get; init; }

    /// <summary>The exponent of the values, scaled to 0..1 for it by the sample's smallest and largest, per channel.</summary>
    public Chance Gamma { get; init; }

    /// <summary>The standard deviation of independent Gaussian noise, in the dataset's standard deviations.</summary>
    public Chance Noise { get; init; }

    /// <summary>The standard deviation of a Gaussian blur, in pixels.</summary>
    public Chance Blur { get; init; }

    /// <summary>Samples as they are.</summary>
    public static AugmentationOptions None { get; } = new();

    /// <summary>For written signs: small rotations, shifts and scales; no flips, since a mirrored digit is none.</summary>
    public static AugmentationOptions Digits { get; } = new()
    {
        Rotation = new(0.8, -12, 12),
        Scale = new(0.8, 0.88, 1.14),
        Shift = new(0.8, -0.08, 0.08),
        Elastic = new(0.3, 0.3, 0.8),
        ElasticGrid = 4,
    };

    /// <summary>
    /// For microscopy, slices and aerial pictures, where no direction is special: flips, any rotation, scale, elastic deformation and intensities.
    /// </summary>
    public static AugmentationOptions Segmentation { get; } = new()
    {
        FlipWidth = 0.5,
        FlipHeight = 0.5,
        FlipDepth = 0.5,
        Rotation = new(0.5, -180, 180),
        Scale = new(0.3, 0.7, 1.4),
        Elastic = new(0.3, 2, 10),
        Brightness = new(0.2, -0.3, 0.3),
        Contrast = new(0.2, 0.75, 1.25),
        Gamma = new(0.2, 0.7, 1.5),
        Noise = new(0.15, 0, 0.2),
        Blur = new(0.15, 0.5, 1),
    };

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
        Brightness.Check(nameof(Brightness), -100, 100);
        Contrast.Check(nameof(Contrast), 0, 100);
        Gamma.Check(nameof(Gamma), 0.01, 100);
        Noise.Check(nameof(Noise), 0, 100);
        Blur.Check(nameof(Blur), 0, 100);
        if (ElasticGrid is < 2 or > 64)
            throw new InvalidArgumentException($"{nameof(ElasticGrid)} must be 2 to 64 points an axis, got {ElasticGrid}");
    }
}
