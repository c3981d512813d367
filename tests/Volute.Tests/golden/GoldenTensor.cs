using System.Text.Json.Serialization;

namespace Volute.Tests.Golden;

/// <summary>A recorded tensor: its shape and its values in row-major order. Whole numbers (indices, classes) and truth
/// values (0, 1) are held as doubles too; <see cref="Type"/> tells.</summary>
public sealed record GoldenTensor(int[] Shape, double[] Data, string Type = "float64")
{
    /// <summary>Errors are measured against the largest recorded magnitude, but never against less than this: a gradient
    /// that is zero but for rounding has no scale of its own.</summary>
    private const double SmallestScale = 0.1;

    [JsonIgnore]
    public bool IsReal => Type == "float64";

    [JsonIgnore]
    public float[] Floats => Array.ConvertAll(Data, value => (float)value);

    [JsonIgnore]
    public int[] Integers => Array.ConvertAll(Data, value => checked((int)value));

    /// <summary>What is wrong with the computed values, or null if every |actual - expected| is at most
    /// tolerance * max |expected|. Non-finite values must be equal.</summary>
    public string? Difference(ReadOnlySpan<double> actual, ReadOnlySpan<int> shape, double tolerance)
    {
        if (!shape.SequenceEqual(Shape))
            return $"has shape [{string.Join(", ", shape.ToArray())}], recorded is [{string.Join(", ", Shape)}]";
        if (actual.Length != Data.Length)
            return $"has {actual.Length} values, recorded are {Data.Length}";
        double scale = SmallestScale;
        foreach (double value in Data)
            if (double.IsFinite(value))
                scale = Math.Max(scale, Math.Abs(value));
        double worst = 0;
        int at = -1;
        for (int i = 0; i < Data.Length; i++)
        {
            double error = Data[i].Equals(actual[i]) ? 0 : Math.Abs(actual[i] - Data[i]) / scale;
            if (double.IsNaN(error))
                error = double.PositiveInfinity;
            if (error > worst)
                (worst, at) = (error, i);
        }
        return worst <= (IsReal ? tolerance : 0)
            ? null
            : FormattableString.Invariant(
                $"is {actual[at]:R} at [{string.Join(", ", Position(at))}], recorded is {Data[at]:R}: an error of {worst:E1} of the scale {scale:G4}, allowed is {tolerance:E1}");
    }

    private int[] Position(int index)
    {
        int[] position = new int[Shape.Length];
        for (int axis = Shape.Length - 1; axis >= 0; axis--)
            (index, position[axis]) = Math.DivRem(index, Shape[axis]);
        return position;
    }
}
