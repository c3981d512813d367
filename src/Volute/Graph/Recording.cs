using Volute.Kernels;

namespace Volute;

/// <summary>
/// A program kept together with its plan, its leaves and the memory of its results, to be run again with other data in the place of some leaves. What is
/// made anew each time (<see cref="Renewal"/>) is renewed. It makes no graph, looks up no plan and allocates no managed memory.
/// </summary>
internal sealed class Recording
{
    private readonly string _name;
    private readonly Program _program;
    private readonly Storage[] _leaves, _results, _renewed, _assigned;
    private readonly int[] _inputs;
    private readonly Spec[] _specs;
    private bool _ran;

    /// <param name="name">What errors call it.</param>
    /// <param name="wanted">The one value that is wanted.</param>
    /// <param name="assignments">What it assigns beside that.</param>
    /// <param name="inputs">Tensors with data, in whose place each run takes others.</param>
    public Recording(string name, Tensor wanted, IReadOnlyList<Assignment> assignments, ReadOnlySpan<Tensor> inputs)
    {
        if (wanted.Node.Value is not null)
            throw new InvalidArgumentException($"what a {name} computes has been evaluated already; record it before it is asked for");
        _name = name;
        _program = Program.Of([wanted.Node], assignments, keep: false);
        Plan = Execution.PlanFor(_program);
        Result = new Storage(wanted.Type, wanted.Shape.Elements);
        _leaves = [.. _program.Leaves];
        _renewed = [.. _leaves.Where(leaf => leaf.Renewal is not null)];
        Array.Sort(_renewed, static (a, b) => Renewal.Compare(a.Renewal!, b.Renewal!));
        _assigned = [.. _program.Assignments.Select(assignment => assignment.Parameter.Storage)];
        (_inputs, _specs, _results) = (new int[inputs.Length], new Spec[inputs.Length], [Result]);
        for (int i = 0; i < inputs.Length; i++)
        {
            _specs[i] = inputs[i].Node.Spec;
            _inputs[i] = inputs[i].Node.Value is { } data ? Array.IndexOf(_leaves, data) : throw new InvalidArgumentException(
                $"input {i} of a {name} must hold data, got an expression of shape {_specs[i].Shape}; evaluate it, or pass what it is computed from");
            if (_inputs[i] < 0)
                throw new InvalidArgumentException($"input {i} of a {name}, {_specs[i].Shape}, is not read by it");
        }
    }

    public Plan Plan { get; }

    /// <summary>The wanted value of the last run.</summary>
    public Storage Result { get; }

    /// <summary>Takes inputs for the runs to come.</summary>
    public void Take(ReadOnlySpan<Tensor> inputs)
    {
        if (inputs.Length != _inputs.Length)
            throw new InvalidArgumentException($"a {_name} of {_inputs.Length} inputs got {inputs.Length}");
        for (int i = 0; i < inputs.Length; i++)
        {
            if (inputs[i].Node.Spec != _specs[i])
            {
                throw new InvalidArgumentException($"input {i} of a {_name} must be {_specs[i].Type.Name()} of shape {_specs[i].Shape}, "
                    + $"got {inputs[i].Type.Name()} of shape {inputs[i].Shape}; record another one for it");
            }
            _leaves[_inputs[i]] = inputs[i].Evaluate().Node.Value!;
        }
        for (int i = 0; i < _assigned.Length; i++)
        {
            if (_program.Assignments[i].Parameter is var parameter && parameter.Storage != _assigned[i])
                throw new VoluteException($"parameter '{parameter.Name}' is now {parameter.Type.Name()} and was not when the {_name} was made; record it again");
        }
    }

    /// <summary>Computes and assigns once.</summary>
    public void Run()
    {
        foreach (Storage leaf in _renewed)
        {
            if (_ran || leaf.Renewal!.IsSpent)
                leaf.Renewal!.Write(leaf);
        }
        Plan.Execute(_leaves, _results, _program.Nodes);
        foreach (Assignment assignment in _program.Assignments)
        {
            if (_ran)
                assignment.Parameter.Changed();
            else
                assignment.Parameter.Commit(assignment.Value);
            assignment.Done = true;
        }
        _ran = true;
    }
}
