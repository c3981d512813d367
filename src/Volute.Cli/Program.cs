using System.CommandLine;
using Volute;
using Volute.Cli;

RootCommand root = new("Convolutional networks for .NET: train, run and look at them.")
{
    DemoCommand.Create(), TrainCommand.Create(), PredictCommand.Create(), EvaluateCommand.Create(),
    InspectCommand.Create(), ConvolveCommand.Create(), DatasetCommand.Create(),
};
root.Options.Add(CommonOptions.Verbose);
root.Options.Add(CommonOptions.Threads);
ParseResult parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    Console.Error.WriteLine($"volute: {parsed.Errors[0].Message} (volute --help shows the commands)");
    return 2;
}
try
{
    if (parsed.GetValue(CommonOptions.Threads) is { } threads)
        Settings.Threads = threads;
    return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception error) when (error is VoluteException or IOException or UnauthorizedAccessException or OutOfMemoryException)
{
    Console.Error.WriteLine(parsed.GetValue(CommonOptions.Verbose) ? $"volute: {error}" : $"volute: {error.Message.ReplaceLineEndings(" ")}");
    return error is InvalidArgumentException or ShapeException or Volute.Training.DatasetException ? 2 : 1;
}
catch (Exception error)
{
    Console.Error.WriteLine(parsed.GetValue(CommonOptions.Verbose)
        ? $"volute: {error}"
        : $"volute: a defect in volute itself, {error.GetType().Name}: {error.Message.ReplaceLineEndings(" ")} (--verbose shows where)");
    return 1;
}
