using Volute.Kernels;

namespace Volute;

/// <summary>
/// A training step with all that it needs: forward, backward and update of one loss, to be done again and again with other inputs of the same shapes
/// (<see cref="Optimizer.Record"/>). What each step makes anew (rates, keys of random numbers) is renewed, so that the same numbers come out, bit for
/// bit, as from as many calls of <see cref="Optimizer.Step(Tensor)"/>; but no graph is made, no plan is looked up, and no managed memory allocated.
/// </summary>
public sealed class RecordedStep
{
    private readonly Optimizer _optimizer;
    private readonly Program _program;
    private readonly Storage[] _leaves, _outputs, _renewed, _assigned;
    private readonly int[] _inputs;
    private readonly Spec[] _specs;
    private bool _ran;

    internal RecordedStep(Optimizer optimizer, Node loss, Assignment[] assignments, ReadOnlySpan<Tensor> inputs)
    {
        if (loss.Value is not null)
            throw new InvalidArgumentException("the loss of a recorded step has been evaluated already; record it before it is asked for");
        _optimizer = optimizer;
        _program = Program.Of([loss], assignments, keep: false);
        Plan = Execution.PlanFor(_program);
        _leaves = [.. _program.Leaves];
        _outputs = [.. _program.Wanted.Select(number => new Storage(_program.Nodes[number].Spec.Type, _program.Nodes[number].Spec.Shape.Elements))];
        _renewed = [.. _leaves.Where(leaf => leaf.Renewal is not null)];
        Array.Sort(_renewed, static (a, b) => Renewal.Compare(a.Renewal!, b.Renewal!));
        _assigned = [.. _program.Assignments.Select(assignment => assignment.Parameter.Storage)];
        (_inputs, _specs) = (new int[inputs.Length], new Spec[inputs.Length]);
        for (int i = 0; i < inputs.Length; i++)
        {
            _specs[i] = inputs[i].Node.Spec;
            _inputs[i] = inputs[i].Node.Value is { } data ? Array.IndexOf(_leaves, data) : throw new InvalidArgumentException(
                $"input {i} of a recorded step must hold data, got an expression of shape {_specs[i].Shape}; pass what it is computed from");
            if (_inputs[i] < 0)
                throw new InvalidArgumentException($"input {i} of a recorded step, {_specs[i].Shape}, is not read by the loss");
        }
    }

    /// <summary>What is done: every kernel call with its place, and the exact peak memory.</summary>
    public Plan Plan { get; }

    /// <summary>One step.</summary>
    /// <param name="inputs">In the place of those that were recorded, with their shapes and types; what is no data yet is evaluated.</param>
    /// <returns>The loss before the step.</returns>
    /// <exception cref="InvalidArgumentException">Another number of inputs, another shape or type.</exception>
    /// <exception cref="VoluteException">A parameter has another type than it had when this step was recorded.</exception>
    public double Run(params ReadOnlySpan<Tensor> inputs)
    {
        Take(inputs);
        for (int i = 0; i < _assigned.Length; i++)
        {
            if (_program.Assignments[i].Parameter is var parameter && parameter.Storage != _assigned[i])
                throw new VoluteException($"parameter '{parameter.Name}' is now {parameter.Type.Name()} and was not when this step was recorded; record it again");
        }
        _optimizer.Steps++;
        try
        {
            foreach (Storage leaf in _renewed)
            {
                if (_ran || leaf.Renewal!.IsSpent)
                    leaf.Renewal!.Write(leaf);
            }
            Plan.Execute(_leaves, _outputs, _program.Nodes);
        }
        catch
        {
            // A step that failed was none.
            _optimizer.Steps--;
            throw;
        }
        foreach (Assignment assignment in _program.Assignments)
        {
            if (_ran)
                assignment.Parameter.Changed();
            else
                assignment.Parameter.Commit(assignment.Value);
            assignment.Done = true;
        }
        _ran = true;
        return _outputs[0].Type == ElementType.Float64 ? _outputs[0].AsSpan<double>()[0] : _outputs[0].AsSpan<float>()[0];
    }

    private void Take(ReadOnlySpan<Tensor> inputs)
    {
        if (inputs.Length != _inputs.Length)
            throw new InvalidArgumentException($"a step recorded with {_inputs.Length} inputs got {inputs.Length}");
        for (int i = 0; i < inputs.Length; i++)
        {
            if (inputs[i].Node.Spec != _specs[i])
            {
                throw new InvalidArgumentException($"input {i} of a recorded step must be {_specs[i].Type.Name()} of shape {_specs[i].Shape}, "
                    + $"got {inputs[i].Type.Name()} of shape {inputs[i].Shape}; record a step for it");
            }
            _leaves[_inputs[i]] = inputs[i].Evaluate().Node.Value!;
        }
    }
}
