namespace Volute.Training;

/// <summary>A change that happens with a probability, by an amount drawn uniformly from a range.</summary>
/// <param name="Probability">0 (never) to 1 (always).</param>
/// <param name="Min">The smallest amount.</param>
/// <param name="Max">The largest amount.</param>
public readonly record struct Chance(double Probability, double Min, double Max)
{
    /// <summary>Whether it can happen at all.</summary>
    public bool IsPossible => Probability > 0;

    /// <summary>Draws whether it happens, and by how much.</summary>
    internal bool Draw(ref SeededRandom random, out double amount)
    {
        bool happens = random.Happens(Probability);
        amount = happens ? Amount(ref random) : 0;
        return happens;
    }

    /// <summary>Uniform in the range.</summary>
    internal double Amount(ref SeededRandom random) => random.Uniform(Min, Max);

    /// <summary>A factor: where the range holds 1, as often below as above, uniform on either side (nnU-Net).</summary>
    internal double Factor(ref SeededRandom random)
        => !(Min < 1 && Max > 1) ? Amount(ref random) : random.Happens(0.5) ? random.Uniform(Min, 1) : random.Uniform(1, Max);

    /// <summary>Checks the probability and that the range lies within <paramref name="lowest"/>..<paramref name="highest"/>.</summary>
    internal void Check(string name, double lowest, double highest)
    {
        if (!(Probability is >= 0 and <= 1))
            throw new InvalidArgumentException($"the probability of {name} must be 0 to 1, got {Probability}");
        if (IsPossible && !(Min >= lowest && Max <= highest && Min <= Max))
            throw new InvalidArgumentException(
                $"the range of {name} must lie within {lowest} to {highest}, its smaller end first; got {Min} to {Max}");
    }
}
