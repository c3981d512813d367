using Volute.Kernels;

namespace Volute;

/// <summary>
/// Makes a plan from a program: fuses, orders the steps so that buffers die early, resolves views, and places every buffer by its life span.
/// </summary>
internal sealed class Planner
{
    private const int Attempts = 6;

    private readonly Program _program;
    private readonly Draft _draft;
    private readonly List<Step> _steps = [];
    private readonly Buffers _buffers = new();
    private readonly Dictionary<int, View> _views = [];
    private readonly Dictionary<(int Buffer, Layout Layout, bool RowMajor), View> _copies = [];
    private readonly int[] _leafBuffers;
    private readonly Dictionary<int, int> _joined = []; // of a joined map, the buffer that its parts are computed into
    private Dictionary<int, Parts.Part> _parts = [];
    private ILookup<int, int> _further = Array.Empty<int>().ToLookup(_ => 0); // of a maker, its further results in order

    /// <summary>How a value lies in a buffer.</summary>
    private readonly record struct View(int Buffer, Layout Layout, Spec Spec);

    private Planner(Program program)
    {
        _program = program;
        _draft = new Draft(program);
        _leafBuffers = new int[program.LeafSpecs.Length];
        for (int leaf = 0; leaf < _leafBuffers.Length; leaf++)
            _leafBuffers[leaf] = _buffers.Add(new Buffer(Place.Leaf, leaf, program.LeafSpecs[leaf].Bytes));
    }

    /// <summary>Plans made by this thread: a training loop makes one.</summary>
    [field: ThreadStatic]
    internal static int Made { get; private set; }

    /// <summary>Plans a program.</summary>
    /// <param name="program">What is to be computed.</param>
    /// <param name="joinsMaps">Whether element-wise operators may share passes over memory.</param>
    /// <param name="limit">The most bytes that the plan may take in all, or null.</param>
    /// <exception cref="LimitException">It takes more, whatever is computed again.</exception>
    public static Plan Make(Program program, bool joinsMaps, long? limit)
    {
        Made++;
        // What kernels need beside the values, and gaps between them, are known when all is placed.
        long? values = limit;
        for (int attempt = 0; ; attempt++)
        {
            Plan plan = new Planner(program).Make(joinsMaps, values);
            if (limit is null || plan.PeakBytes <= limit)
                return plan;
            if (attempt == Attempts)
                throw new LimitException("the plan", plan.PeakBytes.ToString("N0"), limit.Value.ToString("N0"), "bytes of memory, with all computed again that can be (a smaller batch or input needs less)");
            values = attempt == 0 ? limit - (plan.PeakBytes - plan.ArenaBytes) : values - (plan.PeakBytes - limit);
        }
    }

    private Plan Make(bool joinsMaps, long? limit)
    {
        Fusion.Run(_draft, joinsMaps);
        Detachment.Run(_draft);
        int[] order = Recomputation.Order(_draft, joinsMaps, limit, out double recomputed);
        order = MomentsFusion.Run(_draft, order);
        _further = order.Where(number => _draft[number] is FurtherResult).OrderBy(number => ((FurtherResult)_draft[number]!).Index).ToLookup(number => _draft.Inputs(number)[0]);
        Dictionary<int, int> inPlace = AssignInPlace(order);
        if (joinsMaps)
            _parts = Parts.Of(_draft);
        foreach (int number in order)
            Lower(number, inPlace);
        CopyAssigned(inPlace);
        return Finish(recomputed);
    }

    /// <summary>The assigned values that may be written straight into the parameter: all of the parameter's readers come before, or are the step itself, which may overwrite.</summary>
    private Dictionary<int, int> AssignInPlace(int[] order)
    {
        int[] position = new int[_draft.Count];
        for (int i = 0; i < order.Length; i++)
            position[order[i]] = i;
        Dictionary<int, int> inPlace = [];
        foreach (var (leaf, value) in _program.Assigned)
        {
            if (value < 0 || _draft.IsWanted(value) || _draft[value]!.IsView || inPlace.ContainsKey(value))
                continue;
            FurtherResult? further = _draft[value] as FurtherResult;
            int maker = further is null ? value : _draft.Inputs(value)[0];
            bool safe = true;
            foreach (int reader in order)
            {
                int use = Array.IndexOf(_draft.Inputs(reader), ~leaf);
                if (use < 0)
                    continue;
                // A view may be looked through after it was made: only direct readers are certain.
                bool before = position[reader] < position[maker] && !_draft[reader]!.IsView;
                bool itself = reader == maker && _program.LeafSpecs[leaf] == _program.Output(value)
                    && (further is null ? _draft[maker]!.CanOverwrite(use) : _draft[maker]!.CanOverwrite(use, further));
                safe &= before || itself;
            }
            if (safe)
                inPlace[value] = leaf;
        }
        return inPlace;
    }

