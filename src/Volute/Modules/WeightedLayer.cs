namespace Volute;

/// <summary>A layer of a weight and perhaps a bias: convolutions, transposed ones, linear layers.</summary>
public abstract class WeightedLayer : Layer
{
    private Parameter? _weight;
    private Parametrization? _parametrization;

    /// <summary>What the layer multiplies with, of the shape that its state tells; at first uniform in ±1/√fanIn (Kaiming with a = √5, PyTorch's default).</summary>
    /// <exception cref="InvalidArgumentException">It is made of other parameters, or the layer is lazy and has seen no input.</exception>
    public Parameter Weight
    {
        get
        {
            CheckMade();
            return _weight ?? throw new InvalidArgumentException($"{Label}: its weight is made of {_parametrization!.Names}, which take values in its place");
        }
        private protected set => _weight = value;
    }

    /// <summary>(O), or null; at first uniform in ±1/√fanIn.</summary>
    /// <exception cref="InvalidArgumentException">The layer is lazy and has seen no input.</exception>
    public Parameter? Bias
    {
        get
        {
            CheckMade();
            return field;
        }
        private protected set;
    }

    /// <summary>The weight that this forward multiplies with. To be asked for once a forward: it may take a step of its own.</summary>
    internal Tensor UsedWeight => _parametrization is null ? Weight : _parametrization.Weight(IsTraining);

    /// <summary>Makes the weight of other parameters from now on.</summary>
    internal void Parametrize(Func<Parameter, Parametrization> make)
    {
        Parametrization made = make(Weight);
        Remove(Weight);
        (_weight, _parametrization) = (null, made);
        foreach (var (name, parameter) in made.Parameters)
            Add(name, parameter);
    }
}

/// <summary>How a weight is made of other parameters.</summary>
/// <param name="parameters">These, with their names beside the layer's bias.</param>
internal abstract class Parametrization(params (string Name, Parameter Parameter)[] parameters)
{
    public IReadOnlyList<(string Name, Parameter Parameter)> Parameters => parameters;

    /// <summary>For messages: "'weight_g' and 'weight_v'".</summary>
    public string Names => string.Join(" and ", parameters.Where(p => p.Parameter.IsTrainable).Select(p => $"'{p.Name}'"));

    /// <summary>The weight; training may change what it is made of.</summary>
    public abstract Tensor Weight(bool training);
}
