using Volute.Formats;

namespace Volute.Training;

/// <summary>What is to be learned.</summary>
public enum DatasetTask
{
    /// <summary>One class for each image.</summary>
    Classification,

    /// <summary>One class for each pixel.</summary>
    Segmentation,
}

/// <summary>How a dataset is opened.</summary>
public sealed record DatasetOptions
{
    /// <summary>
    /// The bytes of decoded files that are kept in memory; what does not fit is read again each time. 1 GiB unless said otherwise. GeoTIFF and JPEG 2000 rasters
    /// that would fill more than a quarter of it, or hold more than 16,777,216 values, are read by windows.
    /// </summary>
    public long CacheBytes { get; init; } = 1L << 30;

    /// <summary>The classes and their order where a trained network has fixed them; null takes them from the data.</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>The meaning of mask values where a trained network has fixed it; null takes it from the data.</summary>
    public LabelMap? Labels { get; init; }
}

/// <summary>Labelled images, read when they are asked for.</summary>
public abstract class Dataset
{
    private readonly Lazy<Standardization> standardization;

    private protected Dataset() => standardization = new(Measure);

    /// <summary>What is to be learned.</summary>
    public abstract DatasetTask Task { get; }

    /// <summary>How many samples there are.</summary>
    public abstract int Count { get; }

    /// <summary>The name of each class; a label is an index into it.</summary>
    public abstract IReadOnlyList<string> Classes { get; }

    /// <summary>Channels of every image.</summary>
    public abstract int Channels { get; }

    /// <summary>
    /// Sample <paramref name="index"/>, read now or taken from the cache; from any thread. The arrays are the caller's own. 8-bit images are
    /// divided by 255, 16-bit ones by 65535; volumes keep their values. Not standardized.
    /// </summary>
    /// <exception cref="InvalidArgumentException">The index is not 0..Count−1.</exception>
    /// <exception cref="VoluteException">The file is gone or damaged.</exception>
    public Sample this[int index] => Read(Checked(index));

    /// <summary>In words: what was recognized, how many samples of what size, and what mask values mean.</summary>
    public abstract string Describe();

    /// <summary>
    /// The samples set apart for the final evaluation, where the data have some; their standardization is that of the training samples.
    /// </summary>
    public Dataset? Test { get; private protected set; }

    /// <summary>Mean and deviation of each channel over all samples, measured once; a <see cref="Loader"/> applies it.</summary>
    public Standardization Standardization => standardization.Value;

    /// <summary>What the values of masks mean; null for a classification.</summary>
    public virtual LabelMap? Labels => null;

    /// <summary>
    /// For each sample the group (patient, place, film) that a split must not tear apart: as groups.csv beside the images says, else as names
    /// show where all of them are like patient01_slice03; null without any.
    /// </summary>
    public virtual IReadOnlyList<string>? Groups => null;

    /// <summary>The splits that the data themselves prescribe (nnU-Net's splits_final.json), a fold each; null without any.</summary>
    public virtual IReadOnlyList<DatasetSplit>? Splits => null;

    /// <summary>
    /// Regions of several labels that dataset.json asks for; null without any. The classes are then the single labels that regions consist of.
    /// </summary>
    public virtual IReadOnlyList<LabelRegion>? Regions => null;

    /// <summary>What dataset.json calls each channel, "CT" for instance; null where nothing names them.</summary>
    public virtual IReadOnlyList<string>? ChannelNames => null;

    /// <summary>What was found when the data were opened and does not hinder training.</summary>
    public IReadOnlyList<Finding> Warnings { get; internal set; } = [];

    /// <summary>What sample <paramref name="index"/> is called, without reading it.</summary>
    public abstract string NameOf(int index);

    /// <summary>The class of sample <paramref name="index"/> of a classification, without reading it; −1 for a segmentation.</summary>
    public virtual int ClassOf(int index) => -1;

    /// <summary>Recognizes the data at <paramref name="path"/> by their layout and opens them.</summary>
    /// <param name="path">
    /// A folder of IDX files, CIFAR binaries, <c>images/</c> with <c>masks/</c> (or imagesTr with labelsTr, and other names), <c>x</c> beside
    /// <c>x_mask</c>, or one subfolder for each class; or a CIFAR file.
    /// </param>
    /// <param name="options">Memory, and classes that are already fixed.</param>
    /// <exception cref="DatasetException">Nothing is there, nothing is recognized, or files do not fit together: all of it in one error.</exception>
    /// <exception cref="FileFormatException">A file is damaged.</exception>
    public static Dataset Open(string path, DatasetOptions? options = null) => DatasetLayouts.Open(path, options ?? new());

    /// <summary>A dataset of samples that are already in memory; they are copied when read.</summary>
    /// <param name="samples">All with the same number of channels; all classified or all with masks.</param>
    /// <param name="classes">The name of each class.</param>
    /// <param name="test">Samples set apart for <see cref="Test"/>; null without any.</param>
    public static Dataset Of(IReadOnlyList<Sample> samples, IReadOnlyList<string> classes, IReadOnlyList<Sample>? test = null) => new MemoryDataset(samples, classes, test);

