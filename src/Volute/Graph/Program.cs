namespace Volute;

/// <summary>
/// What is to be computed, as pure structure: operators in order, with inputs by number (leaves as ~number), and which values are wanted or assigned.
/// Two programs of equal structure are equal and share one plan; the data (nodes, leaves) do not take part.
/// </summary>
internal sealed class Program : IEquatable<Program>
{
    private readonly int _hash;

    public Program(List<Node> nodes, List<Assignment> assignments, Func<Node, bool> isWanted)
    {
        Dictionary<Node, int> numbers = new(nodes.Count);
        List<Storage> leaves = [];
        List<Spec> leafSpecs = [];
        Dictionary<Storage, int> leafNumbers = [];
        int LeafNumber(Storage storage, Spec spec)
        {
            if (!leafNumbers.TryGetValue(storage, out int number))
            {
                leafNumbers[storage] = number = leaves.Count;
                leaves.Add(storage);
                leafSpecs.Add(spec);
            }
            return number;
        }

        HashCode hash = new();
        Nodes = [.. nodes];
        Operators = new Operator[nodes.Count];
        Inputs = new int[nodes.Count][];
        Specs = new Spec[nodes.Count];
        List<int> wanted = [];
        for (int i = 0; i < nodes.Count; i++)
        {
            Node node = nodes[i];
            numbers[node] = i;
            Operators[i] = node.Operator;
            Specs[i] = node.Spec;
            Inputs[i] = new int[node.Inputs.Length];
            hash.Add(node.Operator);
            for (int k = 0; k < Inputs[i].Length; k++)
            {
                Node input = node.Inputs[k];
                input.CheckCurrent();
                Inputs[i][k] = input.Value is { } value ? ~LeafNumber(value, input.Spec) : numbers[input];
                hash.Add(Inputs[i][k]);
            }
            if (isWanted(node))
                wanted.Add(i);
        }
        Wanted = [.. wanted];
        Assignments = [.. assignments];
        // Of several values of one parameter, in the order of their making, the last is the one that stays.
        Dictionary<int, int> assigned = [];
        foreach (Assignment a in assignments)
        {
            int value = a.Value.Value is { } made ? ~LeafNumber(made, a.Value.Spec) : numbers[a.Value];
            assigned[LeafNumber(a.Parameter.Storage, a.Parameter.Node.Spec)] = value;
        }
        Assigned = [.. assigned.Select(a => (a.Key, a.Value))];
        Leaves = [.. leaves];
        LeafSpecs = [.. leafSpecs];
        foreach (Spec spec in LeafSpecs)
            hash.Add(spec);
        foreach (int i in Wanted)
            hash.Add(i);
        _hash = hash.ToHashCode();
    }

    private Program(Program other)
    {
        (Operators, Inputs, Specs, LeafSpecs, Wanted, Assigned) = (other.Operators, other.Inputs, other.Specs, other.LeafSpecs, other.Wanted, other.Assigned);
        (Nodes, Assignments, Leaves) = ([], [], []);
        _hash = other._hash;
    }

    public Operator[] Operators { get; }

    public int[][] Inputs { get; }

    public Spec[] Specs { get; }

    public Spec[] LeafSpecs { get; }

    /// <summary>Numbers of the operators whose values are kept.</summary>
    public int[] Wanted { get; }

    /// <summary>Leaves that change, and the values that they take.</summary>
    public (int Leaf, int Value)[] Assigned { get; }

    public Node[] Nodes { get; }

    public Assignment[] Assignments { get; }

    public Storage[] Leaves { get; }

    /// <summary>Whether an operator belongs to an optimizer's update.</summary>
    public bool IsUpdate(int number) => Nodes[number].IsUpdate;

    /// <summary>The structure alone, to be kept as a key without holding data alive.</summary>
    public Program WithoutData() => new(this);

    public bool Equals(Program? other)
    {
        if (other is null || _hash != other._hash || Operators.Length != other.Operators.Length
            || !Wanted.AsSpan().SequenceEqual(other.Wanted) || !Assigned.AsSpan().SequenceEqual(other.Assigned)
            || !LeafSpecs.AsSpan().SequenceEqual(other.LeafSpecs))
        {
            return false;
        }
        for (int i = 0; i < Operators.Length; i++)
        {
            if (!Inputs[i].AsSpan().SequenceEqual(other.Inputs[i]) || !Operators[i].Equals(other.Operators[i]))
                return false;
        }
        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as Program);

    public override int GetHashCode() => _hash;
}
