using Volute.Formats;

namespace Volute.Training;

/// <summary>What tells the classes of a mask apart.</summary>
public enum LabelKind
{
    /// <summary>Gray values, or the numbers of a volume.</summary>
    Value,

    /// <summary>The indices of a palette picture.</summary>
    Palette,

    /// <summary>Colours, 0xRRGGBB.</summary>
    Color,
}

/// <summary>
/// The raw value that each class has in the masks as they were given, and back: 0 and 255 become classes 0 and 1, and a predicted mask holds 0 and
/// 255 again, in the same colours. Gaps between the values do not matter.
/// </summary>
public sealed partial class LabelMap
{
    /// <summary>The label of pixels that count neither in a loss nor in a metric.</summary>
    public const int Ignored = -1;

    /// <summary>The most classes of one dataset.</summary>
    public const int MaxClasses = 255;

    private readonly Dictionary<int, int> classOf;

    /// <summary>A map whose class i has the raw value <paramref name="values"/>[i].</summary>
    /// <param name="kind">What the values are.</param>
    /// <param name="values">1 to 255 different values.</param>
    /// <param name="ignored">The raw value of pixels that do not count, null for none.</param>
    /// <param name="palette">The colours of palette masks, kept for output.</param>
    /// <exception cref="InvalidArgumentException">
    /// Values that repeat, none or too many, a colour outside 0..0xFFFFFF, an index without its colour.
    /// </exception>
    public LabelMap(LabelKind kind, IReadOnlyList<int> values, int? ignored = null, IReadOnlyList<PaletteColor>? palette = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count is 0 or > MaxClasses)
            throw new InvalidArgumentException($"a label map has 1 to {MaxClasses} classes, got {values.Count}");
        classOf = new(values.Count + 1);
        for (int i = 0; i < values.Count; i++)
            if (!classOf.TryAdd(values[i], i))
                throw new InvalidArgumentException($"value {values[i]} cannot be both class {classOf[values[i]]} and class {i}");
        if (ignored is { } none && !classOf.TryAdd(none, Ignored))
            throw new InvalidArgumentException($"value {none} cannot be both class {classOf[none]} and ignored");
        if (kind == LabelKind.Palette != (palette != null))
            throw new InvalidArgumentException("a palette belongs to a map of palette indices, and only there");
        int limit = kind switch { LabelKind.Color => 0x1000000, LabelKind.Palette => palette!.Count, _ => int.MaxValue };
        foreach (int value in classOf.Keys)
            if (kind != LabelKind.Value && (value < 0 || value >= limit))
                throw new InvalidArgumentException(
                    $"value {value} is not a {(kind == LabelKind.Color ? "colour 0 to 0xFFFFFF" : $"palette index 0 to {limit - 1}")}");
        Kind = kind;
        Values = [.. values];
        IgnoredValue = ignored;
        Palette = palette;
    }

    /// <summary>What tells the classes apart.</summary>
    public LabelKind Kind { get; }

    /// <summary>The raw value of each class.</summary>
    public IReadOnlyList<int> Values { get; }

    /// <summary>The raw value of pixels that do not count, null where there is none.</summary>
    public int? IgnoredValue { get; }

    /// <summary>The colours of palette masks, null for others.</summary>
    public IReadOnlyList<PaletteColor>? Palette { get; }

    /// <summary>How many classes there are.</summary>
    public int Count => Values.Count;

    /// <summary>The class of a raw value, <see cref="Ignored"/> for the ignored one; false where the map does not know the value.</summary>
    public bool TryGetClass(int value, out int label) => classOf.TryGetValue(value, out label);

    /// <summary>The raw value of a class or of <see cref="Ignored"/>.</summary>
    /// <exception cref="InvalidArgumentException">No such class.</exception>
    public int ToRaw(int label)
        => (uint)label < (uint)Count ? Values[label]
            : label == Ignored && IgnoredValue is { } value ? value
            : throw new InvalidArgumentException($"there is no class {label}: the map is {this}");

    /// <summary>The raw values of classes, for label volumes.</summary>
    /// <exception cref="InvalidArgumentException">No such class.</exception>
    public int[] ToRaw(ReadOnlySpan<int> labels)
    {
        int[] values = new int[labels.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = ToRaw(labels[i]);
        return values;
    }

    /// <summary>A mask as the given ones are: gray of 8 bits (16 where a value needs them), palette indices with the palette kept, or RGB.</summary>
    /// <param name="labels">Classes, row-major, height × width.</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    /// <exception cref="InvalidArgumentException">No such class, or a value outside of 0 to 65535.</exception>
    public Picture ToPicture(ReadOnlySpan<int> labels, int width, int height)
    {
        int[] values = ToRaw(labels);
        if (Kind == LabelKind.Palette)
            return PngImage.FromIndices(Array.ConvertAll(values, v => (byte)v), Palette!, width, height);
        if (Kind == LabelKind.Color)
            return Picture.FromBytes([.. values.SelectMany(v => (byte[])[(byte)(v >> 16), (byte)(v >> 8), (byte)v])], width, height, 3);
        int largest = classOf.Keys.Max();
        if (classOf.Keys.Min() < 0 || largest > 65535)
            throw new InvalidArgumentException($"a gray picture holds values of 0 to 65535, the map is {this}");
        return largest <= 255
            ? Picture.FromBytes(Array.ConvertAll(values, v => (byte)v), width, height, 1)
            : Picture.FromUInt16(Array.ConvertAll(values, v => (ushort)v), width, height, 1);
    }

    /// <summary>The raw value as people write it: 255, 3 (#ff0000), #ff0000.</summary>
    public string NameOf(int value) => Kind switch
    {
        LabelKind.Color => $"#{value:x6}",
        LabelKind.Palette => $"{value} (#{StoredMask.Rgb(Palette![value]):x6})",
        _ => value.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    /// <summary>"0 -> 0, 255 -> 1".</summary>
    public override string ToString()
    {
        IEnumerable<string> parts = Values.Select((value, label) => $"{NameOf(value)} -> {label}");
        return string.Join(", ", IgnoredValue is { } none ? parts.Append($"{NameOf(none)} -> ignored") : parts);
    }
}
