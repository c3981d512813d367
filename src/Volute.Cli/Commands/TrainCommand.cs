using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Volute.Training;

namespace Volute.Cli;

/// <summary>volute train DATA: recognizes the data, chooses a recipe, trains in a run folder.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        Argument<string> data = new("DATA") { Description = "A folder of images with masks, one folder a class (of pictures or clips), IDX or CIFAR files" };
        Option<string?> run = new("--out", "-o") { Description = "The run folder; runs/<data>-<model>-<number> unless given" };
        Option<string?> model = new("--model") { Description = $"staged-unet, or a network that classifies or segments, of {NamedNetwork.Names}; chosen from the data unless given" };
        Option<int?> epochs = new("--epochs") { Description = "Epochs to train" };
        Option<double?> minutes = new("--minutes") { Description = "Minutes to train" };
        Option<int?> batch = new("--batch") { Description = "Samples of a batch" };
        Option<double?> rate = new("--learning-rate") { Description = "The highest learning rate" };
        Option<int?> width = new("--base-width") { Description = "Channels of a U-Net's first level" };
        Option<int?> patch = new("--patch") { Description = "Size of a segmentation's patches" };
        Option<int?> patience = new("--patience") { Description = "Stop after this many epochs without a better validation" };
        Option<int?> fold = new("--fold") { Description = "Hold this fold out, from 0, of those that the data prescribe (splits_final.json) or of --folds (5)" };
        Option<int?> folds = new("--folds") { Description = "Train a network for each of so many folds, and judge every sample once; --minutes are divided among them" };
        Option<string?> augmentation = new("--augmentation") { Description = "none, digits, photographs, segmentation, segmentation-rigid or nnunet; chosen from the data unless given" };
        Option<bool> borders = new("--border-weights") { Description = "Weigh the gaps between objects as the U-Net paper does" };
        Option<long> seed = new("--seed") { Description = "The seed of everything random" };
        Option<string?> budget = new("--budget") { Description = "nnunet: plan a segmentation with nnU-Net's constants for a GPU of --memory (8GB) instead of for this machine" };
        Option<bool> grow = new("--grow") { Description = "Volumes: learn from slices first, then go on in volumes by ACS convolutions with the slices' weights" };
        Option<bool> planOnly = new("--plan") { Description = "Only write the run folder with its recipe.json, which may then be changed, and trained with --resume" };
        Option<bool> resume = new("--resume") { Description = "Go on with the run in --out, to --epochs or --minutes in all where given" };
        Option<bool> numerics = new("--check-numerics") { Description = "Name the first layer that makes a NaN or an infinity" };
        Option<bool> json = CommonOptions.Json();
        Command command = new("train", "Train a network on a folder") { data, run, model, epochs, minutes, batch, rate, width, patch, patience, fold, folds, augmentation, borders, seed, budget, grow, planOnly, resume, numerics, json };
        command.SetAction(parsed =>
        {
            Settings.CheckNumerics = parsed.GetValue(numerics);
            string path = parsed.GetRequiredValue(data);
            bool nnUNet = parsed.GetValue(budget) switch
            {
                null => false,
                "nnunet" => true,
                { } unknown => throw new InvalidArgumentException($"--budget knows nnunet, got '{unknown}'"),
            };
            // --memory is the whole process's; by nnU-Net's budget it is a GPU's, and only plans.
            long? total = parsed.GetValue(CommonOptions.Memory) is { } given ? ByteSize.Parse(given) : null;
            TrainingMemory? memory = total is { } bytes && !nnUNet ? TrainingMemory.Of(bytes) : null;
            Settings.MemoryLimit = memory?.Plan;
            DatasetOptions options = memory is null ? new() : new() { CacheBytes = memory.Cache };
            TrainingWishes wishes = new()
            {
                Model = parsed.GetValue(model),
                Epochs = parsed.GetValue(epochs),
                Minutes = parsed.GetValue(minutes),
                BatchSize = parsed.GetValue(batch),
                LearningRate = parsed.GetValue(rate),
                BaseWidth = parsed.GetValue(width),
                Patch = parsed.GetValue(patch),
                Patience = parsed.GetValue(patience),
                MemoryBytes = nnUNet ? total : memory?.Plan,
                NnUNet = nnUNet,
                Grow = parsed.GetValue(grow),
                Fold = parsed.GetValue(fold),
                Folds = parsed.GetValue(folds),
                Augmentation = parsed.GetValue(augmentation),
                BorderWeights = parsed.GetValue(borders),
                Seed = parsed.GetValue(seed),
            };
            if (!parsed.GetValue(resume))
                return Train(path, parsed.GetValue(run), wishes, parsed.GetValue(json), parsed.GetValue(planOnly), options);
            if (((Option[])[model, batch, rate, width, patch, fold, folds, augmentation, borders, seed, budget, grow, planOnly]).FirstOrDefault(o => parsed.GetResult(o) is { Implicit: false }) is { } other)
                throw new InvalidArgumentException($"--resume goes on with the run's own recipe: leave out {other.Name} (--epochs, --minutes and --patience may change)");
            return Resume(path, parsed.GetValue(run) ?? throw new InvalidArgumentException("--resume needs the run to go on with: --out RUN"), wishes, parsed.GetValue(json), options);
        });
        return command;
    }

    /// <summary>A new training; also what the demo does.</summary>
    public static int Train(string path, string? out_, TrainingWishes wishes, bool json, bool planOnly = false, DatasetOptions? options = null)
    {
        Stopwatch clock = Stopwatch.StartNew();
        Dataset dataset = Dataset.Open(path, options);
        Recipe recipe = RecipeMaker.Make(dataset, path, wishes);
        Recipe first = CrossValidation.IsOf(recipe) ? CrossValidation.RecipeOf(recipe, 0) : recipe;
        TrainingData split = TrainingData.Split(dataset, first);
        using RunFolder run = Runs.Create(out_ ?? FreeName(path, recipe.Model), recipe);
        if (!json)
        {
            Console.WriteLine(dataset.Describe());
            if (dataset.Labels is { } labels)
                Console.WriteLine($"mask values: {labels}");
            foreach (Finding warning in dataset.Warnings)
                Console.WriteLine($"warning: {warning}");
            foreach (PlanChoice choice in recipe.Choices)
                Console.WriteLine($"  {choice.Label,-17} {choice.Value}: {choice.Reason}{(choice.Source is { } source ? $" [{source}]" : "")}");
        }
        if (planOnly)
        {
            if (json)
                Output.Json(w =>
                {
                    w.WriteStartObject();
                    w.WriteString("run", run.FolderPath);
                    w.WriteEndObject();
                });
            else
                Console.WriteLine($"plan    {run.RecipePath}; train it with: volute train {path} --resume --out {run.FolderPath}");
            return 0;
        }
        double spent = clock.Elapsed.TotalSeconds;
        if (!json)
            Console.WriteLine($"  {"Ends",-17} {End(recipe, split, spent)}");
        return Work(run, recipe, dataset, json, spent);
    }

    /// <summary>When a training will end: at the end of its minutes, or by the steps of its epochs, a few of which are done for it.</summary>
    private static string End(Recipe recipe, TrainingData data, double spent)
    {
        if (recipe.Minutes is { } minutes)
            return $"at {DateTime.Now.AddSeconds(minutes * 60 - spent):HH:mm:ss}, all included";
        StepCost cost = StepProbe.Measure(recipe, data, seconds: 2, most: 5);
        int steps = (CrossValidation.IsOf(recipe) ? recipe.Folds!.Value : 1) * recipe.Epochs!.Value * TaskHead.Create(recipe, data).Loader().BatchesPerEpoch;
        return string.Create(CultureInfo.InvariantCulture, $"about {DateTime.Now.AddSeconds(steps * cost.Seconds):HH:mm:ss}, then come validations and the final scoring: {steps:N0} steps of {cost.Seconds * 1000:F0} ms");
    }

    private static int Resume(string path, string out_, TrainingWishes wishes, bool json, DatasetOptions options)
    {
        using RunFolder run = RunFolder.Open(out_);
        Recipe recipe = RecipeMaker.Extend(Runs.Recipe(run), wishes);
        Dataset dataset = Dataset.Open(path, options with { Classes = recipe.Classes, Labels = recipe.Labels is { } text ? LabelMap.FromJson(text) : null });
        Runs.Save(run, recipe);
        if (!json)
            Console.WriteLine($"going on with {run.Name}");
        return Work(run, recipe, dataset, json);
    }

    private static int Work(RunFolder run, Recipe recipe, Dataset dataset, bool json, double spent = 0)
    {
        using CancellationTokenSource cancel = new();
        // The first Ctrl-C ends the step and saves; the default of a second one ends the process.
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
        {
            signal.Cancel = !cancel.IsCancellationRequested;
            cancel.Cancel();
        });
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = !cancel.IsCancellationRequested;
            cancel.Cancel();
        });
        (TrainingEnd end, RunSummary? summary, Plan? step) = CrossValidation.IsOf(recipe)
            ? TrainFolds(run, recipe, dataset, json, spent, cancel.Token) : TrainOne(run, recipe, dataset, json, spent, cancel.Token);
        if (json)
        {
            Output.Json(w =>
            {
                w.WriteStartObject();
                w.WriteString("run", run.FolderPath);
                w.WriteString("end", end.ToString().ToLowerInvariant());
                w.WriteNumber("epochs", summary?.Epochs ?? 0);
                if (summary is not null)
                    w.WriteNumber("seconds", summary.Seconds);
                w.WriteStartObject("metrics");
                foreach (var (name, value) in summary?.Metrics ?? new Dictionary<string, double?>())
                    w.WriteMetric(name, value);
                w.WriteEndObject();
                w.WriteEndObject();
            });
            return 0;
        }
        Console.WriteLine(end switch
        {
            TrainingEnd.Cancelled => $"stopped; go on with: volute train {recipe.Data} --resume --out {run.FolderPath}",
            TrainingEnd.StoppedEarly => $"stopped: no better validation for {recipe.Patience} epochs",
            _ => $"finished {(step is null ? "already, " : "")}after {summary!.Epochs} epochs{(summary.Folds.Count > 0 ? $" of {summary.Folds.Count} folds" : "")}",
        });
        if (step is null && end == TrainingEnd.Finished)
            Console.WriteLine($"nothing is left to train; go on for longer with: volute train {recipe.Data} --resume --out {run.FolderPath} {(recipe.Minutes is null ? "--epochs" : "--minutes")} N");
        if (summary is null)
            return 0;
        foreach (string name in summary.Evaluation.Task == "segmentation" ? (string[])["dice", "iou", "pixelAccuracy"] : ["accuracy"])
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name} {summary.Metrics.GetValueOrDefault(name):F4}: {summary.Evaluation.Definitions.GetValueOrDefault(name)}"));
        if (step is { } plan)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"memory  {plan.PeakBytes / 1e6:F0} MB for a step{(plan.RecomputedShare > 0 ? $"; about {plan.RecomputedShare:P0} of its time goes to values that are computed twice to save memory" : "")}"));
        Console.WriteLine($"run     {run.FolderPath}\nreport  {run.ReportPath}");
        return 0;
    }

    private static (TrainingEnd, RunSummary?, Plan?) TrainOne(RunFolder run, Recipe recipe, Dataset dataset, bool json, double spent, CancellationToken cancellation)
    {
        TrainingData data = TrainingData.Split(dataset, recipe);
        var (end, trainer) = TrainingStages.Run(run, recipe, data, spent, (stage, onSlices) => Show(stage, onSlices, recipe, json, cancellation));
        if (trainer is { WasFinished: true } && Standing(run, trainer.State.Epoch) is { } found)
            return (end, found, null);
        return (end, trainer is null ? null : RunOutcome.Write(run, recipe, data, trainer.State), trainer?.StepPlan);
    }

    private static (TrainingEnd, RunSummary?, Plan?) TrainFolds(RunFolder run, Recipe recipe, Dataset dataset, bool json, double spent, CancellationToken cancellation)
    {
        var (end, states, step) = CrossValidation.Train(run, recipe, dataset, spent, (fold, stage, onSlices) =>
        {
            if (!json)
                Console.WriteLine($"fold {fold} of {recipe.Folds}");
            return Show(stage, onSlices, recipe, json, cancellation);
        });
        if (step is null && end != TrainingEnd.Cancelled && Standing(run, states.Sum(state => state.Epoch)) is { } found)
            return (end, found, null);
        return (end, states.Count == 0 ? null : RunOutcome.WriteFolds(run, recipe, dataset, states), step);
    }

    /// <summary>What was found of a run on which nothing was trained since.</summary>
    private static RunSummary? Standing(RunFolder run, int epochs)
        => File.Exists(run.SummaryPath) && run.ReadSummary() is var summary && summary.Epochs == epochs ? summary : null;

    private static TrainingEnd Show(Trainer stage, bool onSlices, Recipe recipe, bool json, CancellationToken cancellation)
    {
        if (recipe.Growth is not null && !json)
            Console.WriteLine(onSlices ? "on slices:" : "in volumes:");
        return TrainingDisplay.Run(stage, quiet: json, cancellation);
    }

    private static string FreeName(string path, string model)
    {
        string data = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        for (int number = 1; ; number++)
        {
            string name = Path.Combine("runs", $"{data}-{model}-{number}");
            if (!Directory.Exists(name))
                return name;
        }
    }
}
