using System.Globalization;
using Volute.Tests.Formats;
using Volute.Training;

namespace Volute.Tests.Training.Runs;

public class TrainingLogTests
{
    private static TrainingLogRow Row(int epoch, double? validation = 0.5, double? dice = 0.75)
        => new(epoch, epoch * 10L, 0.01, 1.5 / epoch, validation, new Dictionary<string, double?> { ["dice"] = dice }, 2.25);

    [Fact]
    public void Rows_are_written_as_they_come_and_read_by_anyone_meanwhile()
    {
        using TemporaryFolder folder = new();
        string path = folder["log.csv"];
        TrainingLog log = TrainingLog.Open(path, ["dice"]);
        Assert.Equal("epoch,step,learningRate,trainLoss,validationLoss,dice,seconds\n", File.ReadAllText(path));
        using FileStream reader = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        log.Append(Row(1));
        log.Append(Row(2, validation: null, dice: double.NaN));
        Assert.Equal("1,10,0.01,1.5,0.5,0.75,2.25\n2,20,0.01,0.75,,NaN,2.25\n", new StreamReader(reader).ReadToEnd()[(File.ReadLines(path).First().Length + 1)..]);
        IReadOnlyList<TrainingLogRow> rows = TrainingLog.Read(path);
        Assert.Equal([1, 2], rows.Select(r => r.Epoch));
        Assert.Null(rows[1].ValidationLoss);
        Assert.True(double.IsNaN(rows[1].Metrics["dice"]!.Value));
        Assert.Equal(20, rows[1].Step);
    }

    [Fact]
    public void Numbers_do_not_follow_the_countrys_comma()
    {
        using TemporaryFolder folder = new();
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = ",", NegativeSign = "~" } };
            TrainingLog log = TrainingLog.Open(folder["log.csv"], []);
            log.Append(Row(1) with { TrainLoss = -0.5 });
            Assert.Equal("1,10,0.01,-0.5,0.5,2.25", File.ReadAllLines(folder["log.csv"])[1]);
            Assert.Equal(-0.5, TrainingLog.Read(folder["log.csv"])[0].TrainLoss);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void A_resumed_training_drops_the_rows_after_its_checkpoint()
    {
        using TemporaryFolder folder = new();
        string path = folder["log.csv"];
        TrainingLog log = TrainingLog.Open(path, ["dice"]);
        for (int epoch = 1; epoch <= 5; epoch++)
            log.Append(Row(epoch));
        // The power went out in the middle of a row.
        File.AppendAllText(path, "6,60,0.0");
        Assert.Equal(5, TrainingLog.Read(path).Count);
        log = TrainingLog.Open(path, ["dice"], lastEpoch: 3);
        Assert.Equal([1, 2, 3], TrainingLog.Read(path).Select(r => r.Epoch));
        log.Append(Row(4) with { TrainLoss = 7 });
        Assert.Equal([1.5, 0.75, 0.5, 7], TrainingLog.Read(path).Select(r => r.TrainLoss));
        Assert.Single(File.ReadLines(path), line => line.StartsWith("epoch"));
    }

    [Fact]
    public void A_torn_row_is_cut_off_even_where_no_whole_row_is_dropped()
    {
        using TemporaryFolder folder = new();
        string path = folder["log.csv"];
        TrainingLog.Open(path, ["dice"]).Append(Row(1));
        File.AppendAllText(path, "2,2");
        TrainingLog.Open(path, ["dice"], lastEpoch: 2).Append(Row(2));
        Assert.Equal([1, 2], TrainingLog.Read(path).Select(r => r.Epoch));
    }

    [Fact]
    public void Faults_are_named()
    {
        using TemporaryFolder folder = new();
        string path = folder["log.csv"];
        TrainingLog.Open(path, ["dice"]).Append(Row(1));
        Assert.Equal($"{path}: the columns are 'epoch,step,learningRate,trainLoss,validationLoss,dice,seconds', but this training writes " +
            "'epoch,step,learningRate,trainLoss,validationLoss,iou,seconds'; resume with the old metrics (at byte 0)",
            Assert.Throws<FileFormatException>(() => TrainingLog.Open(path, ["iou"], 1)).Message);
        File.AppendAllText(path, "2,20,fast,1,1,1,1\n");
        Assert.Equal($"{path}: line 3: learningRate is a number, got 'fast'", Assert.Throws<FileFormatException>(() => TrainingLog.Read(path)).Message);
        File.WriteAllText(path, "epoch,step,learningRate,trainLoss,validationLoss,seconds\n1,2\n");
        Assert.Equal($"{path}: line 2 has 2 cells, the header 6", Assert.Throws<FileFormatException>(() => TrainingLog.Read(path)).Message);
        File.WriteAllText(path, "epoch,step,learningRate,trainLoss,validationLoss,seconds\n1.5,2,1,1,1,1\n");
        Assert.Equal($"{path}: line 2: epoch is a whole number, got '1.5'", Assert.Throws<FileFormatException>(() => TrainingLog.Read(path)).Message);
        File.WriteAllText(path, "time,loss\n");
        Assert.StartsWith($"{path}: a training log begins with the columns epoch,step,", Assert.Throws<FileFormatException>(() => TrainingLog.Read(path)).Message);
        Assert.StartsWith($"cannot read '{folder["none.csv"]}': ", Assert.Throws<VoluteException>(() => TrainingLog.Read(folder["none.csv"])).Message);
        Assert.Equal("a metric's name is a column of the log and has no comma, quote or line break, got 'a,b'",
            Assert.Throws<InvalidArgumentException>(() => TrainingLog.Open(path, ["a,b"])).Message);
        File.Delete(path);
    }
}
