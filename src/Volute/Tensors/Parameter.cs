using Volute.Kernels;

namespace Volute;

/// <summary>
/// A tensor with a name whose values change: a weight that is trained, or a running statistic that is not. It changes by assignment only:
/// by <see cref="Assign(ReadOnlySpan{float})"/>, by an optimizer's step, or as an effect of a module in training.
/// </summary>
public sealed class Parameter : Tensor
{
    private Storage _storage;
    private Module? _owner;
    private string _localName = "";

    /// <summary>A parameter of the given shape, filled with <paramref name="value"/>.</summary>
    /// <param name="shape">Its shape, in PyTorch's order of axes.</param>
    /// <param name="value">Its first value.</param>
    /// <param name="isTrainable">False for running statistics and other state that optimizers leave alone.</param>
    /// <param name="type">float32, or float64 for checks.</param>
    public Parameter(Shape shape, double value = 0, bool isTrainable = true, ElementType type = ElementType.Float32)
        : this(shape, isTrainable, type)
    {
        if (type == ElementType.Float64)
            _storage.AsSpan<double>().Fill(value);
        else
            _storage.AsSpan<float>().Fill((float)value);
    }

    /// <summary>A parameter whose first values are those of a tensor that nobody else has.</summary>
    internal Parameter(Tensor first) : this(first.Shape, isTrainable: true, first.Type) => Begin(first);

    private Parameter(Shape shape, bool isTrainable, ElementType type) : base(new Node(new Storage(type, shape.Elements, pinned: true), shape))
    {
        IsTrainable = isTrainable;
        _storage = Node.Value!;
        Node.BecomeLeaf(this, _storage, Version);
    }

    /// <summary>The path by which state files know it, for example "encoder.0.weight".</summary>
    public string Name => _owner is null ? "parameter" : _owner.Path.Length == 0 ? _localName : $"{_owner.Path}.{_localName}";

    /// <summary>Whether optimizers may change it.</summary>
    public bool IsTrainable { get; }

    /// <summary>How often it has changed.</summary>
    internal int Version { get; private set; }

    internal Storage Storage => _storage;

    /// <inheritdoc/>
    internal override Node Node
    {
        get
        {
            // A recorded step changes the memory and leaves the graph alone.
            if (base.Node.IsOutdated)
                BecomeLeaf();
            return base.Node;
        }
        private protected set => base.Node = value;
    }

    /// <summary>Sets all values, in logical row-major order; converted to the parameter's type.</summary>
    /// <exception cref="ShapeException">Another number of values than the shape asks for.</exception>
    public void Assign(ReadOnlySpan<float> values)
    {
        var wide = new double[values.Length];
        for (int i = 0; i < wide.Length; i++)
            wide[i] = values[i];
        Assign(wide);
    }

    /// <inheritdoc cref="Assign(ReadOnlySpan{float})"/>
    public void Assign(ReadOnlySpan<double> values)
    {
        if (values.Length != Shape.Elements)
            throw SourceLine.Error($"parameter '{Name}' of shape {Shape} holds {Shape.Elements} values, got {values.Length}");
        Replace();
        Write(values);
    }

    /// <summary>Takes another tensor's values.</summary>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public void Assign(Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.Shape != Shape)
            throw SourceLine.Error($"parameter '{Name}' has shape {Shape}, the value {value.Shape}; they must be equal");
        // Both lie as the house lays them out: memory is copied as it is.
        Storage values = value.To(Type).Evaluate().Node.Value!;
        if (values == _storage)
            return;
        Replace();
        values.CopyTo(_storage);
    }

    /// <summary>Begins with the values of a tensor that nobody else has: they are computed straight into this memory, and not before they are asked for.</summary>
    internal void Begin(Tensor value)
    {
        Replace();
        _storage.Begin(memory => Execution.Run(value.Node, memory));
    }

    /// <summary>Becomes, lazily, the given value: from now on it stands for it, and its memory takes it when a plan evaluates <paramref name="trigger"/>.</summary>
    internal void AssignWith(Tensor value, Tensor trigger)
    {
        Assignment effect = new(this, value.Node);
        value.Node.AddEffect(effect);
        trigger.Node.AddEffect(effect);
        Node = value.Node;
    }

    internal void Attach(Module owner, string name) => (_owner, _localName) = (owner, name);

    /// <summary>Called when the memory holds <paramref name="value"/>'s result: that node is now the leaf.</summary>
    internal void Commit(Node value)
    {
        Changed();
        bool current = Node == value || Node.Parameter == this;
        value.BecomeLeaf(this, _storage, Version);
        if (current)
            Node = value;
    }

    /// <summary>Called when the memory holds other values, and no node that stands for them.</summary>
    internal void Changed()
    {
        Version++;
        _storage.Changed();
    }

    /// <summary>Changes the element type, keeping the values as well as the new type can.</summary>
    internal void Convert(ElementType type)
    {
        if (type == Type)
            return;
        double[] values = ToArray<double>();
        _storage = new Storage(type, Shape.Elements, pinned: true);
        Replace();
        Write(values);
    }

    /// <summary>All values are about to become others, in the memory there is.</summary>
    private void Replace()
    {
        _storage.Replace();
        Version++;
        BecomeLeaf();
    }

    private void BecomeLeaf()
    {
        Node leaf = new(_storage, base.Node.Spec.Shape);
        leaf.BecomeLeaf(this, _storage, Version);
        Node = leaf;
    }

    private void Write(ReadOnlySpan<double> values)
    {
        if (Type == ElementType.Float64)
        {
            Transfer.FromRowMajor(values, _storage, Shape);
        }
        else
        {
            var narrow = new float[values.Length];
            for (int i = 0; i < narrow.Length; i++)
                narrow[i] = (float)values[i];
            Transfer.FromRowMajor<float>(narrow, _storage, Shape);
        }
    }
}
