namespace Volute.Training;

/// <summary>Several networks that answer together: ln of the mean of their softmax, so that the softmax of this is that mean.</summary>
internal sealed class Ensemble : Module
{
    // The logarithm of no probability at all: tiles are blended by weighted sums, to which an infinity must not come.
    private const double Least = -100;

    private readonly Module[] _networks;

    /// <param name="networks">At least one; all of the same inputs and outputs.</param>
    public Ensemble(IReadOnlyList<Module> networks)
    {
        _networks = [.. networks];
        for (int i = 0; i < _networks.Length; i++)
            Add($"{i}", _networks[i]);
    }

    /// <summary>One of them, for sizes.</summary>
    public Module First => _networks[0];

    public override Tensor Forward(Tensor x)
    {
        Tensor sum = _networks[0].Forward(x).Softmax(1);
        foreach (Module network in _networks.AsSpan(1))
            sum += network.Forward(x).Softmax(1);
        return (sum * (1.0 / _networks.Length)).Log().Clamp(Least);
    }
}
