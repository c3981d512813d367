namespace Volute.Training;

/// <summary>
/// Several networks that answer together: ln p of the mean p of their softmax, so that the softmax of this is that mean; of regions ln p − ln (1 − p) of
/// the mean of their sigmoids, so that its sigmoid is.
/// </summary>
internal sealed class Ensemble : Module
{
    // The logarithm of no probability at all: tiles are blended by weighted sums, to which an infinity must not come.
    private const double Least = -100;

    private readonly Module[] _networks;
    private readonly bool _ofRegions;

    /// <param name="networks">At least one; all of the same inputs and outputs.</param>
    /// <param name="ofRegions">Whether scores are of regions, each of which holds for itself.</param>
    public Ensemble(IReadOnlyList<Module> networks, bool ofRegions)
    {
        (_networks, _ofRegions) = ([.. networks], ofRegions);
        for (int i = 0; i < _networks.Length; i++)
            Add($"{i}", _networks[i]);
    }

    /// <summary>One of them, for sizes.</summary>
    public Module First => _networks[0];

    public override Tensor Forward(Tensor x)
    {
        Tensor sum = Probabilities(_networks[0], x);
        foreach (Module network in _networks.AsSpan(1))
            sum += Probabilities(network, x);
        Tensor mean = sum * (1.0 / _networks.Length);
        return _ofRegions ? (mean.Log() - (1 - mean).Log()).Clamp(Least, -Least) : mean.Log().Clamp(Least);
    }

    private Tensor Probabilities(Module network, Tensor x) => network.Forward(x) is var scores && _ofRegions ? scores.Sigmoid() : scores.Softmax(1);
}
