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
    private static readonly List<Worker> Workers = [];
    private static delegate*<void*, int, void> _run;
    private static void* _body;
    private static int _chunks, _next, _active, _threads = Environment.ProcessorCount;
    private static long _order; // the number of the piece of work, and in its low 16 bits how many workers it asks for (none once it is closed): read together
    private static Exception? _failure;

    /// <summary>A worker sleeps at its own door, so that only its own call can wake it.</summary>
    private sealed class Worker
    {
        public readonly SemaphoreSlim Door = new(0);
        public int Asleep;
    }

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
            Worker worker = new();
            Workers.Add(worker);
            new Thread(() => Work(index, worker)) { IsBackground = true, Name = $"Volute worker {index}" }.Start();
        }
        _run = run;
        _body = body;
        _chunks = count;
        _failure = null;
        _next = 0;
        long closed = ((_order >> 16) + 1) << 16;
        Interlocked.Exchange(ref _order, closed | (long)helpers);
        for (int i = 0; i < helpers; i++)
        {
            if (Interlocked.Exchange(ref Workers[i].Asleep, 0) == 1)
                Workers[i].Door.Release();
        }
        Take();
        // All chunks are taken: who comes now finds the work closed, and only those at work on a chunk are waited for.
        Interlocked.Exchange(ref _order, closed);
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

    private static bool IsAsked(int index, long seen, out long order)
    {
        order = Volatile.Read(ref _order);
        return order != seen && index < (order & 0xFFFF);
    }

    private static void Work(int index, Worker self)
    {
        long order, seen = 0;
        while (true)
        {
            // Between the steps of a plan the next piece comes within microseconds: spin a little before sleeping.
            for (int i = 0; i < Spins && !IsAsked(index, seen, out order); i++)
                Thread.SpinWait(8);
            if (!IsAsked(index, seen, out order))
            {
                Interlocked.Exchange(ref self.Asleep, 1);
                // Work that came meanwhile either has seen this worker asleep and rings, or is seen here.
                if (!IsAsked(index, seen, out order) || Interlocked.Exchange(ref self.Asleep, 0) == 0)
                    self.Door.Wait();
                continue;
            }
            // Join, then look again: the work may have been closed before its owner could see this worker.
            Interlocked.Increment(ref _active);
            if (Volatile.Read(ref _order) == order)
                Take();
            Interlocked.Decrement(ref _active);
            seen = order;
        }
    }
}
