using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Volute.Training;

/// <summary>
/// Makes batches on a thread of its own while the caller works on those before. An epoch is a pure function of the options and its number: it can
/// be taken up again from any batch.
/// </summary>
public sealed class Loader
{
    private readonly LoaderOptions options;
    private readonly ConcurrentBag<Batch> returned = [];

    /// <summary>A loader of <paramref name="data"/>.</summary>
    /// <exception cref="InvalidArgumentException">An option is outside its rule.</exception>
    public Loader(Dataset data, LoaderOptions options)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        options.Check(data);
        Data = data;
        this.options = options;
    }

    /// <summary>Where the samples come from.</summary>
    public Dataset Data { get; }

    /// <summary>Samples, or patches of them, in an epoch.</summary>
    public long Count => (long)(options.Indices?.Count ?? Data.Count) * options.CropsPerSample;

    /// <summary>Batches of an epoch.</summary>
    public int BatchesPerEpoch => checked((int)((Count + (options.DropLast ? 0 : options.BatchSize - 1)) / options.BatchSize));

    /// <summary>
    /// The batches of an epoch. They are made ahead on a background thread, which ends when the enumeration does; its errors come out here,
    /// as they were thrown, after the batches before them.
    /// </summary>
    /// <param name="epoch">The epoch's number, from 0: it decides order, crops and augmentation.</param>
    /// <param name="firstBatch">
    /// The batches to leave out, after a run was interrupted; those that follow are the same as without the interruption.
    /// </param>
    /// <param name="cancellation">Ends the epoch with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="InvalidArgumentException">A negative epoch, or a first batch outside the epoch.</exception>
    public IEnumerable<Batch> Epoch(int epoch, int firstBatch = 0, CancellationToken cancellation = default)
    {
        if (epoch < 0)
            throw new InvalidArgumentException($"epochs count from 0, got {epoch}");
        if (firstBatch < 0 || firstBatch > BatchesPerEpoch)
            throw new InvalidArgumentException($"the first batch must be 0 to {BatchesPerEpoch}, got {firstBatch}");
        return Batches(epoch, firstBatch, cancellation);
    }

    private IEnumerable<Batch> Batches(int epoch, int firstBatch, CancellationToken cancellation)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using BlockingCollection<Batch> ready = new(options.Prefetch);
        ExceptionDispatchInfo? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                BatchMaker maker = new(Data, options, returned);
                int[] order = maker.Order(epoch);
                for (int batch = firstBatch; batch < BatchesPerEpoch; batch++)
                    ready.Add(maker.Make(epoch, order, batch, stop.Token), stop.Token);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // The caller has what it wanted.
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
            finally
            {
                ready.CompleteAdding();
            }
        })
        { IsBackground = true, Name = "Volute loader" };
        thread.Start();
        try
        {
            foreach (Batch batch in ready.GetConsumingEnumerable(CancellationToken.None))
            {
                cancellation.ThrowIfCancellationRequested();
                yield return batch;
            }
            cancellation.ThrowIfCancellationRequested();
            failure?.Throw();
        }
        finally
        {
            // Wakes a thread that waits for room; one within a sample ends it first.
            stop.Cancel();
            thread.Join();
        }
    }
}
