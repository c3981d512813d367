namespace Volute.Training;

/// <summary>A mask that is a readable file, but holds values that are no labels.</summary>
internal sealed class LabelValueException(VoluteException inner) : VoluteException(inner.Message, inner);
