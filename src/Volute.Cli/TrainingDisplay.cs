using System.Globalization;
using Spectre.Console;
using Volute.Training;

namespace Volute.Cli;

/// <summary>Shows a training: a bar on a terminal, a plain line an epoch in a log.</summary>
internal static class TrainingDisplay
{
    public static TrainingEnd Run(Trainer trainer, bool quiet, CancellationToken cancellation)
    {
        if (quiet)
            return trainer.Run(null, cancellation);
        if (Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Interactive)
            return trainer.Run(p => { if (p.Finished is { } row) Console.WriteLine(Line(row, p.Epochs)); }, cancellation);
        TrainingEnd end = TrainingEnd.Finished;
        AnsiConsole.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn(), new SpinnerColumn())
            .Start(context =>
            {
                ProgressTask bar = context.AddTask("training", maxValue: 1);
                end = trainer.Run(p =>
                {
                    bar.Value = p.Share;
                    bar.Description = Markup.Escape(string.Create(CultureInfo.InvariantCulture, $"epoch {p.Epoch}{(p.Epochs is { } all ? $"/{all}" : "")}  loss {p.Loss:F4}"));
                    if (p.Finished is { } row)
                        AnsiConsole.WriteLine(Line(row, p.Epochs));
                }, cancellation);
            });
        return end;
    }

    private static string Line(TrainingLogRow row, int? epochs)
    {
        string metrics = string.Join("  ", row.Metrics.Select(m => string.Create(CultureInfo.InvariantCulture, $"{m.Key} {m.Value:F4}")));
        return string.Create(CultureInfo.InvariantCulture, $"epoch {row.Epoch}{(epochs is { } all ? $"/{all}" : "")}  loss {row.TrainLoss:F4}  {metrics}  {row.Seconds:F1} s");
    }
}
