namespace Volute.Training;

/// <summary>The classes that were found in an image.</summary>
/// <param name="Classes">For each pixel, row-major; of regions the class that is written for them.</param>
/// <param name="Probabilities">[classes, …]: the softmax of the scores; or [regions, …]: their sigmoids.</param>
public sealed record SegmentedImage(int[] Classes, float[] Probabilities);

/// <summary>A trained network with all that surrounds it: standardization before, tiles around, classes after.</summary>
public sealed partial class Predictor
{
    // Smaller ones see too little.
    private const int LeastTile = 256;

    private readonly Recipe _recipe;
    private readonly Module _network;
    private readonly PixelScores _meaning;
    private readonly RegionLabels? _regions;
    private readonly INetworkSizes? _sizes; // of a segmentation
    private int _tile; // 0: not chosen yet
    private long? _limit; // that it was chosen for

    /// <summary>Wraps a network that was made by <paramref name="recipe"/>; it is switched to inference.</summary>
    public Predictor(Recipe recipe, Module network)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(network);
        (_recipe, _network, _meaning, _regions) = (recipe, network, PixelScores.Of(recipe), RegionLabels.Of(recipe));
        _sizes = (network is Ensemble several ? several.First : network) switch
        {
            UNet unet => new UNetSizes(unet),
            StagedUNet staged => new StagedUNetSizes(staged),
            _ => recipe.Task == DatasetTask.Segmentation ? new AlignedSizes(NamedNetwork.Find(recipe.Model)?.Divisor ?? 1) : null,
        };
        _network.Eval();
    }

    /// <summary>The recipe.</summary>
    public Recipe Recipe => _recipe;

    /// <summary>Whether what is predicted are clips, each a folder of frames.</summary>
    public bool TakesClips => _recipe.Task == DatasetTask.Classification && _recipe.InputSize.Count == 3;

    /// <summary>How many numbers were learned.</summary>
    internal long ParameterCount => _network.ParameterCount;

    /// <summary>Opens a run and its best weights; of a cross-validation the networks of all folds, whose probabilities are averaged.</summary>
    /// <exception cref="VoluteException">It is no run, or has no weights yet.</exception>
    public static Predictor Open(string run)
    {
        RunFolder folder = RunFolder.OpenToRead(run);
        Recipe recipe = folder.ReadRecipe(RecipeJson.Default.Recipe);
        return new Predictor(recipe, CrossValidation.IsOf(recipe)
            ? new Ensemble([.. CrossValidation.Trained(folder, recipe).Select(fold => OfFold(folder, recipe, fold)._network)], ofRegions: recipe.Regions is not null)
            : Load(folder, recipe));
    }

    /// <summary>The network of one fold, by the recipe of all.</summary>
    internal static Predictor OfFold(RunFolder run, Recipe recipe, int fold) => new(recipe, Load(RunFolder.OpenToRead(CrossValidation.FolderOf(run, fold)), recipe));

    private static Module Load(RunFolder folder, Recipe recipe)
    {
        if (!File.Exists(folder.ModelPath))
            throw new VoluteException($"'{folder.FolderPath}' has no weights yet: it was not trained to the end of an epoch; go on with: volute train {recipe.Data} --resume --out {folder.FolderPath}");
        Module network = recipe.CreateNetwork();
        Checkpoint.Load(folder.ModelPath, network);
        return network;
    }

    /// <summary>The class of every pixel of an image of any size.</summary>
    /// <param name="image">[C, H, W] as <see cref="Sample.Image"/>, not standardized.</param>
    /// <param name="shape">Its sizes.</param>
    /// <param name="progress">Called with tiles done and in all.</param>
    /// <exception cref="ShapeException">Another number of channels than the network was trained on.</exception>
    public SegmentedImage Segment(ReadOnlySpan<float> image, int[] shape, Action<int, int>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return Segment(new Sample("the image", image.ToArray(), shape, [], []), progress: progress);
    }

    /// <summary>The class of every pixel of a sample's image, whose labels do not matter; its spacing and axes do where the network is for volumes.</summary>
    /// <param name="sample">Not standardized.</param>
    /// <param name="probabilities">Whether probabilities are wanted too, which take 4 bytes for each class or region of a pixel.</param>
    /// <param name="progress">Called with tiles done and in all.</param>
    /// <exception cref="ShapeException">Another number of channels or of axes than the network was trained on.</exception>
    public SegmentedImage Segment(Sample sample, bool probabilities = true, Action<int, int>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(sample);
        if (_sizes is not { } sizes)
            throw new InvalidArgumentException($"'{_recipe.Model}' classifies images; it does not segment them");
        int[] shape = sample.ImageShape;
        if (shape.Length - 1 != _recipe.InputSize.Count)
            throw new ShapeException($"the network was trained on {(_recipe.InputSize.Count == 2 ? "pictures [C, H, W]" : "volumes [C, D, H, W]")}, the image is [{string.Join(", ", shape)}]");
        if (_recipe.Preprocessing is not { } preprocessing)
            return Segment(sizes, sample.Image, shape, progress);
        PreparedGrid grid = new(preprocessing, sample);
        float[] seen = Standardized(preprocessing.Image(grid, sample), [shape[0], .. grid.Size]);
        StoredClasses found = new(grid, _meaning, probabilities);
        Tiles(sizes).Predict(seen, [shape[0], .. grid.Size], found.Take, progress);
        _recipe.Postprocessing?.Apply(found.Classes, new PixelGrid(shape.AsSpan(1)), _regions?.Sets);
        return new SegmentedImage(found.Classes, found.Probabilities);
    }

    private SegmentedImage Segment(INetworkSizes sizes, float[] image, int[] shape, Action<int, int>? progress)
    {
        float[] values = Standardized(image, shape);
        var (scores, outputs) = Tiles(sizes).Predict(values, shape, progress);
        int pixels = scores.Length / outputs;
        int[] classes = new int[pixels];
        for (int i = 0; i < pixels; i++)
        {
            classes[i] = _meaning.Class(scores, i, pixels);
            _meaning.Soften(scores, i, pixels);
        }
        return new SegmentedImage(classes, scores);
    }

    /// <summary>The probability of each class for an image; one of another size is brought to the network's.</summary>
    /// <exception cref="ShapeException">Another number of channels than the network was trained on.</exception>
    public float[] Classify(ReadOnlySpan<float> image, int[] shape)
    {
        if (_recipe.Task != DatasetTask.Classification)
            throw new InvalidArgumentException($"'{_recipe.Model}' segments images; it does not classify them");
        if (shape.Length - 1 != _recipe.InputSize.Count)
            throw new ShapeException($"the network was trained on {(_recipe.InputSize.Count == 2 ? "pictures [C, H, W]" : "clips or volumes [C, D, H, W]")}, got [{string.Join(", ", shape)}]");
        Tensor x = Tensor.FromArray(SizedDataset.Brought(Standardized(image, shape), shape, _recipe.InputSize), [1, shape[0], .. _recipe.InputSize]);
        return _network.Forward(x).Softmax(1).ToArray();
    }

    /// <summary>The probability of each class for each of several samples of one size, row after row.</summary>
    internal float[] Classify(IReadOnlyList<Sample> samples)
    {
        int[] shape = samples[0].ImageShape;
        if (samples.Any(s => !s.ImageShape.AsSpan().SequenceEqual(shape)) || !shape.AsSpan(1).SequenceEqual(_recipe.InputSize.ToArray()))
            return [.. samples.SelectMany(s => Classify(s.Image, s.ImageShape))];
        float[] all = [.. samples.SelectMany(s => Standardized(s.Image, shape))];
        return _network.Forward(Tensor.FromArray(all, [samples.Count, .. shape])).Softmax(1).ToArray();
    }

    private TiledPrediction Tiles(INetworkSizes sizes)
    {
        if (_recipe.TileStep is { } step)
            return new(_network, LargestPatch(sizes), step) { Mirrors = _recipe.Mirrors, MaskOffset = _recipe.MaskOffset };
        if (_tile == 0 || _limit != Settings.MemoryLimit)
            (_tile, _limit) = (LargestTile(sizes), Settings.MemoryLimit);
        return new(_network, sizes, sizes.Alignment, _tile, _recipe.Context) { Mirrors = _recipe.Mirrors, MaskOffset = _recipe.MaskOffset };
    }

    /// <summary>The recipe's tile, halved until the network and what it is given and gives take no more than half of the memory that is allowed.</summary>
    private int LargestTile(INetworkSizes sizes)
    {
        int tile = _recipe.Tile, least = Math.Max(LeastTile, sizes.InputSize(2 * _recipe.Context + 3 * sizes.Alignment));
        while (Settings.MemoryLimit is { } limit && tile / 2 >= least && !Fits(sizes, tile, limit / 2))
            tile /= 2;
        return tile;
    }

    /// <summary>The patch that the network was trained on, its longest axis halved until it fits.</summary>
    private int[] LargestPatch(INetworkSizes sizes)
    {
        int[] patch = [.. _recipe.InputSize], divisors = [.. patch.Select((_, axis) => _recipe.StagedUNet?.Divisor(axis) ?? sizes.Alignment)];
        while (Settings.MemoryLimit is { } limit && !Fits(patch, limit / 2))
        {
            int axis = Array.IndexOf(patch, patch.Max()), half = patch[axis] / 2 / divisors[axis] * divisors[axis];
            if (half < 2 * divisors[axis])
                break;
            patch[axis] = half;
        }
        return patch;
    }

    private bool Fits(INetworkSizes sizes, int tile, long bytes)
    {
        int size = tile;
        while (sizes.OutputSize(size) is null)
            size--;
        return Fits([.. Enumerable.Repeat(size, _recipe.InputSize.Count)], bytes);
    }

    private bool Fits(int[] size, long bytes)
    {
        try
        {
            Tensor any = Tensor.Full([1, _recipe.Channels, .. size], 0);
            long around = any.Shape.Elements / _recipe.Channels * RasterMemory.AroundPixel(_recipe.Channels, _recipe.Outputs);
            return _network.Forward(any).Plan().PeakBytes + around <= bytes;
        }
        catch (LimitException)
        {
            return false;
        }
    }

    private float[] Standardized(ReadOnlySpan<float> image, int[] shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (shape[0] != _recipe.Channels)
            throw new ShapeException($"the network was trained on {DatasetException.Count(_recipe.Channels, "channel")}, the image has {shape[0]}");
        float[] values = image.ToArray();
        _recipe.Standardization.Apply(values, shape[0]);
        return values;
    }
}
