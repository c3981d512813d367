namespace Volute.Training;

/// <summary>The labels whose pixels are taken for one thing: a class's own, or those of a region. Sets may overlap.</summary>
internal sealed class LabelSet
{
    private readonly int[] _labels;
    private readonly bool[] _holds;

    /// <param name="labels">Classes, from 0; at least one.</param>
    public LabelSet(params int[] labels)
    {
        _labels = labels;
        _holds = new bool[labels.Max() + 1];
        foreach (int label in labels)
            _holds[label] = true;
    }

    /// <summary>The labels.</summary>
    public ReadOnlySpan<int> Labels => _labels;

    /// <summary>Whether a pixel with this label belongs here; one that is not labelled never does.</summary>
    public bool Holds(int label) => (uint)label < (uint)_holds.Length && _holds[label];

    /// <summary>Whether a label belongs to both.</summary>
    public bool Overlaps(LabelSet other) => _labels.Any(other.Holds);
}
