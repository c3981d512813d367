using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Volute.Kernels;

/// <summary>A piece of work cut into numbered chunks; chunks may run in any order, on any thread, and write to places of their own.</summary>
public interface IChunks
{
    /// <summary>Does chunk <paramref name="chunk"/>.</summary>
    void Run(int chunk);
}

/// <summary>
/// The one pool of worker threads. Work is cut by the problem's shape, never by the number of threads, and every chunk has its own place for its
/// result: so the bits do not depend on how many threads there are, nor on which of them took which chunk.
/// </summary>
/// <remarks>
/// Each thread begins with its own share of neighbouring chunks, the same share of every piece of work: what it wrote it will mostly read next, from its
/// own cache. Who has done with his share takes from the far ends of the others'.
/// </remarks>
public static unsafe class Team
{
    private const int Spins = 2000;

    // Numbers of a line of the caches.
    private const int Line = 8;

    private static readonly Lock Gate = new();
    private static readonly List<Worker> Workers = [];
    private static delegate*<void*, int, void> _run;
    private static void* _body;
    private static int _helpers, _inside, _threads = Environment.ProcessorCount;
    private static long _order, _open; // the number of the latest piece of work; the same while it takes in workers, else 0
    private static Exception? _failure;

    // For each thread, the caller first, the chunks of its share that are left: the first in the lower half, the end in the upper; a line of the caches each.
    private static long[] _shares = new long[Line];

    /// <summary>
    /// How many threads work, the caller's included; the number of processors unless set. Holds from the next <see cref="Run"/> on.
    /// </summary>
    public static int Threads
    {
        get => Volatile.Read(ref _threads);
        set
        {
            if (value is < 1 or > 1024)
                throw new InvalidArgumentException($"threads must be 1..1024, got {value}");
            Volatile.Write(ref _threads, value);
        }
    }

    /// <summary>
    /// Runs chunks 0..count−1 of <paramref name="body"/> and returns when all are done. Within a chunk, or while another thread uses the team, it
    /// runs on the caller alone.
    /// </summary>
    /// <remarks>The first exception of a chunk is thrown here, as it was; chunks not yet begun are left out.</remarks>
    public static void Run<TBody>(int count, ref TBody body) where TBody : struct, IChunks
    {
        int threads = Threads;
        if (count <= 1 || threads == 1 || Gate.IsHeldByCurrentThread || !Gate.TryEnter())
        {
            for (int chunk = 0; chunk < count; chunk++)
                body.Run(chunk);
            return;
        }
        try
        {
            // The workers need an address that stays: the caller's own variable might lie in an object, which the collector moves.
            TBody local = body;
            Start(Math.Min(threads, count) - 1, count, &Invoke<TBody>, Unsafe.AsPointer(ref local));
            body = local;
        }
        finally
        {
            Gate.Exit();
        }
    }

    private static void Invoke<TBody>(void* body, int chunk) where TBody : struct, IChunks => Unsafe.AsRef<TBody>(body).Run(chunk);

    private static void Start(int helpers, int count, delegate*<void*, int, void> run, void* body)
    {
        while (Workers.Count < helpers)
            Workers.Add(new(Workers.Count));
        if (_shares.Length < (helpers + 1) * Line)
            _shares = new long[(helpers + 1) * Line];
        for (int thread = 0; thread <= helpers; thread++)
            _shares[thread * Line] = Share((int)((long)count * thread / (helpers + 1)), (int)((long)count * (thread + 1) / (helpers + 1)));
        _run = run;
        _body = body;
        _helpers = helpers;
        _failure = null;
        Interlocked.Exchange(ref _open, _order + 1);
        Interlocked.Increment(ref _order);
        for (int i = 0; i < helpers; i++)
            Workers[i].Wake();
        Take(0);
        // Whoever is not inside by now is not waited for: a worker that wakes late finds the door closed.
        Interlocked.Exchange(ref _open, 0);
        SpinWait spin = new();
        while (Volatile.Read(ref _inside) != 0)
            spin.SpinOnce(sleep1Threshold: -1);
        if (_failure is { } failure)
            ExceptionDispatchInfo.Throw(failure);
    }

    private static long Share(int first, int end) => (uint)first | (long)end << 32;

    /// <summary>Chunks of a thread's own share, then of the others'.</summary>
    private static void Take(int thread)
    {
        int threads = _helpers + 1;
        try
        {
            for (int i = 0; i < threads; i++)
            {
                ref long share = ref _shares[(thread + i) % threads * Line];
                while (TryTake(ref share, own: i == 0, out int chunk))
                    _run(_body, chunk);
            }
        }
        catch (Exception e)
        {
            for (int other = 0; other < threads; other++)
                Volatile.Write(ref _shares[other * Line], 0);
            Interlocked.CompareExchange(ref _failure, e, null);
        }
    }

    /// <summary>The first chunk of one's own share, or the last of another's.</summary>
    private static bool TryTake(ref long share, bool own, out int chunk)
    {
        while (true)
        {
            long left = Volatile.Read(ref share);
            int first = (int)left, end = (int)(left >> 32);
            chunk = own ? first : end - 1;
            if (first >= end)
                return false;
            if (Interlocked.CompareExchange(ref share, own ? Share(first + 1, end) : Share(first, end - 1), left) == left)
                return true;
        }
    }

    /// <summary>A thread that helps. Each has a bell of its own, rung once for each time it lay down: none can hear another's.</summary>
    private sealed class Worker
    {
        private readonly SemaphoreSlim _bell = new(0);
        private readonly int _index;
        private int _asleep = 1;

        public Worker(int index)
        {
            _index = index;
            new Thread(Work) { IsBackground = true, Name = $"Volute worker {index}" }.Start();
        }

        public void Wake()
        {
            if (Interlocked.Exchange(ref _asleep, 0) == 1)
                _bell.Release();
        }

        private void Work()
        {
            // Asleep from birth: only pieces that want this worker wake it.
            _bell.Wait();
            long seen = 0;
            while (true)
            {
                long order = Volatile.Read(ref _order);
                if (order != seen)
                {
                    seen = order;
                    // Enter first, then look whether the door is still open; the caller closes it first, then looks who is inside.
                    Interlocked.Increment(ref _inside);
                    if (Volatile.Read(ref _open) == order && _index < _helpers)
                        Take(_index + 1);
                    Interlocked.Decrement(ref _inside);
                }
                Rest(seen);
            }
        }

        /// <summary>Returns when there is work newer than <paramref name="seen"/>, or perhaps earlier.</summary>
        private void Rest(long seen)
        {
            // Between the steps of a plan the next piece comes within microseconds: spin a little before sleeping.
            for (int i = 0; i < Spins; i++)
            {
                if (Volatile.Read(ref _order) != seen)
                    return;
                Thread.SpinWait(8);
            }
            Interlocked.Exchange(ref _asleep, 1);
            // Work that came in between may have missed that; if it did not, the bell rings and must be heard.
            if (Volatile.Read(ref _order) == seen || Interlocked.Exchange(ref _asleep, 0) == 0)
                _bell.Wait();
        }
    }
}
