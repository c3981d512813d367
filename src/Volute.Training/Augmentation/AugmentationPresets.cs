namespace Volute.Training;

/// <content>Options that suit kinds of images, by name.</content>
public sealed partial record AugmentationOptions
{
    // nnU-Net's thresholds: from here on a picture is too long to be turned freely, and a volume's slices are too far apart to be mixed.
    private const double LongPicture = 1.5, FlatVolume = 3;

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

    /// <summary>For colour pictures of things that stand upright: mirrored left to right, moved by up to an eighth of their size.</summary>
    public static AugmentationOptions Photographs { get; } = new() { FlipWidth = 0.5, Shift = new(1, -0.125, 0.125) };

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

    /// <summary>
    /// nnU-Net's augmentation (version 2; Isensee et al., 2021, supplementary note 4) for patches of one size. Pictures are turned by up to 180°, or 15°
    /// where one side is more than 1.5 times the other; volumes by up to 30° about each axis; volumes whose longest side is more than 3 times their
    /// depth by up to 180° in their planes, and nothing is mixed between slices.
    /// </summary>
    /// <param name="patch">[H, W] or [D, H, W].</param>
    /// <exception cref="InvalidArgumentException">Not two or three sizes.</exception>
    public static AugmentationOptions NnUNet(IReadOnlyList<int> patch) => Turned(patch, 0.2) with
    {
        FlipWidth = 0.5,
        FlipHeight = 0.5,
        FlipDepth = 0.5,
        Scale = new(0.2, 0.7, 1.4),
        NoiseVariance = new(0.1, 0, 0.1),
        Blur = new(0.2, 0.5, 1),
        BrightnessFactor = new(0.15, 0.75, 1.25),
        Contrast = new(0.15, 0.75, 1.25),
        LowResolution = new(0.25, 0.5, 1),
        InvertedGamma = new(0.1, 0.7, 1.5),
        Gamma = new(0.3, 0.7, 1.5),
        PerChannel = true,
        KeepStatistics = true,
    };

    /// <summary>The options that a recipe names, for patches of one size.</summary>
    /// <param name="name">
    /// "none"; "digits"; "photographs"; "segmentation": <see cref="Segmentation"/>, of volumes turned as in <see cref="NnUNet"/>; "segmentation-rigid": the same without
    /// elastic deformation; or "nnunet".
    /// </param>
    /// <param name="patch">[H, W] or [D, H, W].</param>
    /// <exception cref="InvalidArgumentException">No such name, or not two or three sizes.</exception>
    public static AugmentationOptions Named(string name, IReadOnlyList<int> patch)
    {
        ArgumentNullException.ThrowIfNull(patch);
        AugmentationOptions turned = Turned(patch, Segmentation.Rotation.Probability);
        AugmentationOptions segmentation = patch.Count == 2 ? Segmentation : Segmentation with { Rotation = turned.Rotation, Tilt = turned.Tilt, InPlane = turned.InPlane };
        return name switch
        {
            "none" => None,
            "digits" => Digits,
            "photographs" => Photographs,
            "segmentation" => segmentation,
            "segmentation-rigid" => segmentation with { Elastic = default },
            "nnunet" => NnUNet(patch),
            _ => throw new InvalidArgumentException($"augmentation '{name}' is not known; known are none, digits, photographs, segmentation, segmentation-rigid and nnunet"),
        };
    }

    /// <summary>How far samples of one size may be turned.</summary>
    private static AugmentationOptions Turned(IReadOnlyList<int> patch, double probability)
    {
        if (patch.Count is < 2 or > 3)
            throw new InvalidArgumentException($"a patch has a size [H, W] or [D, H, W], got [{string.Join(", ", patch)}]");
        if (patch.Count == 2)
        {
            double most = (double)patch.Max() / patch.Min() > LongPicture ? 15 : 180;
            return new() { Rotation = new(probability, -most, most) };
        }
        return patch.Max() > FlatVolume * patch[0]
            ? new() { Rotation = new(probability, -180, 180), InPlane = true }
            : new() { Rotation = new(probability, -30, 30), Tilt = new(probability, -30, 30) };
    }
}
