using System.Globalization;
using System.Text;
using System.Text.Json;
using Volute.Formats;

namespace Volute.Training;

/// <summary>
/// Makes datasets of drawn pictures as ordinary files, to try everything with before data of one's own are at hand. The same seed makes the same
/// pictures. They are drawn, not photographed: what is measured on them says that the tools work, not how good a method is.
/// </summary>
public static partial class SampleMaker
{
    /// <summary>The classes of <see cref="Phantom(string, int, int, ulong)"/>, as dataset.json names them.</summary>
    public static IReadOnlyList<string> PhantomClasses { get; } = ["background", "liver", "kidneys", "spine", "lungs"];

    private const ulong CellStream = 11, DigitStream = 12, PhantomStream = 13, ClipStream = 15;

    private const int SmallestCells = 64, SmallestDigit = 16, SmallestPhantom = 32, SmallestClip = 16, MoreFrames = 9;

    private static readonly string[] Digit = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

    /// <summary>
    /// Microscopy-like pictures of cells under uneven light: images/, masks/ (255 cell, 0 between the cells) with <paramref name="count"/> pictures,
    /// and test/images, test/masks with a quarter as many.
    /// </summary>
    /// <param name="folder">Made, or empty.</param>
    /// <param name="count">Training pictures, ≥ 1.</param>
    /// <param name="size">Pixels along each side, ≥ 64.</param>
    /// <param name="seed">Decides every picture.</param>
    /// <exception cref="VoluteException">The folder holds something, or cannot be written.</exception>
    public static void Cells(string folder, int count, int size, ulong seed)
    {
        Check(count, size, SmallestCells);
        Prepare(folder, "images", "masks", "test/images", "test/masks");
        ForEach(count, (part, index) =>
        {
            CellPicture picture = CellsOf(part, index, size, seed);
            string place = Path.Combine(folder, part == 0 ? "" : "test"), name = Number(index) + ".png";
            Png.Write(Path.Combine(place, "images", name), Picture.FromBytes(picture.Image, size, size, 1));
            Png.Write(Path.Combine(place, "masks", name), Picture.FromBytes(picture.Mask, size, size, 1));
        });
    }

    /// <summary>
    /// Digits drawn with strokes of varying thickness, slant and place, white on black: one folder for each class, train/0 … train/9 with
    /// <paramref name="count"/> pictures in all, test/0 … test/9 with a quarter as many.
    /// </summary>
    /// <param name="folder">Made, or empty.</param>
    /// <param name="count">Training pictures, ≥ 10: each digit as often as the others.</param>
    /// <param name="size">Pixels along each side, ≥ 16; MNIST has 28.</param>
    /// <param name="seed">Decides every picture.</param>
    /// <exception cref="VoluteException">The folder holds something, or cannot be written.</exception>
    public static void Digits(string folder, int count, int size, ulong seed)
    {
        CheckDigits(count, size);
        Prepare(folder, [.. Enumerable.Range(0, 20).Select(i => $"{(i < 10 ? "train" : "test")}/{i % 10}")]);
        ForEach(count, (part, index) => Png.Write(Path.Combine(folder, part == 0 ? "train" : "test", DigitName(index) + ".png"),
            Picture.FromBytes(DigitOf(part, index, size, seed), size, size, 1)));
    }

    /// <summary>
    /// Films of a shape that moves down, left, right or up over a noisy ground, a folder of frames each: train/down/000/0001.png … with
    /// <paramref name="count"/> clips in all, test/… with a quarter as many. A single frame does not tell the class.
    /// </summary>
    /// <param name="folder">Made, or empty.</param>
    /// <param name="count">Training clips, ≥ 4: each direction as often as the others.</param>
    /// <param name="size">Pixels along each side of a frame, ≥ 16.</param>
    /// <param name="seed">Decides every clip.</param>
    /// <exception cref="VoluteException">The folder holds something, or cannot be written.</exception>
    public static void Clips(string folder, int count, int size, ulong seed)
    {
        string[] classes = MovingClip.Directions;
        if (count < classes.Length)
            throw new InvalidArgumentException($"{classes.Length} directions need at least {classes.Length} clips, got {count}");
        Check(count, size, SmallestClip);
        Prepare(folder, [.. classes.SelectMany(name => (string[])[$"train/{name}", $"test/{name}"])]);
        ForEach(count, (part, index) =>
        {
            SeededRandom random = new(seed, ClipStream, (ulong)part, (ulong)index);
            string direction = classes[index % classes.Length], place = Path.Combine(folder, part == 0 ? "train" : "test", direction, Number(index / classes.Length));
            // Clips are of several lengths, as films are.
            MovingClip clip = new(direction, Clip.Frames + index % MoreFrames, size, ref random);
            Directory.CreateDirectory(place);
            for (int t = 0; t < clip.Frames.Length; t++)
                Png.Write(Path.Combine(place, (t + 1).ToString("d4", CultureInfo.InvariantCulture) + ".png"), Picture.FromBytes(clip.Frames[t], size, size, 3));
        });
    }

