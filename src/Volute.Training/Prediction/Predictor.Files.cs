namespace Volute.Training;

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

/// <content>Files in, masks out.</content>
public sealed partial class Predictor
{
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
        VolumeFiles.WriteProbabilities(probabilities, input, found.Probabilities, _recipe.Outputs, numbers);
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
        if (shape.Length != 3 && _sizes is not null)
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

    /// <summary>What a folder holds for this network: the images in it, or clips, of which it may be one itself.</summary>
    /// <exception cref="InvalidArgumentException">It holds nothing of the kind.</exception>
    public IReadOnlyList<string> InputsIn(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        string[] found = TakesClips && Clip.IsAt(folder) ? [folder]
            : TakesClips ? [.. FileKinds.FoldersOf(folder).Select(name => Path.Combine(folder, name)).Where(Clip.IsAt)]
            : [.. FileKinds.FilesOf(folder, recursive: false).Where(file => FileKinds.IsImage(file) && !FileKinds.IsForeign(file)).Select(file => Path.Combine(folder, file))];
        return found.Length > 0 ? found : throw new InvalidArgumentException(TakesClips ? $"folder '{folder}' holds no clips (folders of numbered frames)"
            : $"folder '{folder}' holds no PNG or Netpbm images, no rasters and no volumes");
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
        return new RasterScoring(_recipe, Tiles(sizes)).Run(path, mask, Labels(), block, progress);
    }

    /// <summary>Predicts a raster of any size and adds its pixels by reference and predicted class.</summary>
    internal void Compare(RasterSample sample, AreaCount areas)
        => new RasterScoring(_recipe, Tiles(_sizes!)).Count(sample.Name, sample.Raster, window => sample.Labels(Box.Of(window)), areas, progress: null);

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

    /// <summary>Rasters that lie somewhere get a raster, pictures a picture.</summary>
    private static string OutputOf(string path, string folder)
        => Path.Combine(folder, Path.GetFileNameWithoutExtension(path) + (RasterPrediction.Takes(path) ? ".tif" : ".png"));
}
