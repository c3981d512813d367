namespace Volute.Training;

/// <summary>
/// A region of nnU-Net's dataset.json: the pixels of several labels together, such as the whole tumor of edema, core and active core. Regions may
/// lie within each other.
/// </summary>
/// <param name="Name">What it is called.</param>
/// <param name="Values">The raw values of its pixels.</param>
/// <param name="Written">
/// The raw value that its pixels get in a mask of predicted regions (regions_class_order), where later regions are written over earlier ones.
/// </param>
public sealed record LabelRegion(string Name, IReadOnlyList<int> Values, int Written)
{
    /// <summary>"core = 2 3".</summary>
    public override string ToString() => $"{Name} = {string.Join(" ", Values)}";
}
