using System.Diagnostics;

namespace Volute.Training;

/// <summary>Where a running training stands, for whoever shows it.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Epochs">All epochs, or null where time decides.</param>
/// <param name="Batch">Batches done of it.</param>
/// <param name="Batches">Batches of it.</param>
/// <param name="Loss">The mean loss of the epoch so far.</param>
/// <param name="Share">The share of the whole training that is done, 0 to 1.</param>
/// <param name="Finished">The finished epoch's row, or null within an epoch.</param>
public readonly record struct TrainingProgress(int Epoch, int? Epochs, int Batch, int Batches, double Loss, double Share, TrainingLogRow? Finished);

/// <summary>How a training ended.</summary>
public enum TrainingEnd
{
    /// <summary>All epochs, or the time, were used.</summary>
    Finished,

    /// <summary>Validation did not improve any more.</summary>
    StoppedEarly,

    /// <summary>It was cancelled; it can be resumed.</summary>
    Cancelled,
}

/// <summary>Trains a network in a run folder: epochs with validation, best weights, checkpoints from which it goes on with the same bits.</summary>
public sealed class Trainer
{
    private readonly RunFolder _run;
    private readonly Recipe _recipe;
    private readonly Module _network;
    private readonly Optimizer _optimizer;
    private readonly Loader _loader;
    private readonly TaskHead _head;
    private readonly Stopwatch _clock = new();
    private CheckpointState _state;