    private void Lower(int number, Dictionary<int, int> inPlace)
    {
        Operator op = _draft[number]!;
        if (op is FurtherResult)
            return;
        Spec output = _draft.Output(number);
        View[] inputs = [.. _draft.Inputs(number).Select(Find)];
        if (op.IsView)
        {
            View seen = inputs[0];
            if (!op.TryView(seen.Layout, output.Shape, out Layout layout))
            {
                seen = Copy(number, seen, rowMajor: true);
                if (!op.TryView(seen.Layout, output.Shape, out layout))
                    throw new InvalidOperationException($"{op.Name} is not a view of row-major memory");
            }
            _views[number] = new View(seen.Buffer, layout, output);
            if (_draft.IsWanted(number))
                Emit(number, Move(output, _views[number]), output, [_views[number]], NewBuffer(number, output, inPlace), "copy");
            return;
        }
        if (output.Shape.Elements == 0)
        {
            int empty = NewBuffer(number, output, inPlace);
            Emit(number, Nothing, output, [], empty, op.Name);
            _views[number] = new View(empty, Layout.Dense(output.Shape.AsSpan()), output);
            return;
        }
        if (_joined.TryGetValue(number, out int joined))
        {
            Join(number, (Concat)op, inputs, joined);
            return;
        }
        for (int i = 0; i < inputs.Length; i++)
        {
            if (!op.Accepts(i, inputs[i].Layout.WithoutOffset()))
                inputs[i] = Copy(number, inputs[i], rowMajor: false);
        }
        Operands operands = new(output, [.. inputs.Select(v => v.Spec)], [.. inputs.Select(v => v.Layout.WithoutOffset())]);
        if (_parts.TryGetValue(number, out Parts.Part part))
        {
            if (!_joined.TryGetValue(part.Whole, out joined))
                _joined[part.Whole] = joined = NewBuffer(part.Whole, _draft.Output(part.Whole), inPlace);
            _views[number] = new View(joined, part.Layout, output);
            Emit(number, op.Lower(operands with { OutputLayout = part.Layout.WithoutOffset() }), inputs, _views[number], op.Name);
            return;
        }
        int buffer = NewBuffer(number, output, inPlace);
        Lowered lowered = op.Lower(operands);
        Emit(number, lowered, output, inputs, buffer, op.Name, [.. _further[number].Select(further => Further(further, lowered.Further ?? _draft.Output(further), inPlace))]);
        if (_buffers.IsArena(buffer))
        {
            for (int i = 0; i < inputs.Length; i++)
            {
                // Another input may look at the same memory in another order: then what is read later would be written already.
                bool isAlone = inputs.All(v => v.Buffer != inputs[i].Buffer || v.Layout.Equals(inputs[i].Layout));
                if (op.CanOverwrite(i) && isAlone && inputs[i].Layout.IsDense && inputs[i].Spec.Bytes == output.Bytes)
                    _buffers.MayOverwrite(buffer, inputs[i].Buffer, _steps.Count - 1);
            }
        }
        _views[number] = new View(buffer, Layout.Dense(output.Shape.AsSpan()), output);
    }

    /// <summary>Where a further result of the next step goes.</summary>
    private int Further(int number, Spec spec, Dictionary<int, int> inPlace)
    {
        int buffer = NewBuffer(number, spec, inPlace);
        _views[number] = new View(buffer, Layout.Dense(spec.Shape.AsSpan()), spec);
        return buffer;
    }

    /// <summary>Joins maps of which some were computed in their places: the others are copied to theirs.</summary>
    private void Join(int number, Concat concat, View[] inputs, int buffer)
    {
        Spec output = _draft.Output(number);
        Layout whole = Layout.Dense(output.Shape.AsSpan());
        int start = 0;
        for (int i = 0; i < inputs.Length; i++)
        {
            View place = new(buffer, whole.Slice(concat.Axis, start, inputs[i].Spec.Shape[concat.Axis]), inputs[i].Spec);
            start += inputs[i].Spec.Shape[concat.Axis];
            if (inputs[i] != place && inputs[i].Layout.Elements > 0)
                Emit(number, Move(place.Layout.WithoutOffset(), inputs[i]), [inputs[i]], place, concat.Name);
        }
        _views[number] = new View(buffer, whole, output);
    }

    private int NewBuffer(int number, Spec output, Dictionary<int, int> inPlace)
    {
        if (Array.IndexOf(_program.Wanted, number) is >= 0 and var wanted)
            return _buffers.Add(new Buffer(Place.Output, wanted, output.Bytes));
        if (inPlace.TryGetValue(number, out int leaf))
            return _leafBuffers[leaf];
        return _buffers.Add(new Buffer(Place.Arena, 0, output.Bytes));
    }

    private View Find(int reference)
        => reference >= 0 ? _views[reference]
            : new View(_leafBuffers[~reference], Layout.Dense(_program.LeafSpecs[~reference].Shape.AsSpan()), _program.LeafSpecs[~reference]);

