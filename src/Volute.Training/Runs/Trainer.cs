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
    // Kept of the minutes for what follows the last step, until it is known.
    private const double FirstReserve = 0.1, LargestReserve = 0.5;

    private readonly RunFolder _run;
    private readonly Recipe _recipe;
    private readonly Module _network;
    private readonly Optimizer _optimizer;
    private readonly Loader _loader;
    private readonly TaskHead _head;
    private readonly Stopwatch _clock = new();
    private CheckpointState _state;
    private double? _outcome;
    private double _reserve;

    /// <summary>A training of <paramref name="recipe"/> in <paramref name="run"/>; it goes on where a checkpoint is there.</summary>
    /// <param name="run">Held for training.</param>
    /// <param name="recipe">What is trained.</param>
    /// <param name="data">What on.</param>
    /// <param name="spent">Seconds of the recipe's minutes that planning took; a training that goes on has them behind it.</param>
    /// <param name="beginning">A file of weights that a new training begins with.</param>
    public Trainer(RunFolder run, Recipe recipe, TrainingData data, double spent = 0, string? beginning = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(data);
        (_run, _recipe) = (run, recipe);
        Settings.Seed = recipe.Seed;
        _network = recipe.CreateNetwork();
        _optimizer = recipe.CreateOptimizer(_network);
        _head = TaskHead.Create(recipe, data);
        _loader = _head.Loader();
        _state = new CheckpointState(0, 0, 0, Settings.RandomPosition, spent, 0, null, 0) { Begun = spent };
        _reserve = FirstReserve * 60 * recipe.Minutes ?? 0;
        if (File.Exists(LastPath))
        {
            _state = Checkpoint.Load(LastPath, _network, _optimizer)!;
            Settings.RandomPosition = _state.RandomStream;
            if (_recipe.Minutes is { } minutes && _state.Reserve is { } reserve)
                _reserve = Math.Min(reserve, LargestReserve * 60 * minutes);
        }
        else if (beginning is not null)
        {
            Checkpoint.Load(beginning, _network);
        }
        WasFinished = _state.Epoch > 0 && (IsOver(_state.Seconds) || HasNoPatience);
    }

    /// <summary>The network in training.</summary>
    public Module Network => _network;

    /// <summary>Where it stands.</summary>
    public CheckpointState State => _state;

    /// <summary>The plan of the last training step; null before the first.</summary>
    public Plan? StepPlan => _optimizer.LastPlan;

    /// <summary>Whether all epochs, or the time, were used before it began: there is nothing left to train.</summary>
    public bool WasFinished { get; }

    /// <summary>Whether a training in this run has been stopped or ended before, and would go on.</summary>
    public static bool HasBegun(RunFolder run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return File.Exists(Last(run));
    }

    private string LastPath => Last(_run);

    private static string Last(RunFolder run) => Path.Combine(run.CheckpointPath, "last.safetensors");

    /// <summary>Trains to the end, or until cancelled, when all is saved so that it can be resumed.</summary>
    public TrainingEnd Run(Action<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        if (WasFinished)
            return IsOver(_state.Seconds) ? TrainingEnd.Finished : TrainingEnd.StoppedEarly;
        Directory.CreateDirectory(_run.CheckpointPath);
        TrainingLog log = _run.OpenLog(_head.Metrics, _state.Epoch);
        _clock.Restart();
        double before = _state.Seconds;
        // Where planning took all the time, one step is still something to predict with.
        while (!IsOver(Seconds(before)) || _state.Epoch == 0)
        {
            if (HasNoPatience)
                return TrainingEnd.StoppedEarly;
            double epochStart = Seconds(before);
            if (!TrainEpoch(before, progress, cancellation))
            {
                Save(before);
                return TrainingEnd.Cancelled;
            }
            double validationStart = Seconds(before);
            TrainingLogRow row = Validate(epochStart, before);
            log.Append(row);
            Reserve(Seconds(before) - validationStart, before);
            Save(before);
            progress?.Invoke(new TrainingProgress(_state.Epoch, _recipe.Epochs, _loader.BatchesPerEpoch, _loader.BatchesPerEpoch, row.TrainLoss, Share(before), row));
        }
        // The minutes may have ended while the last epoch was saved: who resumes it is to know.
        if (!IsOver(_state.Seconds))
            Save(before);
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
            _optimizer.LearningRate = _recipe.Rate(Share(before));
            Tensor loss = _head.Loss(_network, batch);
            batch.Dispose();
            _optimizer.Step(loss);
            double value = loss.Item();
            if (!double.IsFinite(value))
                throw Diverged($"the loss became {(double.IsNaN(value) ? "NaN" : "infinite")}");
            _state = _state with { Batch = _state.Batch + 1, Step = _optimizer.Steps, LossSum = _state.LossSum + value };
            progress?.Invoke(new TrainingProgress(_state.Epoch + 1, _recipe.Epochs, _state.Batch, batches, _state.LossSum / _state.Batch, Share(before), null));
            if (_recipe.Minutes is not null && IsOver(Seconds(before)))
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
        double score = result.Score;
        if (_recipe.ScoreMemory is { } memory)
        {
            score = memory * (_state.MovingScore ?? score) + (1 - memory) * score;
            _state = _state with { MovingScore = score };
        }
        if (_state.BestScore is not { } best || score > best)
        {
            _state = _state with { BestScore = score, BestEpoch = _state.Epoch };
            Checkpoint.Save(_run.ModelPath, _network);
        }
        return new TrainingLogRow(_state.Epoch, _state.Step, _optimizer.LearningRate, trainLoss, result.Loss, result.Metrics, Seconds(before) - epochStart);
    }

    private VoluteException Diverged(string what) => new($"{what} at step {_optimizer.Steps} (epoch {_state.Epoch + 1}); "
        + (File.Exists(LastPath) ? "the last checkpoint is kept. " : "there is no checkpoint yet. ")
        + "Train with a lower learning rate, or with --check-numerics to find the layer");

    private void Save(double before)
    {
        _state = _state with { Seconds = Seconds(before), RandomStream = Settings.RandomPosition, Reserve = _recipe.Minutes is null ? null : _reserve };
        Checkpoint.Save(LastPath, _network, _optimizer, _state);
        if (!File.Exists(_run.ModelPath))
            Checkpoint.Save(_run.ModelPath, _network);
    }

    /// <summary>Keeps of the minutes what a last validation and the final scoring will take, so that all ends on time; the latter is tried once.</summary>
    private void Reserve(double validation, double before)
    {
        if (_recipe.Minutes is not { } minutes || IsOver(Seconds(before)))
            return;
        _outcome ??= _head.OutcomeSeconds(_network, validation);
        _reserve = Math.Min(validation + _outcome.Value, LargestReserve * 60 * minutes);
    }

    private double Seconds(double before) => before + _clock.Elapsed.TotalSeconds;

    private bool HasNoPatience => _recipe.Patience is { } patience && _state.BestEpoch > 0 && _state.Epoch - _state.BestEpoch >= patience;

    private bool IsOver(double seconds)
        => _recipe.Minutes is { } minutes ? seconds >= minutes * 60 - _reserve : _state.Epoch >= _recipe.Epochs;

    /// <summary>The share of the training that is done: of its time, or of its steps.</summary>
    private double Share(double before) => Math.Clamp(_recipe.Minutes is { } minutes
        ? (Seconds(before) - _state.Begun) / (minutes * 60 - _reserve - _state.Begun)
        : (_state.Epoch * (double)_loader.BatchesPerEpoch + _state.Batch) / ((double)_recipe.Epochs! * _loader.BatchesPerEpoch), 0, 1);
}