    /// <summary>A training of <paramref name="recipe"/> in <paramref name="run"/>; it goes on where a checkpoint is there.</summary>
    public Trainer(RunFolder run, Recipe recipe, TrainingData data)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(data);
        (_run, _recipe) = (run, recipe);
        Settings.Seed = recipe.Seed;
        _network = recipe.CreateNetwork();
        _optimizer = new AdamW(_network.Parameters(), recipe.LearningRate, weightDecay: recipe.WeightDecay);
        _head = TaskHead.Create(recipe, data);
        _loader = _head.Loader();
        _state = new CheckpointState(0, 0, 0, Settings.RandomPosition, 0, 0, null, 0);
        if (File.Exists(LastPath))
        {
            _state = Checkpoint.Load(LastPath, _network, _optimizer)!;
            Settings.RandomPosition = _state.RandomStream;
        }
    }

    /// <summary>The network in training.</summary>
    public Module Network => _network;

    /// <summary>Where it stands.</summary>
    public CheckpointState State => _state;

    /// <summary>The plan of the last training step; null before the first.</summary>
    public Plan? StepPlan => _optimizer.LastPlan;

    private string LastPath => Path.Combine(_run.CheckpointPath, "last.safetensors");

    /// <summary>Trains to the end, or until cancelled, when all is saved so that it can be resumed.</summary>
    public TrainingEnd Run(Action<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        Directory.CreateDirectory(_run.CheckpointPath);
        TrainingLog log = _run.OpenLog(_head.Metrics, _state.Epoch);
        _clock.Restart();
        double before = _state.Seconds;
        while (!IsOver(before))
        {
            if (_recipe.Patience is { } patience && _state.BestEpoch > 0 && _state.Epoch - _state.BestEpoch >= patience)
                return TrainingEnd.StoppedEarly;
            double epochStart = Seconds(before);
            if (!TrainEpoch(before, progress, cancellation))
            {
                Save(before);
                return TrainingEnd.Cancelled;
            }
            TrainingLogRow row = Validate(epochStart, before);
            log.Append(row);
            Save(before);
            progress?.Invoke(new TrainingProgress(_state.Epoch, _recipe.Epochs, _loader.BatchesPerEpoch, _loader.BatchesPerEpoch, row.TrainLoss, Share(before), row));
        }
        return TrainingEnd.Finished;
    }

    private bool TrainEpoch(double before, Action<TrainingProgress>? progress, CancellationToken cancellation)
    {
        _network.Train();
        int batches = _loader.BatchesPerEpoch;
        foreach (Batch batch in _loader.Epoch(_state.Epoch, _state.Batch, CancellationToken.None))
        {
            if (cancellation.IsCancellationRequested)
                return false;
            _optimizer.LearningRate = OneCycle(_recipe.LearningRate, Share(before));
            Tensor loss = _head.Loss(_network, batch);
            batch.Dispose();
            _optimizer.Step(loss);
            double value = loss.Item();
            if (!double.IsFinite(value))
                throw Diverged($"the loss became {(double.IsNaN(value) ? "NaN" : "infinite")}");
            _state = _state with { Batch = _state.Batch + 1, Step = _optimizer.Steps, LossSum = _state.LossSum + value };
            progress?.Invoke(new TrainingProgress(_state.Epoch + 1, _recipe.Epochs, _state.Batch, batches, _state.LossSum / _state.Batch, Share(before), null));
            if (_recipe.Minutes is not null && IsOver(before))
                break;
        }
        return true;
    }

    private TrainingLogRow Validate(double epochStart, double before)
    {
        // The last step's weights have not met a loss yet, and must not replace a good checkpoint.
        if (_network.State().FirstOrDefault(p => p.ToArray().AsSpan().ContainsAnyExceptInRange(float.MinValue, float.MaxValue)) is { } broken)
            throw Diverged($"'{broken.Name}' became NaN or infinite");
        double trainLoss = _state.LossSum / Math.Max(1, _state.Batch);
        _network.Eval();
        ValidationResult result = _head.Validate(_network);
        _state = _state with { Epoch = _state.Epoch + 1, Batch = 0, LossSum = 0 };
        if (_state.BestScore is not { } best || result.Score > best)
        {
            _state = _state with { BestScore = result.Score, BestEpoch = _state.Epoch };
            Checkpoint.Save(_run.ModelPath, _network);
        }
        return new TrainingLogRow(_state.Epoch, _state.Step, _optimizer.LearningRate, trainLoss, result.Loss, result.Metrics, Seconds(before) - epochStart);
    }

    private VoluteException Diverged(string what) => new($"{what} at step {_optimizer.Steps} (epoch {_state.Epoch + 1}); "
        + (File.Exists(LastPath) ? "the last checkpoint is kept. " : "there is no checkpoint yet. ")
        + "Train with a lower learning rate, or with --check-numerics to find the layer");

    private void Save(double before)
    {
        _state = _state with { Seconds = Seconds(before), RandomStream = Settings.RandomPosition };
        Checkpoint.Save(LastPath, _network, _optimizer, _state);
        if (!File.Exists(_run.ModelPath))
            Checkpoint.Save(_run.ModelPath, _network);
    }

    /// <summary>One cycle (Smith and Topin, 2018): from 1/25 of the rate to all of it in the first quarter, then down to 1/10,000, along half cosines.</summary>
    private static double OneCycle(double rate, double share)
    {
        const double Rise = 0.25;
        static double Between(double from, double to, double at) => to + (from - to) * (1 + Math.Cos(Math.PI * at)) / 2;
        return share < Rise ? Between(rate / 25, rate, share / Rise) : Between(rate, rate / 1e4, (share - Rise) / (1 - Rise));
    }

    private double Seconds(double before) => before + _clock.Elapsed.TotalSeconds;

    private bool IsOver(double before)
        => _recipe.Minutes is { } minutes ? Seconds(before) >= minutes * 60 : _state.Epoch >= _recipe.Epochs;

    /// <summary>The share of the training that is done: of its time, or of its steps.</summary>
    private double Share(double before) => Math.Clamp(_recipe.Minutes is { } minutes
        ? Seconds(before) / (minutes * 60)
        : (_state.Epoch * (double)_loader.BatchesPerEpoch + _state.Batch) / ((double)_recipe.Epochs! * _loader.BatchesPerEpoch), 0, 1);
}
