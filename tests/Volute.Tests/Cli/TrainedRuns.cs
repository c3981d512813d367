using Volute.Formats;
using Volute.Tests.Formats;
using Volute.Tests.Training;
using Volute.Training;

namespace Volute.Tests.Cli;

/// <summary>Tiny data, and a segmentation and a classification that the program has trained on them; made once for all tests.</summary>
public sealed class TrainedRuns : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();

    public string Root => folder.Root;

    public string Cells => folder["cells"];

    public string Digits => folder["digits"];

    public string CellsRun => folder["cells-run"];

    public string DigitsRun => folder["digits-run"];

    /// <summary>What the two trainings printed.</summary>
    internal Ended CellsTraining { get; private set; } = null!;

    internal Ended DigitsTraining { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        SampleMaker.Cells(Cells, 6, 64, seed: 1);
        SampleMaker.Digits(Digits, 40, 28, seed: 1);
        Task<Ended> cells = VoluteProgram.Run("train", Cells, "--out", CellsRun, "--epochs", "1", "--base-width", "4", "--patch", "32", "--batch", "2", "--json"),
            digits = VoluteProgram.Run("train", Digits, "--out", DigitsRun, "--epochs", "2", "--batch", "8");
        (CellsTraining, DigitsTraining) = (await cells, await digits);
        // What the tests of wrong use name.
        byte[] mask = [.. Enumerable.Range(0, 256).Select(i => (byte)(i % 2 * 255))];
        folder.Rgb("rgb.png", 16, 16);
        folder.Rgb("rgb/images/a.png", 16, 16);
        folder.Gray("rgb/masks/a.png", 16, 16, mask);
        folder.Text("broken.png", "this is no picture");
        folder.Gray("lonely-image/images/a.png", 16, 16);
        folder.Gray("lonely-image/images/b.png", 16, 16);
        folder.Gray("lonely-image/masks/a.png", 16, 16, mask);
        folder.Gray("lonely-mask/images/a.png", 16, 16);
        folder.Gray("lonely-mask/masks/a.png", 16, 16, mask);
        folder.Gray("lonely-mask/masks/b.png", 16, 16, mask);
        folder.Gray("lonely-sample/images/a.png", 16, 16);
        folder.Gray("lonely-sample/masks/a.png", 16, 16, mask);
        folder.Text("folder/notes.txt", "mine");
    }

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Every folder, and every file with its time and its contents.</summary>
    internal string[] Files() => [.. Directory.EnumerateDirectories(Root, "*", SearchOption.AllDirectories),
        .. Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories).Select(file => $"{file} {File.GetLastWriteTimeUtc(file):O} {NamedHash.OfFile(file).Sha256}").Order(StringComparer.Ordinal)];

    /// <summary>The text with the folder of the tests in the place of ROOT.</summary>
    internal string Of(string text) => text.Replace("ROOT", Root, StringComparison.Ordinal);
}

/// <summary>The tests that share the runs.</summary>
[CollectionDefinition(Name)]
public sealed class TheProgram : ICollectionFixture<TrainedRuns>
{
    public const string Name = "The program";
}
