using System.Runtime.InteropServices;

namespace Volute;

/// <summary>
/// What is to be computed, as pure structure: operators in order, with inputs by number (leaves as ~number), and which values are wanted or assigned.
/// Two programs of equal structure are equal and share one plan; the data (nodes, leaves) do not take part.
/// </summary>
/// <remarks>
/// A training loop makes one for each step, so that making and comparing them is quick: numbers are written into the nodes themselves, by one thread at
/// a time, rather than looked up, and an operator's hash is kept with it.
/// </remarks>
internal sealed class Program : IEquatable<Program>
{
    private static readonly Lock Numbering = new();

    // Kept from one program to the next, so that a program of some size does not grow them anew.
    private static readonly List<Node> Found = [], Open = [];
    private static readonly List<int> References = [], WantedNumbers = [];
    private static readonly List<Storage> FoundLeaves = [];
    private static readonly List<Spec> FoundSpecs = [];
    private static long[] s_ids = [];
    private static long s_programs;

    private readonly int[] _inputs, _firstInputs; // of all operators one after the other, and where those of each begin
    private readonly int _hash;

    /// <summary>The part of the graph that has to be computed for some values and assignments, in the order of its making.</summary>
    /// <param name="wanted">Nodes whose values are asked for.</param>
    /// <param name="assignments">What is to be assigned beside what evaluating the nodes changes.</param>
    /// <param name="keep">Whether values that are to be kept beside a loss are wanted too.</param>
    /// <exception cref="VoluteException">Something was built from what a parameter was before it changed.</exception>
    public static Program Of(ReadOnlySpan<Node> wanted, IReadOnlyList<Assignment> assignments, bool keep)
    {
        lock (Numbering)
        {
            try
            {
                return new Program(wanted, assignments, keep);
            }
            finally
            {
                Found.Clear();
                Open.Clear();
                References.Clear();
                WantedNumbers.Clear();
                FoundLeaves.Clear();
                FoundSpecs.Clear();
            }
        }
    }

    private Program(ReadOnlySpan<Node> wanted, IReadOnlyList<Assignment> assignments, bool keep)
    {
        long program = ++s_programs;
        Assignments = Collect(wanted, assignments, program);
        Nodes = [.. Found];
        Array.Resize(ref s_ids, Math.Max(s_ids.Length, Nodes.Length));
        for (int i = 0; i < Nodes.Length; i++)
            s_ids[i] = Nodes[i].Id;
        Array.Sort(s_ids, Nodes, 0, Nodes.Length);

        HashCode hash = new();
        Operators = new Operator[Nodes.Length];
        _firstInputs = new int[Nodes.Length + 1];
        for (int i = 0; i < Nodes.Length; i++)
        {
            Node node = Nodes[i];
            node.Place.Number = i;
            Operators[i] = node.Operator;
            hash.Add(node.Operator.Hash);
            foreach (Node input in node.Inputs)
            {
                input.CheckCurrent();
                int reference = Reference(input, program);
                References.Add(reference);
                hash.Add(reference);
            }
            _firstInputs[i + 1] = References.Count;
            if (node.Place.IsAskedFor(program) || (keep && node.Keep))
            {
                WantedNumbers.Add(i);
                hash.Add(i);
            }
        }
        Wanted = [.. WantedNumbers];
        Assigned = Assign(program);
        _inputs = [.. References];
        (Leaves, LeafSpecs) = ([.. FoundLeaves], [.. FoundSpecs]);
        foreach (Spec spec in LeafSpecs)
            hash.Add(spec);
        _hash = hash.ToHashCode();
    }

    private Program(Program other)
    {
        (Operators, _inputs, _firstInputs, LeafSpecs, Wanted, Assigned) = (other.Operators, other._inputs, other._firstInputs, other.LeafSpecs, other.Wanted, other.Assigned);
        (Nodes, Assignments, Leaves) = ([], [], []);
        _hash = other._hash;
    }

    public Operator[] Operators { get; }

    public Spec[] LeafSpecs { get; }

    /// <summary>Numbers of the operators whose values are kept.</summary>
    public int[] Wanted { get; }

    /// <summary>Leaves that change, and the values that they take.</summary>
    public (int Leaf, int Value)[] Assigned { get; }

    public Node[] Nodes { get; }

    public Assignment[] Assignments { get; }

    public Storage[] Leaves { get; }

