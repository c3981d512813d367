using System.Collections;
using System.Runtime.CompilerServices;
using Volute.Kernels;

namespace Volute;

/// <summary>One number for every spatial axis, or one for each: <c>3</c> or <c>[3, 5]</c>.</summary>
[CollectionBuilder(typeof(PerAxis), nameof(Create))]
public readonly struct PerAxis : IEnumerable<int>
{
    private readonly int[]? _values;
    private readonly int _all;

    private PerAxis(int all, int[]? values) => (_all, _values) = (all, values);

    /// <summary>One number for each axis.</summary>
    public static PerAxis Create(ReadOnlySpan<int> values) => new(0, values.ToArray());

    /// <summary>One number for every axis.</summary>
    public static implicit operator PerAxis(int value) => new(value, null);

    /// <summary>One number for each axis.</summary>
    public static implicit operator PerAxis(int[] values) => Create(values);

    /// <summary>The numbers of <paramref name="rank"/> axes.</summary>
    /// <exception cref="InvalidArgumentException">Another number of values was given.</exception>
    public int[] For(int rank, string name)
    {
        if (_values is null)
            return [.. Enumerable.Repeat(_all, rank)];
        return _values.Length == rank ? _values
            : throw new InvalidArgumentException($"{name} needs 1 or {rank} numbers, got [{string.Join(", ", _values)}]");
    }

    /// <inheritdoc/>
    public override string ToString() => _values is null ? $"{_all}" : $"[{string.Join(", ", _values)}]";

    IEnumerator<int> IEnumerable<int>.GetEnumerator() => ((IEnumerable<int>)(_values ?? [_all])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => (_values ?? [_all]).GetEnumerator();
}

/// <summary>
/// The padding of a convolution: a number, one for each axis, numbers for both ends of each axis (<see cref="Ends"/>), or a rule:
/// "valid" (none), "same" (outputs = ⌈n / stride⌉, an odd extra position at the end), "causal" (only before, so that no output sees what comes after it).
/// </summary>
[CollectionBuilder(typeof(Padding), nameof(Create))]
public sealed class Padding : IEnumerable<int>
{
    private readonly PerAxis _begin, _end;
    private readonly string? _rule;

    private Padding(PerAxis begin, PerAxis end, string? rule = null) => (_begin, _end, _rule) = (begin, end, rule);

    /// <summary>One number for each axis, the same at both ends.</summary>
    public static Padding Create(ReadOnlySpan<int> values) => new(PerAxis.Create(values), PerAxis.Create(values));

    /// <summary>Different numbers at the beginning and the end.</summary>
    public static Padding Ends(PerAxis begin, PerAxis end) => new(begin, end);

    /// <summary>One number for every axis, at both ends.</summary>
    public static implicit operator Padding(int value) => new(value, value);

    /// <summary>One number for each axis, the same at both ends.</summary>
    public static implicit operator Padding(int[] values) => Create(values);

    /// <summary>"valid", "same" or "causal".</summary>
    public static implicit operator Padding(string rule) => rule is "valid" or "same" or "causal" ? new(0, 0, rule)
        : throw new InvalidArgumentException($"padding must be a number, numbers, 'valid', 'same' or 'causal', got '{rule}'");

    /// <summary>The window's axis with this padding for an input of size <paramref name="input"/>.</summary>
    internal WindowAxis Apply(WindowAxis axis, int index, int rank, int input) => _rule switch
    {
        "same" => axis.Same(input),
        "causal" => axis.Causal(),
        _ => axis with { PadBegin = _begin.For(rank, "padding")[index], PadEnd = _end.For(rank, "padding")[index] },
    };

    /// <summary>Raises the error of a wrong number now rather than at the first use.</summary>
    internal void Check(int rank)
    {
        foreach (int value in _begin.For(rank, "padding").Concat(_end.For(rank, "padding")))
        {
            if (value < 0)
                throw new InvalidArgumentException($"padding must be >= 0, got {value}");
        }
    }

    /// <summary>Whether nothing is added.</summary>
    internal bool IsSame => _rule == "same";

    /// <summary>The same on one axis, and none on the others; a rule gives none where there is one tap.</summary>
    internal Padding OnAxis(int axis, int rank)
    {
        PerAxis Only(PerAxis values) => values.For(rank, "padding").Select((value, i) => i == axis ? value : 0).ToArray();
        return _rule is not null || ToString() == "0" ? this : new Padding(Only(_begin), Only(_end));
    }

    /// <summary>The same for any number of axes, or null where axes differ.</summary>
    internal Padding? OfEveryAxis(int rank)
    {
        int[] begin = _begin.For(rank, "padding"), end = _end.For(rank, "padding");
        return begin.Distinct().Count() == 1 && end.Distinct().Count() == 1 ? new Padding(begin[0], end[0], _rule) : null;
    }

    /// <inheritdoc/>
    public override string ToString() => _rule ?? (_begin.ToString() == _end.ToString() ? _begin.ToString() : $"{_begin}..{_end}");

    IEnumerator<int> IEnumerable<int>.GetEnumerator() => ((IEnumerable<int>)_begin).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable)_begin).GetEnumerator();
}

/// <summary>What lies beyond the border.</summary>
public enum PaddingMode
{
    /// <summary>Zeros.</summary>
    Zeros,

    /// <summary>The mirror image without the border itself: c b | a b c | b a.</summary>
    Reflect,

    /// <summary>The border repeated: a a | a b c | c c.</summary>
    Replicate,

    /// <summary>The other side: b c | a b c | a b.</summary>
    Circular,
}