    /// <summary>
    /// CT-like volumes of a trunk in Hounsfield units, in nnU-Net's layout: imagesTr/case_000_0000.nii.gz, labelsTr/case_000.nii.gz, dataset.json,
    /// and a quarter as many in imagesTs and labelsTs. Slices are thicker than their pixels; a spleen, a stomach and an aorta look like organs
    /// but are none of the classes.
    /// </summary>
    /// <param name="folder">Made, or empty.</param>
    /// <param name="count">Training volumes, ≥ 1.</param>
    /// <param name="size">Pixels along each side of a slice, ≥ 32; there are ⌊3/8 · size⌋ slices.</param>
    /// <param name="seed">Decides every volume.</param>
    /// <exception cref="VoluteException">The folder holds something, or cannot be written.</exception>
    public static void Phantom(string folder, int count, int size, ulong seed)
    {
        Check(count, size, SmallestPhantom);
        Prepare(folder, "imagesTr", "labelsTr", "imagesTs", "labelsTs");
        ForEach(count, (part, index) =>
        {
            BodyPhantom body = BodyOf(part, index, size, seed);
            string name = CaseName(part, index, count), ending = part == 0 ? "Tr" : "Ts";
            int[] shape = [body.Depth, size, size];
            Nifti.Write(Path.Combine(folder, "images" + ending, name + "_0000.nii.gz"),
                new NiftiVolume(NumberArray.From(body.Image, shape), body.Affine));
            Nifti.Write(Path.Combine(folder, "labels" + ending, name + ".nii.gz"),
                new NiftiVolume(NumberArray.From(body.Labels, shape), body.Affine));
        });
        AtomicFile.WriteAllText(Path.Combine(folder, "dataset.json"), DatasetJson(count));
    }

    /// <summary>Calls <paramref name="make"/> for the pictures of part 0 (training) and part 1 (test, a quarter as many).</summary>
    private static void ForEach(int count, Action<int, int> make)
    {
        int tests = Tests(count);
        Exception? failure = null;
        Parallel.For(0, count + tests, (i, state) =>
        {
            try
            {
                make(i < count ? 0 : 1, i < count ? i : i - count);
            }
            catch (VoluteException e)
            {
                Interlocked.CompareExchange(ref failure, e, null);
                state.Stop();
            }
        });
        if (failure != null)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
    }

    private static int Tests(int count) => (count + 3) / 4;

    private static CellPicture CellsOf(int part, int index, int size, ulong seed)
    {
        SeededRandom random = new(seed, CellStream, (ulong)part, (ulong)index);
        return new CellPicture(size, ref random);
    }

    private static byte[] DigitOf(int part, int index, int size, ulong seed)
    {
        SeededRandom random = new(seed, DigitStream, (ulong)part, (ulong)index);
        return DigitPicture.Draw(index % Digit.Length, size, ref random);
    }

    private static BodyPhantom BodyOf(int part, int index, int size, ulong seed)
    {
        SeededRandom random = new(seed, PhantomStream, (ulong)part, (ulong)index);
        return new BodyPhantom(size, ref random);
    }

    private static string Number(int index) => index.ToString("d3", CultureInfo.InvariantCulture);

    private static string DigitName(int index) => string.Create(CultureInfo.InvariantCulture, $"{Digit[index % Digit.Length]}/{index / Digit.Length:d5}");

    private static string CaseName(int part, int index, int count) => $"case_{Number(part == 0 ? index : count + index)}";

    private static void CheckDigits(int count, int size)
    {
        if (count < Digit.Length)
            throw new InvalidArgumentException($"ten digits need at least 10 pictures, got {count}");
        Check(count, size, SmallestDigit);
    }

    private static void Check(int count, int size, int smallest)
    {
        if (count < 1)
            throw new InvalidArgumentException($"at least 1 picture must be made, got {count}");
        if (size < smallest || size > 8192)
            throw new InvalidArgumentException($"the size must be {smallest} to 8192 pixels, got {size}");
    }

    private static void Prepare(string folder, params string[] subfolders)
    {
        if (string.IsNullOrWhiteSpace(folder))
            throw new InvalidArgumentException("the folder of a sample set must not be empty");
        try
        {
            if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
                throw new InvalidArgumentException($"{folder}: the folder is not empty; name a new one, so that old and new samples do not mix");
            foreach (string subfolder in subfolders)
                Directory.CreateDirectory(Path.Combine(folder, subfolder));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VoluteException($"{folder}: cannot be made: {e.Message}", e);
        }
    }

    private static string DatasetJson(int count)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, new() { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteStartObject("channel_names");
            json.WriteString("0", "CT");
            json.WriteEndObject();
            json.WriteStartObject("labels");
            for (int label = 0; label < PhantomClasses.Count; label++)
                json.WriteNumber(PhantomClasses[label], label);
            json.WriteEndObject();
            json.WriteNumber("numTraining", count);
            json.WriteString("file_ending", ".nii.gz");
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }
}
