namespace Volute.Kernels;

/// <summary>
/// y[o] = Σ over the taps (i, w) of o of w · x[i]: a linear map of one axis, kept as a sparse matrix outputs × inputs.
/// Average pooling, interpolation and the padding modes are such maps, axis by axis; the gradient of each is its transpose.
/// </summary>
/// <remarks>Immutable, and equal where the numbers are equal. The taps of an output are in ascending order of input, each input at most once; taps given with weight 0 are left out.</remarks>
public sealed partial class AxisTaps : IEquatable<AxisTaps>
{
    private readonly int[] _starts;
    private readonly int[] _positions;
    private readonly double[] _weights;
    private readonly int _hash;

    private AxisTaps(int inputs, int[] starts, int[] positions, double[] weights)
    {
        Inputs = inputs;
        _starts = starts;
        _positions = positions;
        _weights = weights;
        HashCode hash = new();
        hash.Add(inputs);
        hash.AddBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes<int>(starts));
        hash.AddBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes<int>(positions));
        hash.AddBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes<double>(weights));
        _hash = hash.ToHashCode();
    }

    /// <summary>The size of the axis that is read.</summary>
    public int Inputs { get; }

    /// <summary>The size of the axis that is written.</summary>
    public int Outputs => _starts.Length - 1;

    /// <summary>The taps of output o are numbers Starts[o] to Starts[o + 1] − 1 of <see cref="Positions"/> and <see cref="Weights"/>.</summary>
    public ReadOnlySpan<int> Starts => _starts;

    /// <summary>Which input each tap reads.</summary>
    public ReadOnlySpan<int> Positions => _positions;

    /// <summary>What each tap multiplies it by.</summary>
    public ReadOnlySpan<double> Weights => _weights;

    /// <summary>Whether every output is the input at its own place.</summary>
    public bool IsIdentity
    {
        get
        {
            if (Inputs != Outputs || _positions.Length != Inputs)
                return false;
            for (int o = 0; o < Inputs; o++)
            {
                if (_starts[o] != o || _positions[o] != o || _weights[o] != 1)
                    return false;
            }
            return true;
        }
    }

    /// <summary>y[o] = x[o]: an axis that is left alone.</summary>
    public static AxisTaps Identity(int size) => Nearest(size, size);

    /// <summary>Any linear map, tap by tap: output o sums weights[t] · x[positions[t]] over t from starts[o] to starts[o + 1] − 1.</summary>
    /// <param name="inputs">The size of the axis that is read.</param>
    /// <param name="starts">One number more than there are outputs, ascending from 0 to the number of taps.</param>
    /// <param name="positions">The input of each tap, 0..inputs−1; an input named twice for one output counts with both weights.</param>
    /// <param name="weights">The factor of each tap.</param>
    /// <exception cref="InvalidArgumentException">The lists do not fit each other, or a tap lies outside the axis.</exception>
    public static AxisTaps Create(int inputs, ReadOnlySpan<int> starts, ReadOnlySpan<int> positions, ReadOnlySpan<double> weights)
    {
        if (positions.Length != weights.Length)
            throw new InvalidArgumentException($"taps need as many weights as positions, got {weights.Length} weights and {positions.Length} positions");
        if (starts.Length < 2 || starts[0] != 0 || starts[^1] != positions.Length)
            throw new InvalidArgumentException($"starts of taps must go from 0 to the number of taps, {positions.Length}, got [{string.Join(", ", starts.ToArray())}]");
        Builder builder = new(inputs, starts.Length - 1);
        for (int o = 0; o + 1 < starts.Length; o++)
        {
            if (starts[o + 1] < starts[o])
                throw new InvalidArgumentException($"starts of taps must ascend, got {starts[o + 1]} after {starts[o]}");
            for (int tap = starts[o]; tap < starts[o + 1]; tap++)
            {
                if (positions[tap] < 0 || positions[tap] >= inputs)
                    throw new InvalidArgumentException($"a tap of output {o} reads input {positions[tap]}, but the inputs are 0..{inputs - 1}");
                builder.Add(positions[tap], weights[tap]);
            }
            builder.EndOutput();
        }
        return builder.Build();
    }

    /// <summary>x[i] = Σ over outputs o of w[o, i] · y[o]: the gradient of this map, and outputs and inputs change places.</summary>
    public AxisTaps Transpose()
    {
        var starts = new int[Inputs + 1];
        foreach (int position in _positions)
            starts[position + 1]++;
        for (int i = 0; i < Inputs; i++)
            starts[i + 1] += starts[i];
        var next = starts.AsSpan(0, Inputs).ToArray();
        var positions = new int[_positions.Length];
        var weights = new double[_positions.Length];
        for (int o = 0; o < Outputs; o++)
        {
            for (int tap = _starts[o]; tap < _starts[o + 1]; tap++)
            {
                int slot = next[_positions[tap]]++;
                (positions[slot], weights[slot]) = (o, _weights[tap]);
            }
        }
        return new(Outputs, starts, positions, weights);
    }

    /// <inheritdoc/>
    public bool Equals(AxisTaps? other)
        => other is not null && (ReferenceEquals(this, other)
            || (_hash == other._hash && Inputs == other.Inputs && _starts.AsSpan().SequenceEqual(other._starts)
                && _positions.AsSpan().SequenceEqual(other._positions) && _weights.AsSpan().SequenceEqual(other._weights)));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as AxisTaps);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    /// <summary>The sizes and the number of taps: 4 -> 2 (4 taps).</summary>
    public override string ToString() => $"{Inputs} -> {Outputs} ({_positions.Length} taps)";

    /// <summary>Collects taps output by output: sorts those of one output, adds up equal inputs, drops zeros.</summary>
    private sealed class Builder
    {
        private readonly int _inputs;
        private readonly List<int> _starts;
        private readonly List<int> _positions = [];
        private readonly List<double> _weights = [];

        public Builder(int inputs, long outputs, string what = "resampling")
        {
            if (inputs < 1)
                throw new InvalidArgumentException($"{what} needs at least 1 input, got {inputs}");
            if (outputs < 1)
                throw new InvalidArgumentException($"{what} needs at least 1 output, got {outputs}");
            if (outputs >= Sizes.MaxElements)
                throw new LimitException(what, outputs.ToString(), Sizes.MaxElements.ToString(), "outputs along one axis");
            _inputs = inputs;
            _starts = new((int)outputs + 1) { 0 };
        }

        public void Add(long position, double weight)
        {
            if (weight == 0)
                return;
            int slot = _positions.Count, start = _starts[^1];
            while (slot > start && _positions[slot - 1] > position)
                slot--;
            if (slot > start && _positions[slot - 1] == position)
            {
                _weights[slot - 1] += weight;
                return;
            }
            _positions.Insert(slot, (int)position);
            _weights.Insert(slot, weight);
        }

        public void EndOutput() => _starts.Add(_positions.Count);

        public AxisTaps Build() => new(_inputs, [.. _starts], [.. _positions], [.. _weights]);
    }
}
