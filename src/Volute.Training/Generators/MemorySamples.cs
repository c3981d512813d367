namespace Volute.Training;

/// <summary>The same samples without files: a dataset in memory, a quarter as many test samples beside it.</summary>
public static partial class SampleMaker
{
    private const int SmallestScene = 16;

    /// <summary>The samples of <see cref="Cells(string, int, int, ulong)"/> in memory: (1, H, W) with masks of 0, background, and 1, cell.</summary>
    /// <param name="count">Training pictures, ≥ 1.</param>
    /// <param name="size">Pixels along each side, ≥ 64.</param>
    /// <param name="seed">Decides every picture.</param>
    public static Dataset Cells(int count, int size, ulong seed)
    {
        Check(count, size, SmallestCells);
        return InMemory(count, ["background", "cell"], (part, index) =>
        {
            CellPicture picture = CellsOf(part, index, size, seed);
            return new Sample(Number(index), Shares(picture.Image), [1, size, size], Array.ConvertAll(picture.Mask, value => value / 255), [size, size]);
        });
    }

    /// <summary>The samples of <see cref="Digits(string, int, int, ulong)"/> in memory: (1, H, W), 0, 1, … 9 in turn.</summary>
    /// <param name="count">Training pictures, ≥ 10: each digit as often as the others.</param>
    /// <param name="size">Pixels along each side, ≥ 16; MNIST has 28.</param>
    /// <param name="seed">Decides every picture.</param>
    public static Dataset Digits(int count, int size, ulong seed)
    {
        CheckDigits(count, size);
        return InMemory(count, Digit, (part, index)
            => new Sample(DigitName(index), Shares(DigitOf(part, index, size, seed)), [1, size, size], [index % Digit.Length], []));
    }

    /// <summary>The samples of <see cref="Phantom(string, int, int, ulong)"/> in memory: (1, D, H, W) in Hounsfield units with masks of <see cref="PhantomClasses"/>.</summary>
    /// <param name="count">Training volumes, ≥ 1.</param>
    /// <param name="size">Pixels along each side of a slice, ≥ 32; there are ⌊3/8 · size⌋ slices.</param>
    /// <param name="seed">Decides every volume.</param>
    public static Dataset Phantom(int count, int size, ulong seed)
    {
        Check(count, size, SmallestPhantom);
        return InMemory(count, PhantomClasses, (part, index) =>
        {
            BodyPhantom body = BodyOf(part, index, size, seed);
            return new Sample(CaseName(part, index, count), Array.ConvertAll(body.Image, value => (float)value), [1, body.Depth, size, size],
                Array.ConvertAll(body.Labels, label => (int)label), [body.Depth, size, size])
            {
                Spacing = [body.Affine[2, 2], -body.Affine[1, 1], -body.Affine[0, 0]],
                AxisCodes = "SPL",
            };
        });
    }

    /// <summary>The samples of <see cref="Scenes(string, int, int, ulong)"/> in memory: (3, H, W), red, green and blue, with masks of meadow, field, house and water.</summary>
    /// <param name="count">Training scenes, ≥ 1.</param>
    /// <param name="size">Pixels along each side, ≥ 16.</param>
    /// <param name="seed">Decides every pixel.</param>
    public static Dataset Scenes(int count, int size, ulong seed)
    {
        Check(count, size, SmallestScene);
        SatelliteScene scene = SceneOf(seed);
        return InMemory(count, ["meadow", "field", "house", "water"], (part, index) =>
        {
            byte[] seen = new byte[3 * size * size], truth = new byte[size * size];
            scene.Draw(ColumnOf(part, index, count, size), 0, size, seen, truth);
            return new Sample(Number(index), Shares(seen), [3, size, size], Array.ConvertAll(truth, label => (int)label), [size, size]);
        });
    }

    private static Dataset InMemory(int count, IReadOnlyList<string> classes, Func<int, int, Sample> draw)
    {
        Sample[][] parts = [new Sample[count], new Sample[Tests(count)]];
        ForEach(count, (part, index) => parts[part][index] = draw(part, index));
        return Dataset.Of(parts[0], classes, parts[1]);
    }

    /// <summary>value / 255, as samples of 8-bit files are.</summary>
    private static float[] Shares(byte[] values) => Array.ConvertAll(values, value => value / 255f);
}
