using System.Globalization;
using System.Text;
using Volute.Formats;

namespace Volute.Training;

/// <summary>
/// <c>log.csv</c>: one row an epoch, numbers as in C (invariant culture), empty where nothing was measured. The file is opened, appended to,
/// forced to the disk and closed for each row: anyone may read it while the training goes on.
/// </summary>
public sealed class TrainingLog
{
    private static readonly string[] first = ["epoch", "step", "learningRate", "trainLoss", "validationLoss"];
    private const string Last = "seconds";

    private readonly string path;
    private readonly string[] metrics;

    private TrainingLog(string path, string[] metrics)
    {
        this.path = path;
        this.metrics = metrics;
    }

    /// <summary>
    /// Starts the log, or goes on with an old one: its rows after <paramref name="lastEpoch"/> (the checkpoint's) are dropped, for those
    /// epochs will be trained again.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="metrics">The names of the metrics, in the order of their columns.</param>
    /// <param name="lastEpoch">The last epoch to keep; 0 for none.</param>
    /// <exception cref="VoluteException">The old file is no such log or has other metrics, or the file cannot be written.</exception>
    public static TrainingLog Open(string path, IReadOnlyList<string> metrics, int lastEpoch = 0)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        foreach (string name in metrics)
            if (name.Length == 0 || name.AsSpan().IndexOfAny(",\"\r\n") >= 0)
                throw new InvalidArgumentException($"a metric's name is a column of the log and has no comma, quote or line break, got '{name}'");
        TrainingLog log = new(path, [.. metrics]);
        StringBuilder text = new(log.Header);
        if (lastEpoch > 0 && File.Exists(path))
        {
            (string header, List<TrainingLogRow> rows) = Parse(path);
            if (header + "\n" != log.Header)
                throw new FileFormatException(path, 0, $"the columns are '{header}', but this training writes '{log.Header.TrimEnd()}'; resume with the old metrics");
            foreach (TrainingLogRow row in rows)
                if (row.Epoch <= lastEpoch)
                    text.Append(log.Line(row));
        }
        AtomicFile.WriteAllText(path, text.ToString());
        return log;
    }

    /// <summary>Appends one row.</summary>
    /// <exception cref="VoluteException">The file cannot be written.</exception>
    public void Append(TrainingLogRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            stream.Seek(0, SeekOrigin.End);
            stream.Write(Encoding.UTF8.GetBytes(Line(row)));
            stream.Flush(flushToDisk: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VoluteException($"cannot write '{path}': {e.Message}", e);
        }
    }

    /// <summary>Reads the rows written so far; a last line that is still being written is left out.</summary>
    /// <exception cref="VoluteException">The file is missing or no such log.</exception>
    public static IReadOnlyList<TrainingLogRow> Read(string path) => Parse(path).Rows;

    private string Header => $"{string.Join(',', [.. first, .. metrics, Last])}\n";

    private string Line(TrainingLogRow row)
    {
        List<string> cells =
        [
            row.Epoch.ToString(CultureInfo.InvariantCulture), row.Step.ToString(CultureInfo.InvariantCulture),
            Cell(row.LearningRate), Cell(row.TrainLoss), Cell(row.ValidationLoss),
        ];
        foreach (string name in metrics)
            cells.Add(Cell(row.Metrics.GetValueOrDefault(name)));
        cells.Add(Cell(row.Seconds));
        return string.Join(',', cells) + "\n";
    }

    private static string Cell(double? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static (string Header, List<TrainingLogRow> Rows) Parse(string path)
    {
        string text = ReadAll(path);
        // What stands behind the last line break is still being written, or was cut off by a power loss.
        string[] lines = text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string header = lines.Length > 0 ? lines[0].TrimEnd('\r') : "";
        string[] columns = header.Split(',');
        if (columns.Length <= first.Length || !columns.AsSpan(0, first.Length).SequenceEqual(first) || columns[^1] != Last)
            throw new FileFormatException(path, 0, $"a training log begins with the columns {string.Join(',', first)} and ends with {Last}, got '{header}'");
        return (header, [.. lines.Skip(1).Select((line, i) => ParseRow(path, line.TrimEnd('\r'), i + 2, columns))]);
    }

    private static TrainingLogRow ParseRow(string path, string line, int number, string[] columns)
    {
        string[] cells = line.Split(',');
        if (cells.Length != columns.Length)
            throw new FileFormatException(path, -1, $"line {number} has {cells.Length} cells, the header {columns.Length}");
        double? Number(int column)
            => cells[column].Length == 0 ? null
            : double.TryParse(cells[column], NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value
            : throw new FileFormatException(path, -1, $"line {number}: {columns[column]} is a number, got '{cells[column]}'");
        double Required(int column) => Number(column) ?? throw new FileFormatException(path, -1, $"line {number}: {columns[column]} is empty");
        int Whole(int column) => Required(column) is var value && value == (int)value ? (int)value
            : throw new FileFormatException(path, -1, $"line {number}: {columns[column]} is a whole number, got '{cells[column]}'");
        Dictionary<string, double?> metrics = [];
        for (int column = first.Length; column < columns.Length - 1; column++)
            metrics[columns[column]] = Number(column);
        return new TrainingLogRow(Whole(0), (long)Required(1), Required(2), Required(3), Number(4), metrics, Required(columns.Length - 1));
    }

    private static string ReadAll(string path)
    {
        try
        {
            using StreamReader reader = new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), Encoding.UTF8);
            return reader.ReadToEnd();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VoluteException($"cannot read '{path}': {e.Message}", e);
        }
    }
}
