using System.CommandLine;
using System.CommandLine.Help;
using Volute;
using Volute.Cli;
using Volute.Gdal;

// Not a RootCommand, which is called after its file.
Command root = new("volute", "Convolutional networks for .NET: train, run and look at them.")
{
    new HelpOption(), new VersionOption(),
    DemoCommand.Create(), TrainCommand.Create(), PredictCommand.Create(), EvaluateCommand.Create(),
    DoctorCommand.Create(), InspectCommand.Create(), ConvolveCommand.Create(), DatasetCommand.Create(), BenchCommand.Create(),
};
root.Options.Add(CommonOptions.Verbose);
root.Options.Add(CommonOptions.Threads);
root.Options.Add(CommonOptions.Memory);
GdalRasters.Register();
ParseResult parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    Console.Error.WriteLine($"volute: {WrongUse.Describe(parsed)}");
    return 2;
}
try
{
    if (parsed.GetValue(CommonOptions.Threads) is { } threads)
        Settings.Threads = threads;
    if (parsed.GetValue(CommonOptions.Memory) is { } memory)
        Settings.MemoryLimit = ByteSize.Parse(memory);
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
