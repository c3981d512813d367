namespace Volute;

/// <summary>A program on its way to a plan: its operators by number, some joined, some gone, some added behind the program's own.</summary>
internal sealed class Draft
{
    private readonly List<Operator?> _operators;
    private readonly List<int[]> _inputs;
    private readonly List<Spec> _specs;
    private readonly List<int> _origins;
    private readonly List<int> _positions;
    private readonly HashSet<int> _wanted, _kept;

    public Draft(Program program)
    {
        Program = program;
        _operators = [.. program.Operators];
        _origins = [.. Enumerable.Range(0, program.Operators.Length)];
        _inputs = [.. _origins.Select(i => program.Inputs(i).ToArray())];
        _specs = [.. _origins.Select(program.Output)];
        _positions = [.. _origins];
        _wanted = [.. program.Wanted];
        _kept = [.. program.Wanted, .. program.Assigned.Select(a => a.Value)];
    }

    public Program Program { get; }

    /// <summary>Numbers in use, those of operators that are gone counted.</summary>
    public int Count => _operators.Count;

    /// <summary>The operator of a number, or null where another one does its work.</summary>
    public Operator? this[int number] => _operators[number];

    /// <summary>What an operator reads: numbers, and leaves as ~number.</summary>
    public int[] Inputs(int number) => _inputs[number];

    /// <summary>What comes out of an operator.</summary>
    public Spec Output(int number) => _specs[number];

    /// <summary>The shape and type of what an operator reads.</summary>
    public Spec SpecOf(int reference) => reference >= 0 ? _specs[reference] : Program.LeafSpecs[~reference];

    /// <summary>The operator of the program that an operator stands for: of several, the first.</summary>
    public int Origin(int number) => _origins[number];

    /// <summary>Where an operator stands among the others, as far as its inputs allow.</summary>
    public int Position(int number) => _positions[number];

    /// <summary>Puts an operator where another one stands.</summary>
    public void Place(int number, int beside) => _positions[number] = _positions[beside];

    public bool IsUpdate(int number) => Program.IsUpdate(_origins[number]);

    /// <summary>Whether the value leaves the plan.</summary>
    public bool IsWanted(int number) => _wanted.Contains(number);

    /// <summary>Whether the value leaves the plan or is assigned to a parameter.</summary>
    public bool IsKept(int number) => _kept.Contains(number);

    public void Remove(int number) => _operators[number] = null;

    public void Replace(int number, Operator op, int[] inputs, int origin)
        => (_operators[number], _inputs[number], _origins[number], _positions[number]) = (op, inputs, origin, Math.Min(origin, _positions[number]));

    public int Add(Operator op, int[] inputs, Spec output, int origin)
    {
        _operators.Add(op);
        _inputs.Add(inputs);
        _specs.Add(output);
        _origins.Add(origin);
        _positions.Add(origin);
        return Count - 1;
    }

    /// <summary>Makes the readers of some values read others.</summary>
    public void Redirect(IReadOnlyDictionary<int, int> replaced)
    {
        if (replaced.Count == 0)
            return;
        for (int i = 0; i < Count; i++)
            _inputs[i] = [.. _inputs[i].Select(input => replaced.GetValueOrDefault(input, input))];
    }

    /// <summary>For each value, the operators that read it.</summary>
    public List<int>[] Readers()
    {
        List<int>[] readers = [.. Enumerable.Range(0, Count).Select(_ => new List<int>())];
        for (int i = 0; i < Count; i++)
        {
            if (_operators[i] is null)
                continue;
            foreach (int input in _inputs[i])
            {
                if (input >= 0 && !readers[input].Contains(i))
                    readers[input].Add(i);
            }
        }
        return readers;
    }
}
