namespace Volute.Training;

/// <summary>Images in one subfolder for each class; or clips, which are folders of frames there.</summary>
internal sealed class ClassFolderDataset : Dataset
{
    private readonly ImageFiles images;
    private readonly int[] labels;
    private readonly ClassFolderDataset? training;
    private readonly bool ofClips;
    private SampleGroups? groups;

    private ClassFolderDataset(ImageFiles images, int[] labels, IReadOnlyList<string> classes, ClassFolderDataset? training, bool ofClips)
    {
        this.images = images;
        this.labels = labels;
        this.training = training;
        this.ofClips = ofClips;
        Classes = classes;
    }

    public override DatasetTask Task => DatasetTask.Classification;

    public override int Count => labels.Length;

    public override IReadOnlyList<string> Classes { get; }

    public override int Channels => images.Channels;

    public override IReadOnlyList<string>? Groups => training == null ? groups?.Training : null;

    internal override string Layout => ofClips ? "one folder for each class, in it one for the frames of each clip" : "one folder for each class";

    internal override ImageFiles Images => images;

    internal override SampleGroups? AllGroups => groups;

    internal override string? GroupOf(int index) => training == null ? groups?.Training[index] : training.groups?.Test[index];

    internal override string? ContentOf(int index) => images.ContentOf(index);

    internal override int[] ShapeOf(int index) => images.ShapeOf(Checked(index))!;

    public override string NameOf(int index) => images.Names[Checked(index)];

    public override int ClassOf(int index) => labels[Checked(index)];

    public override string Describe()
        => $"{Layout}: {DatasetException.Count(Count, ofClips ? "clip" : "image")} of {DatasetException.Count(Classes.Count, "class")} "
            + $"({DatasetException.List(PerClass())}), {images.Describe()}"
            + (Groups == null ? "" : groups!.Describe())
            + (Test == null ? "; no test samples" : $"; {DatasetException.Count(Test.Count, "test sample")}");

    /// <summary>Opens class folders, with those of test samples where there are some.</summary>
    /// <param name="root">What errors call the dataset.</param>
    /// <param name="folder">Holds a subfolder for each class.</param>
    /// <param name="testFolder">The same for the test samples, or null.</param>
    /// <param name="options">Memory and fixed classes.</param>
    /// <param name="problems">Takes what is wrong.</param>
    public static ClassFolderDataset Open(string root, string folder, string? testFolder, DatasetOptions options, DatasetProblems problems)
    {
        SampleCache cache = new(options.CacheBytes);
        string[] classes = [.. options.Classes ?? FileKinds.FoldersOf(folder)];
        if (classes.Length < 2)
            problems.Add(FindingKind.Layout, $"there is one class folder only ({string.Join("", classes)}/)", "a classification needs at least two");
        ClassFolderDataset data = Read(root, folder, classes, null, cache, problems, allFilled: options.Classes == null);
        ClassFolderDataset? test = testFolder == null ? null : Read(root, testFolder, classes, data, cache, problems, allFilled: false);
        if (test != null && test.Count > 0 && data.Count > 0 && test.Channels != data.Channels)
            problems.Add(FindingKind.ChannelsDiffer,
                $"the training images have {DatasetException.Count(data.Channels, "channel")}, the test images {test.Channels}", "both must have the same");
        data.groups = SampleGroups.Find(root, data.images.Names, test?.images.Names ?? [], name => name[(name.IndexOf('/') + 1)..], problems);
        data.Test = test;
        return data;
    }

    private static ClassFolderDataset Read(string root, string folder, string[] classes, ClassFolderDataset? training, SampleCache cache,
        DatasetProblems problems, bool allFilled)
    {
        string place = Path.GetRelativePath(root, folder) is "." ? "" : Path.GetRelativePath(root, folder) + "/";
        List<string> names = [], files = [], empty = [], strange = [];
        List<int> labels = [];
        string[] folders = FileKinds.FoldersOf(folder);
        bool ofClips = Clip.Fill(folders.Select(name => Path.Combine(folder, name)));
        foreach (string name in folders)
        {
            int label = Array.IndexOf(classes, name);
            string holder = Path.Combine(folder, name);
            string[] found = ofClips ? FileKinds.FoldersOf(holder) : [.. FileKinds.FilesOf(holder, recursive: true).Where(FileKinds.IsImage)];
            if (label < 0)
                strange.Add($"{place}{name}/");
            else if (found.Length == 0)
                empty.Add(name);
            names.AddRange(found.Select(file => $"{name}/{(ofClips ? file : FileKinds.Stem(file))}"));
            files.AddRange(found.Select(file => Path.Combine(holder, file)));
            labels.AddRange(found.Select(_ => label));
        }
        if (strange.Count > 0)
            problems.Add(FindingKind.UnknownLabel, $"{DatasetException.List(strange)} {(strange.Count == 1 ? "is" : "are")} not among the classes {DatasetException.List(classes)}",
                "name each folder after its class", strange);
        if (empty.Count > 0 && allFilled)
            problems.Add(FindingKind.Layout, $"{DatasetException.Count(empty.Count, "class folder")} without an image ({FileKinds.ReadableList}): "
                + $"{DatasetException.List(empty)}", "remove the folder, or put the images of its class there", empty);
        else if (names.Count == 0)
            problems.Add(FindingKind.Layout, $"{(place.Length > 0 ? place : folder)} holds no image ({FileKinds.ReadableList})", "put a folder of images there for each class");
        return new ClassFolderDataset(new ImageFiles([.. names], [.. files.Select(file => (string[])[file])], cache, problems), [.. labels], classes,
            training, ofClips);
    }

    private protected override Sample Read(int index) => new(NameOf(index), images.Read(index, out int[] shape), shape, [labels[index]], []);

    private protected override Standardization Measure() => training?.Standardization ?? images.Standardize();

    private string[] PerClass()
    {
        int[] counts = new int[Classes.Count];
        foreach (int label in labels)
            counts[label]++;
        return [.. Classes.Select((name, label) => $"{name} {counts[label]}")];
    }
}
