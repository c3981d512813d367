using System.Buffers;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Volute.Kernels;

namespace Volute;

/// <summary>Where a buffer of a plan lies.</summary>
internal enum Place
{
    Arena,
    Leaf,
    Output,
}

/// <summary>A buffer: its place, and the offset in the arena or the number of the leaf or output.</summary>
internal readonly record struct Buffer(Place Place, long Position, long Bytes);

/// <summary>One kernel call. Operands are buffers with byte offsets; number 0 is the output.</summary>
internal sealed record Step(
    int Node, string Operator, string Scope, Lowered Lowered, Spec Output, (int Buffer, long Offset)[] Operands, int Workspace, long Multiplies)
{
    /// <summary>Bytes that the step reads and writes, each operand counted once.</summary>
    public long Traffic { get; init; }

    /// <summary>Buffers of further results, each from its beginning.</summary>
    public int[] Further { get; init; } = [];

    /// <summary>The leaf whose prepared form the step reads, if there is one and the plan leaves it as it is; else −1.</summary>
    public int PreparedLeaf { get; init; } = -1;
}

/// <summary>
/// A program made ready: ordered kernel calls, every buffer placed. It knows its exact peak memory before it runs, runs any number of times, on several
/// threads at once if need be, and prints as a table.
/// </summary>
public sealed unsafe class Plan
{
    private readonly Step[] _steps;
    private readonly Buffer[] _buffers;
    private readonly long[] _ticks;
    private int _profiledRuns;

    internal Plan(Step[] steps, Buffer[] buffers, long arenaBytes, long leafBytes, long outputBytes)
    {
        (_steps, _buffers) = (steps, buffers);
        (ArenaBytes, LeafBytes, OutputBytes) = (arenaBytes, leafBytes, outputBytes);
        _ticks = new long[steps.Length];
    }

    /// <summary>Bytes of intermediate values and scratch memory, after sharing.</summary>
    public long ArenaBytes { get; }

    /// <summary>Bytes of what it reads: parameters and inputs.</summary>
    public long LeafBytes { get; }

    /// <summary>Bytes of the values that it leaves.</summary>
    public long OutputBytes { get; }

    /// <summary>Bytes of weights in the form in which kernels read them, kept from the second run on with the same weights.</summary>
    public long PreparedBytes => _steps.Sum(s => s.PreparedLeaf < 0 ? 0 : s.Lowered.Preparation!.Bytes);

    /// <summary>All tensor memory in use while it runs; the few MB of scratch that each thread keeps for its chunks are not a plan's.</summary>
    public long PeakBytes => ArenaBytes + LeafBytes + OutputBytes + PreparedBytes;

    /// <summary>The share of its time, as estimated, that it spends on computing again what it forgot to save memory.</summary>
    public double RecomputedShare { get; internal init; }

    /// <summary>Kernel calls.</summary>
    public int Steps => _steps.Length;

    /// <summary>Multiplications as papers count them.</summary>
    public long Multiplies => _steps.Sum(s => s.Multiplies);

    /// <summary>The algorithms in the order of the steps.</summary>
    public IEnumerable<string> Algorithms => _steps.Select(s => s.Lowered.Algorithm);

    /// <summary>When it was asked for last, counted in uses of all plans.</summary>
    internal long LastUse { get; set; }

    internal IReadOnlyList<Step> Order => _steps;

    internal IReadOnlyList<Buffer> Buffers => _buffers;

    internal void Execute(Storage[] leaves, Storage[] outputs, Node[] nodes)
    {
        GCHandle[] pins = ArrayPool<GCHandle>.Shared.Rent(_buffers.Length);
        int pinned = 0;
        Arena arena = Arena.Rent(ArenaBytes);
        try
        {
            void** bases = stackalloc void*[_buffers.Length <= 4096 ? _buffers.Length : 0];
            void** heap = null;
            if (_buffers.Length > 4096)
                bases = heap = (void**)NativeMemory.Alloc((nuint)_buffers.Length, (nuint)sizeof(void*));
            for (int i = 0; i < _buffers.Length; i++)
            {
                Buffer buffer = _buffers[i];
                bases[i] = buffer.Place switch
                {
                    Place.Arena => arena.Memory + buffer.Position,
                    Place.Leaf => Pin(leaves[buffer.Position], pins, ref pinned),
                    _ => Pin(outputs[buffer.Position], pins, ref pinned),
                };
            }
            try
            {
                Run(bases, leaves, nodes);
            }
            finally
            {
                NativeMemory.Free(heap);
            }
        }
        finally
        {
            for (int i = 0; i < pinned; i++)
                pins[i].Free();
            ArrayPool<GCHandle>.Shared.Return(pins);
            arena.Return();
        }
    }

