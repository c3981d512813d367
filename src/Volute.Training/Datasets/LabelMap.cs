namespace Volute.Training;
/// <summary>stub</summary>
public static class LabelMap
{
    /// <summary>ignored</summary>
    public const int Ignored = -1;
}
