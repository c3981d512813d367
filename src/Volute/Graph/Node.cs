using Volute.Kernels;

namespace Volute;

/// <summary>
/// One value of the graph: an operator applied to other nodes, or a leaf that holds data. Everything but <see cref="Value"/> is fixed,
/// except that the node assigned to a parameter becomes that parameter's leaf once its plan has run.
/// </summary>
internal sealed class Node
{
    private static long s_last;

    public Node(Operator op, ReadOnlySpan<Node> inputs)
    {
        Operator = op;
        Inputs = inputs.ToArray();
        var specs = new Spec[inputs.Length];
        for (int i = 0; i < specs.Length; i++)
            specs[i] = inputs[i].Spec;
        Spec = op.Infer(specs);
        Line = Settings.Eager || Settings.CheckNumerics ? SourceLine.Find() : null;
    }

    public Node(Storage value, Shape shape)
    {
        Operator = Leaf.Instance;
        Inputs = [];
        Spec = new Spec(shape, value.Type);
        Value = value;
    }

    /// <summary>Creation order: a node's number is larger than those of its inputs.</summary>
    public long Id { get; } = Interlocked.Increment(ref s_last);

    public Operator Operator { get; private set; }

    public Node[] Inputs { get; private set; }

    public Spec Spec { get; }

    public string Scope { get; } = Volute.Scope.Current;

    public string? Line { get; }

    /// <summary>The data: always there for a leaf, and for other nodes once evaluated as something wanted.</summary>
    public Storage? Value { get; set; }

    /// <summary>Whether a training step keeps this value beside the loss: predictions are.</summary>
    public bool Keep { get; set; }

    /// <summary>Whether this node belongs to an optimizer's update: it is scheduled as soon as it can be, so that gradients die early.</summary>
    public bool IsUpdate { get; } = Optimizer.IsUpdating;

    /// <summary>What evaluating this node also changes: running statistics.</summary>
    public List<Assignment>? Effects { get; private set; }

    public Parameter? Parameter { get; private set; }

    private int Version { get; set; }

    /// <summary>What the program in the making notes.</summary>
    public ProgramPlace Place;

    public void AddEffect(Assignment effect) => (Effects ??= []).Add(effect);

    /// <summary>Makes this node the leaf of a parameter whose storage now holds its value.</summary>
    public void BecomeLeaf(Parameter parameter, Storage storage, int version)
    {
        (Operator, Inputs, Effects) = (Leaf.Instance, [], null);
        (Parameter, Value, Version) = (parameter, storage, version);
    }

    /// <summary>Whether this is a parameter's leaf, and the parameter has changed since.</summary>
    public bool IsOutdated => Parameter is { } parameter && parameter.Version != Version;

    /// <summary>A parameter's old leaf no longer holds what it stood for.</summary>
    public void CheckCurrent()
    {
        if (IsOutdated)
            throw new VoluteException($"this tensor was built from parameter '{Parameter!.Name}' before it was changed; "
                + "call Forward again, or ask for the value before the change (Evaluate, Item, ToArray)");
    }
}

/// <summary>A shape with an element type: all that shape rules need to know of a tensor.</summary>
/// <param name="Shape">Logical sizes.</param>
/// <param name="Type">Element type.</param>
public readonly record struct Spec(Shape Shape, ElementType Type)
{
    /// <summary>Bytes of the dense tensor.</summary>
    public long Bytes => Shape.Elements * Type.Bytes();
}

/// <summary>A parameter and the node whose value it takes when a plan that contains it runs.</summary>
internal sealed class Assignment(Parameter parameter, Node value)
{
    public Parameter Parameter { get; } = parameter;

    public Node Value { get; } = value;

    public bool Done { get; set; }

    /// <inheritdoc cref="Node.Place"/>
    public ProgramPlace Place;
}

/// <summary>The operator of nodes that hold data.</summary>
internal sealed record Leaf : Operator
{
    public static readonly Leaf Instance = new();

    public override string Name => "leaf";

    public override Spec Infer(ReadOnlySpan<Spec> inputs) => throw new InvalidOperationException("a leaf has no inputs");

    public override Tensor? Gradient(int input, in Application application, Tensor gradient) => null;

    public override Lowered Lower(in Operands operands) => throw new InvalidOperationException("a leaf is not computed");
}
