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
public static unsafe class Team
{
    private const int Spins = 2000;

    private static readonly Lock Gate = new();
    private static readonly List<Thread> Workers = [];
    private static readonly SemaphoreSlim Wake = new(0);
    private static delegate*<void*, int, void> _run;
    private static void* _body;
    private static int _chunks, _next, _active, _sleeping, _threads = Environment.ProcessorCount;
    private static long _order; // the number of the piece of work, and in its low 16 bits how many workers it asks for: read together
    private static Exception? _failure;

    /// <summary>How many threads work, the caller's included; the number of processors unless set.</summary>
    public static int Threads
    {
        get => _threads;
        set
        {
            if (value < 1)
                throw new InvalidArgumentException($"threads must be >= 1, got {value}");
            lock (Gate)
                _threads = value;
        }
    }

    /// <summary>Runs chunks 0..count−1 of <paramref name="body"/> and returns when all are done. Within a chunk, or while another thread uses the team, it runs on the caller alone.</summary>
    public static void Run<TBody>(int count, ref TBody body) where TBody : struct, IChunks
    {
        if (count <= 1 || _threads == 1 || !Gate.TryEnter())
        {
            for (int chunk = 0; chunk < count; chunk++)
                body.Run(chunk);
            return;
        }
        try
        {
            // A chunk that calls the team again finds it busy: the lock is reentrant, so ask.
            if (_body != null)
            {
                for (int chunk = 0; chunk < count; chunk++)
                    body.Run(chunk);
                return;
            }
            Start(Math.Min(_threads, count) - 1, count, &Invoke<TBody>, Unsafe.AsPointer(ref body));
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
        {
            int index = Workers.Count;
            Thread thread = new(() => Work(index)) { IsBackground = true, Name = $"Volute worker {index}" };
            Workers.Add(thread);
            thread.Start();
        }
        _run = run;
        _body = body;
        _chunks = count;
        _failure = null;
        _next = 0;
        Volatile.Write(ref _active, helpers);
        Interlocked.Exchange(ref _order, ((_order >> 16) + 1) << 16 | (long)helpers);
        int asleep = Interlocked.Exchange(ref _sleeping, 0);
        if (asleep > 0)
            Wake.Release(asleep);
        Take();
        SpinWait spin = new();
        while (Volatile.Read(ref _active) != 0)
            spin.SpinOnce(sleep1Threshold: -1);
        _body = null;
        if (_failure is { } failure)
            ExceptionDispatchInfo.Throw(failure);
    }

    private static void Take()
    {
        try
        {
            for (int chunk; (chunk = Interlocked.Increment(ref _next) - 1) < _chunks;)
                _run(_body, chunk);
        }
        catch (Exception e)
        {
            Volatile.Write(ref _next, _chunks);
            Interlocked.CompareExchange(ref _failure, e, null);
        }
    }

    private static void Work(int index)
    {
        long seen = 0;
        while (true)
        {
            // Between the steps of a plan the next piece comes within microseconds: spin a little before sleeping.
            for (int i = 0; i < Spins && Volatile.Read(ref _order) == seen; i++)
                Thread.SpinWait(8);
            while (Volatile.Read(ref _order) == seen)
            {
                Interlocked.Increment(ref _sleeping);
                if (Volatile.Read(ref _order) != seen)
                    break;
                Wake.Wait();
            }
            seen = Volatile.Read(ref _order);
            if (index < (seen & 0xFFFF))
            {
                Take();
                Interlocked.Decrement(ref _active);
            }
        }
    }
}
