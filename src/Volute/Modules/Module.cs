using System.Diagnostics.CodeAnalysis;
using Volute.Kernels;

namespace Volute;

/// <summary>
/// A part of a network: parameters, child modules under names, and a forward. Own modules derive from it, add children with
/// <see cref="Add{T}"/> and write <see cref="Forward"/>; names, state and shapes are PyTorch's.
/// </summary>
public abstract class Module
{
    private readonly List<(string Name, Module Child)> _children = [];
    private readonly List<Parameter> _own = [];
    private readonly List<string> _ownNames = [];
    private Module? _parent;
    private string _name = "";
    private LabelText? _label;

    /// <summary>The layer that works in place of this one since the network was turned into one of volumes.</summary>
    internal Module? Successor { get; set; }

    /// <summary>How often a module was added to another: paths may have changed.</summary>
    private static int s_added;

    /// <summary>Whether the module is in training: dropout drops, batch norm uses the batch. True at first, as in PyTorch.</summary>
    public bool IsTraining { get; private set; } = true;

    /// <summary>The names from the outermost module down to this one, joined by dots.</summary>
    public string Path => _parent is null ? "" : _parent.Path.Length == 0 ? _name : $"{_parent.Path}.{_name}";

    /// <summary>Path and kind, as nodes and errors carry them: "features.0 (Conv2d 1->6 k5x5)". Made once for as long as no module is added to another.</summary>
    internal string Label
    {
        get
        {
            int added = Volatile.Read(ref s_added);
            if (_label is not { } label || label.Added != added)
                _label = label = new LabelText(added, Path.Length == 0 ? Kind : $"{Path} ({Kind})");
            return label.Text;
        }
    }

    private sealed record LabelText(int Added, string Text);

    /// <summary>What the module is, for tables: its class and the numbers that matter.</summary>
    public virtual string Kind => GetType().Name;

    /// <summary>The child modules with their names.</summary>
    public IReadOnlyList<(string Name, Module Child)> Children => _children;

    /// <summary>The module's function.</summary>
    public abstract Tensor Forward(Tensor x);

    /// <summary>What training can change, this module's own first, then the children's in order.</summary>
    public IReadOnlyList<Parameter> Parameters() => [.. State().Where(p => p.IsTrainable)];

    /// <summary>Everything that a state file holds: parameters and running statistics, with their full names.</summary>
    public IReadOnlyList<Parameter> State()
    {
        List<Parameter> all = [];
        foreach (Module module in Modules())
        {
            module.CheckMade();
            all.AddRange(module._own);
        }
        return all;
    }

    /// <summary>Makes the parameters of lazy layers that have seen no input yet, for a state that is to be loaded.</summary>
    /// <param name="shapeOf">The shape that the state has under a parameter's full name; null where it has none.</param>
    public void MakeParameters(Func<string, Shape?> shapeOf)
    {
        ArgumentNullException.ThrowIfNull(shapeOf);
        foreach (Module module in Modules())
            module.MakeOwn(shapeOf);
    }

    /// <summary>This module and all below it, parents first.</summary>
    public IEnumerable<Module> Modules()
    {
        Stack<Module> open = new([this]);
        while (open.TryPop(out Module? module))
        {
            yield return module;
            for (int i = module._children.Count - 1; i >= 0; i--)
                open.Push(module._children[i].Child);
        }
    }

    /// <summary>Switches this module and all below it to training, or back.</summary>
    /// <returns>This module.</returns>
    public Module Train(bool training = true)
    {
        foreach (Module module in Modules())
            module.IsTraining = training;
        return this;
    }

    /// <summary>Switches to inference: <c>Train(false)</c>.</summary>
    /// <returns>This module.</returns>
    public Module Eval() => Train(false);

    /// <summary>Converts all parameters: float64 for checks, float32 for work.</summary>
    /// <returns>This module.</returns>
    public Module To(ElementType type)
    {
        foreach (Parameter parameter in State())
            parameter.Convert(type);
        return this;
    }

    /// <summary>The number of trainable numbers.</summary>
    public long ParameterCount => Parameters().Sum(p => p.Shape.Elements);

    /// <summary>Registers a child under a name.</summary>
    protected T Add<T>(string name, T child) where T : Module
    {
        ArgumentNullException.ThrowIfNull(child);
        CheckName(name);
        child._parent = this;
        child._name = name;
        Interlocked.Increment(ref s_added);
        _children.Add((name, child));
        return child;
    }

    /// <summary>Registers a parameter under a name.</summary>
    protected Parameter Add(string name, Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        CheckName(name);
        parameter.Attach(this, name);
        _own.Add(parameter);
        _ownNames.Add(name);
        return parameter;
    }

