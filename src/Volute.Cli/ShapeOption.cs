using System.Globalization;

namespace Volute.Cli;

/// <summary>A shape on the command line: --input 1,1,572,572.</summary>
internal static class ShapeOption
{
    /// <summary>The shape that <paramref name="text"/> says.</summary>
    /// <exception cref="InvalidArgumentException">Not sizes separated by commas.</exception>
    public static Shape Parse(string text)
    {
        string[] parts = text.Split(',', StringSplitOptions.TrimEntries);
        int[] sizes = new int[parts.Length];
        for (int i = 0; i < sizes.Length; i++)
        {
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out sizes[i]) || sizes[i] < 1)
                throw new InvalidArgumentException($"--input needs sizes >= 1 separated by commas, such as 1,1,572,572; got '{text}'");
        }
        return sizes;
    }
}
