using System.Globalization;
using System.Text;
using Volute.Kernels;

namespace Volute;

/// <summary>How a tensor is printed: type and shape, then the rows of its last axis as on paper, plane by plane.</summary>
internal static class TensorText
{
    // Up to so many numbers are shown whole; of more, each longer axis shows its first and last positions.
    private const int Whole = 400, Edge = 3;

    public static string Of(Tensor tensor)
    {
        Shape shape = tensor.Shape;
        double[] values = tensor.ToArray<double>();
        string header = $"{tensor.Type.Name()} {shape}";
        int[][] shown = [.. shape.Select(size => Shown(size, shape.Elements <= Whole))];
        Func<double, string> format = Format(values);
        if (shape.Rank < 2)
            return $"{header} {{ {string.Join(", ", shape.Rank == 0 ? [format(values[0])] : Row(values, 0, shown[0], format))} }}";
        if (values.Length == 0)
            return header;
        int width = values.Max(v => format(v).Length);
        StringBuilder text = new(header);
        AppendPlanes(text, shape, shown, 0, 0, [], offset => string.Join(' ', Row(values, offset, shown[^1], format).Select(v => v.PadLeft(width))));
        return text.ToString();
    }

    /// <summary>The rows of a plane, below its indices where there are several planes.</summary>
    private static void AppendPlanes(StringBuilder text, Shape shape, int[][] shown, int axis, int offset, List<string> indices, Func<int, string> row)
    {
        bool isPlane = axis == shape.Rank - 2;
        if (isPlane && shape.Elements != (long)shape[^2] * shape[^1])
            text.Append(CultureInfo.InvariantCulture, $"\n[{string.Join(", ", indices)}]");
        foreach (int index in shown[axis])
        {
            int at = offset * shape[axis] + index;
            if (index < 0)
                text.Append("\n…");
            else if (isPlane)
                text.Append('\n').Append(row(at * shape[^1]));
            else
                AppendPlanes(text, shape, shown, axis + 1, at, [.. indices, $"{index}"], row);
        }
    }

    private static IEnumerable<string> Row(double[] values, int offset, int[] shown, Func<double, string> format) => shown.Select(i => i < 0 ? "…" : format(values[offset + i]));

    /// <summary>The positions of an axis that are shown; −1 stands for those left out.</summary>
    private static int[] Shown(int size, bool whole)
        => whole || size <= 2 * Edge + 1 ? [.. Enumerable.Range(0, size)] : [.. Enumerable.Range(0, Edge), -1, .. Enumerable.Range(size - Edge, Edge)];

    /// <summary>One way for all: integers as such, others with four decimals, or with exponents where these would hide or stretch them.</summary>
    private static Func<double, string> Format(double[] values)
    {
        double largest = values.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty().Max();
        string Text(double v, string format) => v.ToString(format, CultureInfo.InvariantCulture);
        if (largest < 1e9 && values.All(v => !double.IsFinite(v) || v == Math.Truncate(v)))
            return v => Text(v + 0.0, "0");
        // No minus before a zero: what is left of a sum that vanishes has either sign.
        return largest is >= 0.01 and < 1e5 ? v => Text(Math.Round(v, 4) + 0.0, "0.0000") : v => Text(v, "0.000e+0");
    }
}
