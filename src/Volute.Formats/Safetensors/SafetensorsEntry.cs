namespace Volute.Formats;

/// <summary>One tensor of a safetensors file, as its header names it.</summary>
public sealed class SafetensorsEntry
{
    private readonly long[] shape;

    internal SafetensorsEntry(string name, NumberType type, long[] shape, long begin, long end)
    {
        Name = name;
        Type = type;
        this.shape = shape;
        Begin = begin;
        End = end;
    }

    /// <summary>The tensor's name.</summary>
    public string Name { get; }

    /// <summary>What its numbers are.</summary>
    public NumberType Type { get; }

    /// <summary>The size of each axis; empty for a single number.</summary>
    public ReadOnlySpan<long> Shape => shape;

    /// <summary>Its first byte, counted from the end of the header.</summary>
    public long Begin { get; }

    /// <summary>The byte after its last.</summary>
    public long End { get; }
}