    /// <summary>Raises the error of a layer whose parameters are not made yet.</summary>
    private protected virtual void CheckMade()
    {
    }

    /// <summary>Makes the parameters that are not made yet as those of a state are, where it has them.</summary>
    private protected virtual void MakeOwn(Func<string, Shape?> shapeOf)
    {
    }

    /// <summary>Takes a parameter of this module's own out again.</summary>
    private protected void Remove(Parameter own)
    {
        int place = _own.FindIndex(p => ReferenceEquals(p, own));
        _own.RemoveAt(place);
        _ownNames.RemoveAt(place);
    }

    /// <summary>What takes this layer's place in a network of volumes: itself, where it does not depend on the number of axes.</summary>
    /// <exception cref="InvalidArgumentException">It depends on two axes, and has no form for three.</exception>
    internal virtual Module InVolumes(VolumeForm form) => this;

    /// <summary>Takes, as a layer of volumes, the parameters of the layer in whose place it comes.</summary>
    internal virtual void TakeParameters(Module flat)
    {
    }

    /// <summary>Told to every module of a network whose layers work on volumes from now on.</summary>
    internal virtual void BecameVolumes(VolumeForm form)
    {
    }

    /// <summary>Replaces this module and those below it by others: in their parents, for who holds them, in the same mode.</summary>
    internal void ReplaceAll(IReadOnlyDictionary<Module, Module> others)
    {
        _parent?.ReplaceChildren(others);
        foreach (var (module, other) in others)
        {
            module.ReplaceChildren(others);
            if (other != module)
            {
                (module.Successor, other.IsTraining) = (other, module.IsTraining);
                other.TakeParameters(module);
            }
        }
    }

    private void ReplaceChildren(IReadOnlyDictionary<Module, Module> others)
    {
        for (int i = 0; i < _children.Count; i++)
        {
            var (name, child) = _children[i];
            if (!others.TryGetValue(child, out Module? other) || other == child)
                continue;
            (other._parent, other._name) = (this, name);
            _children[i] = (name, other);
            Interlocked.Increment(ref s_added);
        }
    }

    /// <summary>Puts another parameter in the place of one of this module's own, under the same name.</summary>
    /// <returns>The other.</returns>
    [return: NotNullIfNotNull(nameof(other))]
    private protected Parameter? Exchange(Parameter? own, Parameter? other)
    {
        if (other is null)
            return null;
        int place = _own.FindIndex(p => ReferenceEquals(p, own));
        other.Attach(this, _ownNames[place]);
        return _own[place] = other;
    }

    /// <summary>The number that both axes have, and a third one then too.</summary>
    internal int SameOnBoth(string what, int height, int width)
        => height == width ? height : throw HasNoVolumes($"its {what} is {height} along one axis and {width} along the other; what is to hold for three axes must be equal");

    /// <summary>The error of a layer without a form for volumes.</summary>
    internal InvalidArgumentException HasNoVolumes(string reason) => new($"{Label} cannot be turned into a layer of volumes: {reason}");

    private void CheckName(string name)
    {
        if (string.IsNullOrEmpty(name) || name.Contains('.', StringComparison.Ordinal))
            throw new InvalidArgumentException($"a name inside a module must not be empty or contain a dot, got '{name}'");
        if (_ownNames.Contains(name) || _children.Any(c => c.Name == name))
            throw new InvalidArgumentException($"{GetType().Name} already has something named '{name}'");
    }
}

/// <summary>A module of one call, whose errors and plan steps carry its path.</summary>
public abstract class Layer : Module
{
    /// <inheritdoc/>
    public sealed override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (Successor is { } other)
            return other.Forward(x);
        using var scope = Scope.Enter(Label);
        Tensor y = Apply(x);
        LayerTrace.Report(this, x, y);
        return y;
    }

    /// <summary>The layer's function.</summary>
    protected abstract Tensor Apply(Tensor x);

    /// <summary>Applies a function of batches to a batch, or to one sample without the batch axis (PyTorch accepts both).</summary>
    /// <param name="x">(N, C, …) or (C, …).</param>
    /// <param name="spatial">The number of spatial axes.</param>
    /// <param name="function">A function of (N, C, …).</param>
    protected Tensor Batched(Tensor x, int spatial, Func<Tensor, Tensor> function)
    {
        if (x.Shape.Rank == spatial + 2)
            return function(x);
        if (x.Shape.Rank == spatial + 1)
            return function(x.Unsqueeze(0)).Squeeze(0);
        string axes = spatial switch { 1 => "L", 2 => "H, W", _ => "D, H, W" };
        throw SourceLine.Error($"{GetType().Name}: expected [N, C, {axes}] or [C, {axes}], got shape {x.Shape} with {x.Shape.Rank} axes");
    }
}
