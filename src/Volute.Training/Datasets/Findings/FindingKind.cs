namespace Volute.Training;

/// <summary>The kinds of things that are found in datasets.</summary>
public enum FindingKind
{
    /// <summary>Nothing that is known, or something that is missing beside what is there.</summary>
    Layout,

    /// <summary>Images without masks, masks without images, cases without one of their channels.</summary>
    UnmatchedFiles,

    /// <summary>Two files of one name that differ in their extensions.</summary>
    AmbiguousName,

    /// <summary>Masks whose values JPEG has changed.</summary>
    JpegMask,

    /// <summary>A file that is not what its format demands.</summary>
    DamagedFile,

    /// <summary>A file of a format that is not read here.</summary>
    ForeignFormat,

    /// <summary>A mask of another size than its image, or channels of different sizes.</summary>
    SizeDiffers,

    /// <summary>Images of different numbers of channels.</summary>
    ChannelsDiffer,

    /// <summary>Pictures and volumes in one dataset.</summary>
    DimensionsDiffer,

    /// <summary>A mask whose voxels are of another size than those of its image.</summary>
    SpacingDiffers,

    /// <summary>A mask that lies elsewhere than its image, or is turned.</summary>
    PlacementDiffers,

    /// <summary>Masks whose edges lie aside of those of their pictures, in all of them alike.</summary>
    ShiftedMasks,

    /// <summary>Values of masks that no class has.</summary>
    UnknownLabel,

    /// <summary>Label values that are not 0, 1, 2, …</summary>
    LabelGap,

    /// <summary>Masks with values between those of classes.</summary>
    NonIntegerLabel,

    /// <summary>Masks with more values than there can be classes, or of kinds that do not go together.</summary>
    NoClasses,

    /// <summary>Masks that hold one value only.</summary>
    SingleValueMask,

    /// <summary>Images with NaN or infinities.</summary>
    NotFinite,

    /// <summary>Images of one value.</summary>
    ConstantImage,

    /// <summary>The same pixels under two names.</summary>
    Duplicate,

    /// <summary>The same picture, but for little, under two names that a split may separate.</summary>
    NearDuplicate,

    /// <summary>The same picture in training and in what judges it.</summary>
    Leak,

    /// <summary>Samples of one group in training and in what judges it.</summary>
    SplitGroup,

    /// <summary>splits_final.json does not fit the cases.</summary>
    BrokenSplit,

    /// <summary>dataset.json, classes.csv or groups.csv do not fit the files.</summary>
    BrokenDescription,

    /// <summary>A class of few pixels or few cases.</summary>
    RareClass,

    /// <summary>Too few samples to train on and to judge by.</summary>
    TooFewSamples,
}