    /// <summary>What an operator reads.</summary>
    public ReadOnlySpan<int> Inputs(int number) => _inputs.AsSpan(_firstInputs[number].._firstInputs[number + 1]);

    /// <summary>What comes out of an operator.</summary>
    public Spec Output(int number) => Nodes[number].Spec;

    /// <summary>Whether an operator belongs to an optimizer's update.</summary>
    public bool IsUpdate(int number) => Nodes[number].IsUpdate;

    /// <summary>The structure alone, to be kept as a key without holding data alive.</summary>
    public Program WithoutData() => new(this);

    public bool Equals(Program? other)
    {
        if (other is null || _hash != other._hash || !_firstInputs.AsSpan().SequenceEqual(other._firstInputs) || !_inputs.AsSpan().SequenceEqual(other._inputs)
            || !Wanted.AsSpan().SequenceEqual(other.Wanted) || !Assigned.AsSpan().SequenceEqual(other.Assigned)
            || !LeafSpecs.AsSpan().SequenceEqual(other.LeafSpecs))
        {
            return false;
        }
        for (int i = 0; i < Operators.Length; i++)
        {
            if (!Operators[i].Equals(other.Operators[i]))
                return false;
        }
        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as Program);

    public override int GetHashCode() => _hash;

    /// <summary>Finds the nodes without values and returns all that is assigned, in the order of its making.</summary>
    private static Assignment[] Collect(ReadOnlySpan<Node> wanted, IReadOnlyList<Assignment> assignments, long program)
    {
        List<Assignment> effects = new(assignments.Count);
        foreach (Assignment assignment in assignments)
            Take(assignment, effects, program);
        foreach (Node node in wanted)
        {
            node.CheckCurrent();
            node.Place.AskFor(program);
            Open.Add(node);
        }
        while (Open.Count > 0)
        {
            Node node = Open[^1];
            Open.RemoveAt(Open.Count - 1);
            if (node.Value is not null || !node.Place.Enter(program))
                continue;
            Found.Add(node);
            Open.AddRange(node.Inputs);
            foreach (Assignment effect in CollectionsMarshal.AsSpan(node.Effects))
            {
                if (!effect.Done)
                    Take(effect, effects, program);
            }
        }
        // Several plans may carry one chain of effects: in the order in which they were made.
        effects.Sort(static (a, b) => a.Value.Id.CompareTo(b.Value.Id));
        return [.. effects];
    }

    private static void Take(Assignment assignment, List<Assignment> effects, long program)
    {
        if (!assignment.Place.Enter(program))
            return;
        effects.Add(assignment);
        Open.Add(assignment.Value);
    }

    /// <summary>Of several values of one parameter, in the order of their making, the last is the one that stays.</summary>
    private (int Leaf, int Value)[] Assign(long program)
    {
        var all = new (int Leaf, int Value)[Assignments.Length];
        for (int i = 0; i < all.Length; i++)
            all[i] = (~Leaf(Assignments[i].Parameter.Storage, Assignments[i].Parameter.Node.Spec, program), Reference(Assignments[i].Value, program));
        int[] position = new int[FoundLeaves.Count];
        int count = 0;
        foreach (var (leaf, value) in all)
        {
            if (position[leaf] == 0)
                position[leaf] = ++count;
            all[position[leaf] - 1] = (leaf, value);
        }
        return count == all.Length ? all : all[..count];
    }

    private static int Reference(Node node, long program) => node.Value is { } value ? Leaf(value, node.Spec, program) : node.Place.Number;

    private static int Leaf(Storage storage, Spec spec, long program)
    {
        if (storage.Place.Enter(program))
        {
            storage.Place.Number = FoundLeaves.Count;
            FoundLeaves.Add(storage);
            FoundSpecs.Add(spec);
        }
        return ~storage.Place.Number;
    }
}

/// <summary>What a program in the making notes of a node, a leaf or an assignment.</summary>
internal struct ProgramPlace
{
    private long _entered, _askedFor;

    /// <summary>Its number in that program.</summary>
    public int Number;

    /// <summary>True for the first time in a program.</summary>
    public bool Enter(long program)
    {
        bool isNew = _entered != program;
        _entered = program;
        return isNew;
    }

    public void AskFor(long program) => _askedFor = program;

    public readonly bool IsAskedFor(long program) => _askedFor == program;
}
