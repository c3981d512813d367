namespace Volute.Training;

/// <summary>The horizontal axis of a training: epochs, or the time since it began where time was promised.</summary>
/// <param name="Title">What is counted.</param>
/// <param name="IsWhole">Whether only whole numbers mean something.</param>
/// <param name="At">Where each epoch ended.</param>
/// <param name="Marks">The best epoch, and the promised end.</param>
internal sealed record RunTime(string Title, bool IsWhole, double[] At, IReadOnlyList<PlotMark> Marks)
{
    // Times are counted in a unit of which there are some.
    private const double InSeconds = 3 * 60, InMinutes = 3 * 3600;

    public static RunTime Of(RunSummary summary, IReadOnlyList<TrainingLogRow> log)
    {
        if (summary.Minutes is not { } minutes)
        {
            double[] epochs = [.. log.Select(row => (double)row.Epoch)];
            List<PlotMark> marks = summary.BestEpoch is { } number ? [new PlotMark(number, $"best: {number}")] : [];
            if (summary.PlannedEpochs is { } planned && planned > log[^1].Epoch)
                marks.Add(new PlotMark(planned, $"planned: {planned}"));
            return new RunTime("epoch", true, epochs, marks);
        }
        double budget = 60 * minutes;
        (string title, double unit) = budget switch { < InSeconds => ("seconds", 1.0), < InMinutes => ("minutes", 60.0), _ => ("hours", 3600.0) };
        // What lies before the first epoch is planning.
        double at = Math.Max(0, summary.Seconds - log.Sum(row => row.Seconds));
        double[] ends = new double[log.Count];
        for (int i = 0; i < ends.Length; i++)
            ends[i] = (at += log[i].Seconds) / unit;
        PlotMark[] best = [.. log.Select((row, i) => (row, i)).Where(item => item.row.Epoch == summary.BestEpoch).Select(item => new PlotMark(ends[item.i], $"best: epoch {item.row.Epoch}"))];
        return new RunTime(title, false, ends, [.. best, new PlotMark(budget / unit, $"promised end: {Wording.Duration(budget)}")]);
    }
}