    private void Run(void** bases, Storage[] leaves, Node[] nodes)
    {
        void** operands = stackalloc void*[64];
        for (int s = 0; s < _steps.Length; s++)
        {
            Step step = _steps[s];
            void** table = operands;
            void** heap = null;
            if (step.Operands.Length + step.Further.Length >= 64)
                table = heap = (void**)NativeMemory.Alloc((nuint)(step.Operands.Length + step.Further.Length + 1), (nuint)sizeof(void*));
            for (int i = 0; i < step.Operands.Length; i++)
                table[i] = (byte*)bases[step.Operands[i].Buffer] + step.Operands[i].Offset;
            Storage? prepared = step.PreparedLeaf < 0 ? null : leaves[step.PreparedLeaf].Prepared(step.Lowered.Preparation!, table[step.Lowered.Preparation!.Operand]);
            table[step.Operands.Length] = prepared == null ? null : prepared.Pin(out _);
            for (int i = 0; i < step.Further.Length; i++)
                table[step.Operands.Length + 1 + i] = bases[step.Further[i]];
            void* workspace = step.Workspace < 0 ? null : bases[step.Workspace];
            try
            {
                long start = Settings.Profile ? Stopwatch.GetTimestamp() : 0;
                step.Lowered.Run(table, workspace);
                if (Settings.Profile)
                    _ticks[s] += Stopwatch.GetTimestamp() - start;
                if (Settings.CheckNumerics)
                    CheckNumerics(step, table[0], nodes);
            }
            finally
            {
                NativeMemory.Free(heap);
                // Another thread may give the form up while this one reads it.
                GC.KeepAlive(prepared);
            }
        }
        if (Settings.Profile)
            _profiledRuns++;
    }

    private static void* Pin(Storage storage, GCHandle[] pins, ref int pinned)
    {
        void* address = storage.Pin(out GCHandle pin);
        if (pin.IsAllocated)
            pins[pinned++] = pin;
        return address;
    }

    private static void CheckNumerics(Step step, void* data, Node[] nodes)
    {
        int count = (int)step.Output.Shape.Elements;
        bool finite = step.Output.Type switch
        {
            ElementType.Float32 => !new ReadOnlySpan<float>(data, count).ContainsAnyExceptInRange(float.MinValue, float.MaxValue),
            ElementType.Float64 => !new ReadOnlySpan<double>(data, count).ContainsAnyExceptInRange(double.MinValue, double.MaxValue),
            _ => true,
        };
        if (finite)
            return;
        string where = step.Scope.Length == 0 ? "" : $" in {step.Scope}";
        string line = step.Node >= 0 && nodes[step.Node].Line is { } l ? $" at {l}" : "";
        throw new VoluteException($"{step.Operator}{where}{line} made a NaN or an infinity (output {step.Output.Shape})");
    }

    /// <summary>The table that a person reads: step, operator, algorithm, shape, multiplications, bytes, place and, when profiled, milliseconds.</summary>
    public override string ToString()
    {
        bool profiled = _profiledRuns > 0;
        StringBuilder text = new();
        text.AppendLine($"{"step",4}  {"operator",-42} {"algorithm",-14} {"output",-22} {"Mmul",10} {"KiB moved",11} {"place",14}{(profiled ? $" {"ms",9}" : "")}  module");
        for (int s = 0; s < _steps.Length; s++)
        {
            Step step = _steps[s];
            Buffer buffer = _buffers[step.Operands[0].Buffer];
            string place = buffer.Place switch
            {
                Place.Arena => $"@{buffer.Position:N0}",
                Place.Leaf => $"leaf {buffer.Position}",
                _ => $"output {buffer.Position}",
            };
            string ms = profiled ? $" {_ticks[s] * 1000.0 / Stopwatch.Frequency / _profiledRuns,9:F3}" : "";
            text.AppendLine($"{s,4}  {step.Operator,-42} {step.Lowered.Algorithm,-14} {step.Output.Shape.ToString(),-22} {step.Multiplies / 1e6,10:F2} {step.Traffic / 1024.0,11:F1} {place,14}{ms}  {step.Scope}");
        }
        text.Append($"{_steps.Length} steps, {Multiplies / 1e6:F2} M multiplications, peak {PeakBytes:N0} bytes "
            + $"(intermediate {ArenaBytes:N0}, parameters and inputs {LeafBytes:N0}, results {OutputBytes:N0}, prepared weights {PreparedBytes:N0})");
        if (RecomputedShare > 0)
            text.Append($"\nto save memory, about {RecomputedShare:P1} of the time goes to values that are computed twice");
        return text.ToString();
    }
}
