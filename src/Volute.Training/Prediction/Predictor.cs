namespace Volute.Training;

/// <summary>The classes that were found in an image.</summary>
/// <param name="Classes">For each pixel, row-major.</param>
/// <param name="Probabilities">[classes, …]: the softmax of the scores.</param>
public sealed record SegmentedImage(int[] Classes, float[] Probabilities);

/// <summary>What was predicted for a file.</summary>
/// <param name="Input">The file.</param>
/// <param name="Output">The mask that was written, for a segmentation.</param>
/// <param name="Class">The class, for a classification.</param>
/// <param name="Probability">Its probability.</param>
public sealed record FilePrediction(string Input, string? Output, string? Class, float? Probability)
{
    /// <summary>The raster of probabilities that was written.</summary>
    public string? Probabilities { get; init; }

    /// <summary>The file of polygons that was written.</summary>
    public string? Polygons { get; init; }
}

/// <summary>A trained network with all that surrounds it: standardization before, tiles around, classes after.</summary>
public sealed class Predictor
{
    private readonly Recipe _recipe;
    private readonly Module _network;
    private readonly INetworkSizes? _sizes; // of a segmentation

    /// <summary>Wraps a network that was made by <paramref name="recipe"/>; it is switched to inference.</summary>
    public Predictor(Recipe recipe, Module network)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(network);
        (_recipe, _network) = (recipe, network);
        _sizes = (network is Ensemble several ? several.First : network) switch
        {
            UNet unet => new UNetSizes(unet),
            StagedUNet staged => new StagedUNetSizes(staged),
            _ => null,
        };
        _network.Eval();
    }

    /// <summary>The recipe.</summary>
    public Recipe Recipe => _recipe;

    /// <summary>How many numbers were learned.</summary>
    internal long ParameterCount => _network.ParameterCount;

    /// <summary>Opens a run and its best weights; of a cross-validation the networks of all folds, whose probabilities are averaged.</summary>
    /// <exception cref="VoluteException">It is no run, or has no weights yet.</exception>
    public static Predictor Open(string run)
    {
        RunFolder folder = RunFolder.OpenToRead(run);
        Recipe recipe = folder.ReadRecipe(RecipeJson.Default.Recipe);
        return new Predictor(recipe, CrossValidation.IsOf(recipe)
            ? new Ensemble([.. CrossValidation.Trained(folder, recipe).Select(fold => Load(RunFolder.OpenToRead(CrossValidation.FolderOf(folder, fold)), recipe))])
            : Load(folder, recipe));
    }

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
    /// <param name="probabilities">Whether probabilities are wanted too, which take 4 bytes for each class of a pixel.</param>
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
        StoredClasses found = new(grid, _recipe.Classes.Count, probabilities);
        Tiles(sizes).Predict(seen, [shape[0], .. grid.Size], found.Take, progress);
        _recipe.Postprocessing?.Apply(found.Classes, new PixelGrid(shape.AsSpan(1)));
        return new SegmentedImage(found.Classes, found.Probabilities);
    }

    private SegmentedImage Segment(INetworkSizes sizes, float[] image, int[] shape, Action<int, int>? progress)
    {
        float[] values = Standardized(image, shape);
        var (scores, classes) = Tiles(sizes).Predict(values, shape, progress);
        int pixels = scores.Length / classes;
        int[] best = new int[pixels];
        for (int i = 0; i < pixels; i++)
        {
            best[i] = PixelScores.Best(scores, i, pixels, classes);
            PixelScores.Soften(scores, i, pixels, classes, best[i]);
        }
        return new SegmentedImage(best, scores);
    }

    /// <summary>The probability of each class for an image; one of another size is brought to the network's.</summary>
    /// <exception cref="ShapeException">Another number of channels than the network was trained on.</exception>
    public float[] Classify(ReadOnlySpan<float> image, int[] shape)
    {
        if (_recipe.Task != DatasetTask.Classification)
            throw new InvalidArgumentException($"'{_recipe.Model}' segments images; it does not classify them");
        Tensor x = Tensor.FromArray(Standardized(image, shape), [1, .. shape]);
        if (!shape.AsSpan(1).SequenceEqual(_recipe.InputSize.ToArray()))
            x = x.Interpolate([.. _recipe.InputSize], mode: Interpolation.Area);
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

    /// <summary>Makes sure that the masks of <paramref name="files"/>, and what is written beside them, will replace neither one of them nor each other.</summary>
    /// <exception cref="InvalidArgumentException">They would: the files are named.</exception>
    /// <returns>The files, those of one case's channels together.</returns>
    public IReadOnlyList<InputCase> CheckOutputs(IReadOnlyList<string> files, string folder, PredictionOutputs? outputs = null)
    {
        ArgumentNullException.ThrowIfNull(files);
        IReadOnlyList<InputCase> cases = InputCase.Of(files, _recipe);
        if (_recipe.Task != DatasetTask.Segmentation)
            return cases;
        HashSet<string> inputs = [.. files.Select(Path.GetFullPath)];
        Dictionary<string, string> given = [];
        foreach ((string file, string output) in cases.SelectMany(input => OutputsOf(input, folder, outputs), (input, output) => (input.Files[0], Path.GetFullPath(output))))
        {
            if (inputs.Contains(output))
                throw new InvalidArgumentException($"the mask of '{file}' would replace the image '{output}'; name another folder");
            if (!given.TryAdd(output, file))
                throw new InvalidArgumentException($"'{given[output]}' and '{file}' would both be given the mask '{output}'; predict them into different folders");
        }
        return cases;
    }

    /// <summary>
    /// Predicts a picture, a volume or a raster: a mask in <paramref name="folder"/>, which is made where it is not there, for a segmentation, else the
    /// classes' probabilities. A raster (GeoTIFF, JPEG 2000) is predicted window by window and gives a raster in the same place; a NIfTI volume gives one
    /// with the same geometry.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="folder">Where the mask goes.</param>
    /// <param name="outputs">What is written beside the mask of a raster or a volume.</param>
    /// <param name="progress">Called with tiles done and in all.</param>
    /// <exception cref="VoluteException">The file cannot be read, or does not fit the network.</exception>
    /// <exception cref="LimitException">A raster's prediction needs more memory than <see cref="Settings.MemoryLimit"/> allows.</exception>
    public FilePrediction PredictFile(string path, string folder, PredictionOutputs? outputs = null, Action<int, int>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Predict(InputCase.Of(path), folder, outputs, progress);
    }

    /// <summary>The same for a case, whose channels may be files of their own.</summary>
    /// <inheritdoc cref="PredictFile"/>
    /// <param name="input">The case.</param>
    /// <param name="folder">Where the mask goes.</param>
    /// <param name="outputs">What is written beside the mask of a raster or a volume.</param>
    /// <param name="progress">Called with tiles done and in all.</param>
    public FilePrediction Predict(InputCase input, string folder, PredictionOutputs? outputs = null, Action<int, int>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (_sizes is null || _recipe.InputSize.Count == 2)
            return PredictPicture(input.Files[0], folder, outputs ?? new(), progress);
        SegmentedImage found;
        try
        {
            found = Segment(VolumeFiles.Read(input), outputs?.Probabilities is not null, progress);
        }
        catch (ShapeException e)
        {
            throw new InvalidArgumentException($"{input.Files[0]}: {e.Message}", e);
        }
        CreateFolder(folder);
        string output = VolumeFiles.MaskOf(input, folder);
        VolumeFiles.WriteLabels(output, input, Labels().ToRaw(found.Classes));
        if (outputs?.Probabilities is not { } numbers)
            return new FilePrediction(input.Files[0], output, null, null);
        string probabilities = VolumeFiles.ProbabilitiesOf(input, folder);
        VolumeFiles.WriteProbabilities(probabilities, input, found.Probabilities, _recipe.Classes.Count, numbers);
        return new FilePrediction(input.Files[0], output, null, null) { Probabilities = probabilities };
    }

    private FilePrediction PredictPicture(string path, string folder, PredictionOutputs outputs, Action<int, int>? progress)
    {
        if (_sizes is { } sizes && RasterPrediction.Takes(path))
        {
            CreateFolder(folder);
            return new RasterPrediction(_recipe, Tiles(sizes), Labels()).Run(path, OutputOf(path, folder), outputs, progress);
        }
        StoredImage stored = StoredImage.Read(path);
        int[] shape = stored.Shape;
        float[] image = stored.ToFloats();
        if (shape.Length != 3)
            throw new InvalidArgumentException($"{path}: the network was trained on pictures, got a volume of shape [{string.Join(", ", shape)}]");
        try
        {
            if (_recipe.Task == DatasetTask.Classification)
            {
                float[] probabilities = Classify(image, shape);
                int best = Scoring.Largest(probabilities);
                return new FilePrediction(path, null, _recipe.Classes[best], probabilities[best]);
            }
            string output = OutputOf(path, folder);
            Formats.Picture mask = Labels().ToPicture(Segment(image, shape, progress).Classes, shape[2], shape[1]);
            CreateFolder(folder);
            Formats.ImageFile.Write(output, mask);
            return new FilePrediction(path, output, null, null);
        }
        catch (ShapeException e)
        {
            throw new InvalidArgumentException($"{path}: {e.Message}", e);
        }
    }

    /// <summary>Whether a file is predicted window by window (<see cref="PredictFile"/>).</summary>
    public static bool IsRaster(string path) => RasterPrediction.Takes(path);

    /// <summary>
    /// Predicts a raster of any size and compares with its mask, window by window: pixels are counted, and ground, block by block. Blocks are the cases.
    /// </summary>
    /// <param name="path">The raster.</param>
    /// <param name="mask">Its mask, with the values of the masks that the network was trained on, on the same pixels.</param>
    /// <param name="block">Pixels along a block's side.</param>
    /// <param name="progress">Called with tiles done and in all.</param>
    /// <exception cref="VoluteException">A file cannot be read, or they do not fit each other or the network.</exception>
    /// <exception cref="LimitException">It needs more memory than <see cref="Settings.MemoryLimit"/> allows.</exception>
    public Evaluation ScoreRaster(string path, string mask, int block = Scoring.RasterBlock, Action<int, int>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(mask);
        INetworkSizes sizes = _sizes ?? throw new InvalidArgumentException($"'{_recipe.Model}' classifies images; it does not segment them");
        return new RasterScoring(_recipe, Tiles(sizes), Labels()).Run(path, mask, block, progress);
    }

    private LabelMap Labels() => LabelMap.FromJson(_recipe.Labels ?? throw new VoluteException("the recipe has no labels to write masks with"));

    private static void CreateFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VoluteException($"cannot create folder '{folder}' for the masks: {e.Message}", e);
        }
    }

    private IEnumerable<string> OutputsOf(InputCase input, string folder, PredictionOutputs? outputs)
    {
        if (_recipe.InputSize.Count == 3)
            return outputs?.Probabilities is null ? [VolumeFiles.MaskOf(input, folder)] : [VolumeFiles.MaskOf(input, folder), VolumeFiles.ProbabilitiesOf(input, folder)];
        string mask = OutputOf(input.Files[0], folder);
        return RasterPrediction.Takes(input.Files[0]) && outputs != null ? [mask, .. outputs.FilesBeside(mask)] : [mask];
    }

    private TiledPrediction Tiles(INetworkSizes sizes) => _recipe.TileStep is { } step
        ? new(_network, _recipe.InputSize, step) { Mirrors = _recipe.Mirrors }
        : new(_network, sizes, sizes.Alignment, _recipe.Tile, _recipe.Context) { Mirrors = _recipe.Mirrors };

    /// <summary>Rasters that lie somewhere get a raster, pictures a picture.</summary>
    private static string OutputOf(string path, string folder)
        => Path.Combine(folder, Path.GetFileNameWithoutExtension(path) + (RasterPrediction.Takes(path) ? ".tif" : ".png"));

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