    /// <summary>The same value in memory of its own, dense or row-major; made once however many ask for it.</summary>
    private View Copy(int number, View view, bool rowMajor)
    {
        var key = (view.Buffer, view.Layout, rowMajor);
        if (_copies.TryGetValue(key, out View copy))
            return copy;
        Layout layout = rowMajor ? Layout.RowMajor(view.Spec.Shape.AsSpan()) : Layout.Dense(view.Spec.Shape.AsSpan());
        int buffer = _buffers.Add(new Buffer(Place.Arena, 0, view.Spec.Bytes));
        Emit(number, Move(layout, view), view.Spec, [view], buffer, "copy");
        return _copies[key] = new View(buffer, layout, view.Spec);
    }

    /// <summary>Assigned values that could not be written in place go to their parameters at the end, when nobody reads the old ones any more.</summary>
    private void CopyAssigned(Dictionary<int, int> inPlace)
    {
        foreach (var (leaf, value) in _program.Assigned)
        {
            if (value >= 0 && inPlace.TryGetValue(value, out int own) && own == leaf)
                continue;
            View view = Find(value);
            Emit(value, Move(view.Spec, view), view.Spec, [view], _leafBuffers[leaf], "assign");
        }
    }

    /// <summary>How an output without elements is computed.</summary>
    private static Lowered Nothing { get; } = MakeNothing();

    private static unsafe Lowered MakeNothing() => new("nothing", static (_, _) => { });

    private static Lowered Move(Spec output, View input) => Move(Layout.Dense(output.Shape.AsSpan()), input);

    private static unsafe Lowered Move(Layout output, View input)
    {
        if (output.Elements == 0)
            return Nothing;
        MoveKernel kernel = new(input.Spec.Type, output, input.Layout.WithoutOffset());
        return new Lowered("move", (operands, _) => kernel.Run(operands[0], operands[1]));
    }

    private void Emit(int number, Lowered lowered, Spec output, View[] inputs, int buffer, string name, params int[] further)
        => Emit(number, lowered, inputs, new View(buffer, Layout.Dense(output.Shape.AsSpan()), output), name, further);

    private void Emit(int number, Lowered lowered, View[] inputs, View output, string name, params int[] further)
    {
        int step = _steps.Count, workspace = -1;
        if (lowered.WorkspaceBytes > 0)
        {
            workspace = _buffers.Add(new Buffer(Place.Arena, 0, lowered.WorkspaceBytes));
            _buffers.Touch(workspace, step);
        }
        _buffers.Touch(output.Buffer, step);
        var operands = new (int, long)[inputs.Length + 1];
        operands[0] = (output.Buffer, output.Layout.Offset * output.Spec.Type.Bytes());
        for (int i = 0; i < inputs.Length; i++)
        {
            operands[i + 1] = (inputs[i].Buffer, inputs[i].Layout.Offset * inputs[i].Spec.Type.Bytes());
            _buffers.Touch(inputs[i].Buffer, step);
        }
        foreach (int buffer in further)
            _buffers.Touch(buffer, step);
        bool computed = number >= 0 && name != "copy" && name != "assign" && lowered != Nothing;
        long multiplies = computed ? _draft[number]!.Multiplies([.. inputs.Select(v => v.Spec)], output.Spec) : 0;
        int origin = number >= 0 ? _draft.Origin(number) : -1;
        _steps.Add(new Step(origin, name, origin >= 0 ? _program.Nodes[origin].Scope : "", lowered, output.Spec, operands, workspace, multiplies)
        {
            Traffic = output.Spec.Bytes + inputs.Sum(v => v.Spec.Bytes) + further.Sum(_buffers.Bytes),
            Further = further,
            PreparedLeaf = lowered.Preparation is { } preparation ? UnchangedLeaf(operands[preparation.Operand].Item1) : -1,
        });
    }

    /// <summary>The leaf that an operand is, or a part of, if no step assigns it; else −1.</summary>
    private int UnchangedLeaf(int buffer)
    {
        int leaf = Array.IndexOf(_leafBuffers, buffer);
        return leaf >= 0 && !_program.Assigned.Any(a => a.Leaf == leaf) ? leaf : -1;
    }

    private Plan Finish(double recomputed)
    {
        long arena = _buffers.PlaceAll(out Buffer[] buffers, out int[] names);
        Step[] steps = [.. _steps.Select(s => s with
        {
            Operands = [.. s.Operands.Select(o => (names[o.Buffer], o.Offset))],
            Further = [.. s.Further.Select(buffer => names[buffer])],
            Workspace = s.Workspace < 0 ? -1 : names[s.Workspace],
        })];
        return new Plan(steps, buffers, arena, _program.LeafSpecs.Sum(s => s.Bytes), _program.Wanted.Sum(w => _program.Output(w).Bytes)) { RecomputedShare = recomputed };
    }
}