    /// <summary>Divides the samples into those to train on and those to validate with: shuffled by the seed, each class in proportion.</summary>
    /// <param name="fraction">
    /// The share to validate with, 0 to 1; at least one sample on each side where there are two and the share is above 0.
    /// </param>
    /// <param name="seed">The same seed gives the same split.</param>
    /// <param name="groups">
    /// For each sample the group (patient, place, film) that must not be torn apart; null takes <see cref="Groups"/>; without those each sample
    /// stands alone. Samples of the same pixels always stay together.
    /// </param>
    /// <exception cref="InvalidArgumentException">A share outside 0..1, or not one group for each sample.</exception>
    public DatasetSplit Split(double fraction, ulong seed, IReadOnlyList<string>? groups = null)
        => DatasetSplit.Random(this, fraction, seed, groups ?? Groups);

    /// <summary>
    /// Holds out the last samples in the order of their names. For the slices of one stack or the frames of one film: neighbours are nearly
    /// equal, so that a shuffled split would test what it has trained on.
    /// </summary>
    /// <param name="fraction">The share to validate with, 0 to 1.</param>
    /// <exception cref="InvalidArgumentException">A share outside 0..1.</exception>
    public DatasetSplit SplitContiguous(double fraction) => DatasetSplit.Contiguous(this, fraction);

    /// <summary>
    /// Fold <paramref name="fold"/> of a cross-validation: each sample is validated with in exactly one fold. Where the data prescribe
    /// <see cref="Splits"/>, these are the folds.
    /// </summary>
    /// <param name="fold">Which one, from 0.</param>
    /// <param name="folds">How many folds the samples are divided into, where the data prescribe none.</param>
    /// <param name="seed">The same seed gives the same folds.</param>
    /// <param name="groups">As in <see cref="Split"/>.</param>
    /// <exception cref="InvalidArgumentException">No such fold, or fewer samples or groups than folds.</exception>
    public DatasetSplit Fold(int fold, int folds = 5, ulong seed = 0, IReadOnlyList<string>? groups = null)
    {
        if (Splits is not { } prescribed)
            return DatasetSplit.OfFold(this, fold, folds, seed, groups ?? Groups);
        DatasetSplit.CheckFold(fold, prescribed.Count);
        return prescribed[fold];
    }

    /// <summary>
    /// Fold <paramref name="fold"/> of a cross-validation whose folds are neighbours in the order of their names, as in <see cref="SplitContiguous"/>.
    /// </summary>
    /// <param name="fold">Which one, from 0.</param>
    /// <param name="folds">How many folds the samples are divided into.</param>
    /// <exception cref="InvalidArgumentException">No such fold, or fewer samples than folds.</exception>
    public DatasetSplit FoldContiguous(int fold, int folds = 5) => DatasetSplit.OfContiguousFold(this, fold, folds);

    /// <summary>What was recognized, in a few words.</summary>
    internal virtual string Layout => "samples in memory";

    /// <summary>Where the raster of a sample lies, without reading it; null for what is none.</summary>
    internal virtual RasterPlace? PlaceOf(int index) => null;

    /// <summary>The same for samples of the same pixels; null where that is not known.</summary>
    internal virtual string? ContentOf(int index) => null;

    /// <summary>The files behind the samples; null where there is not one or more for each.</summary>
    internal virtual ImageFiles? Images => null;

    /// <summary>The groups of training and test samples; null without any.</summary>
    internal virtual SampleGroups? AllGroups => null;

    /// <summary>The group of sample <paramref name="index"/>, a test sample's too; null where none is known.</summary>
    internal virtual string? GroupOf(int index) => Groups?[index];

    /// <summary>The files of the masks; null without any.</summary>
    internal virtual MaskFiles? Masks => null;

    /// <summary>The bytes that may be kept of samples.</summary>
    internal virtual long CacheBytes => new DatasetOptions().CacheBytes;

    /// <summary>As <see cref="this[int]"/>, for who only reads: the arrays may be the dataset's own.</summary>
    internal virtual Sample Borrow(int index) => this[index];

    /// <summary>Sample <paramref name="index"/> to be read by windows.</summary>
    internal virtual WindowedSample Look(int index) => new WholeSample(Borrow(index));

    /// <summary>[C, H, W] or [C, D, H, W] of sample <paramref name="index"/>.</summary>
    internal virtual int[] ShapeOf(int index) => Borrow(index).ImageShape;

    /// <summary>Whether sample <paramref name="index"/> is too large to be in memory.</summary>
    internal virtual bool IsLarge(int index) => false;

    /// <summary>Reads sample <paramref name="index"/>, which is inside.</summary>
    private protected abstract Sample Read(int index);

    /// <summary>Measures the channels over all samples.</summary>
    private protected abstract Standardization Measure();

    private protected int Checked(int index)
        => (uint)index < (uint)Count ? index : throw new InvalidArgumentException($"sample {index} is outside of 0..{Count - 1}");
}
