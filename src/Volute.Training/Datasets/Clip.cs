namespace Volute.Training;

/// <summary>A clip: a folder of frames, pictures that are named by numbers in their order (0001.png, frame_17.png).</summary>
internal static class Clip
{
    /// <summary>The frames that are looked at: C3D's (Tran et al., 2015).</summary>
    public const int Frames = 16;

    /// <summary>Whether folders of classes hold clips alone, where they hold anything.</summary>
    public static bool Fill(IEnumerable<string> folders)
    {
        string[] filled = [.. folders.Where(folder => FileKinds.FilesOf(folder, recursive: true).Any(FileKinds.IsImage))];
        return filled.Length > 0 && filled.All(folder => !FileKinds.FilesOf(folder, recursive: false).Any(FileKinds.IsImage)
            && FileKinds.FoldersOf(folder).All(clip => IsAt(Path.Combine(folder, clip))));
    }

    /// <summary>Whether a folder is a clip: two frames or more, all named alike but for their number.</summary>
    public static bool IsAt(string folder)
    {
        string[] frames = FramesOf(folder);
        return frames.Length >= 2 && frames.Select(Prefix).Distinct().Count() == 1 && frames.All(frame => Prefix(frame).Length < Stem(frame).Length);
    }

    /// <summary>The paths of <see cref="Frames"/> frames, from the middles of as many equal parts of the clip; of a shorter one some come twice.</summary>
    public static string[] Sampled(string folder)
    {
        string[] frames = FramesOf(folder);
        if (frames.Length == 0)
            throw new VoluteException($"{folder}: holds no frames ({FileKinds.ReadableList})");
        return [.. Enumerable.Range(0, Frames).Select(t => Path.Combine(folder, frames[(2 * t + 1) * frames.Length / (2 * Frames)]))];
    }

    private static string[] FramesOf(string folder) => [.. FileKinds.FilesOf(folder, recursive: false).Where(FileKinds.IsImage)];

    private static string Stem(string frame) => FileKinds.Stem(frame);

    private static string Prefix(string frame) => Stem(frame).TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
}
