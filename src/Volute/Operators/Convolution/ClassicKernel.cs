using System.Globalization;

namespace Volute;

/// <summary>A kernel for pictures: the classic ones by name, or one's own numbers.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="Values">Row-major.</param>
public sealed record ClassicKernel(string Name, int Height, int Width, float[] Values)
{
    /// <summary>The known names, with what each does.</summary>
    public static IReadOnlyDictionary<string, string> Names { get; } = new Dictionary<string, string>
    {
        ["identity"] = "the picture itself",
        ["box"] = "the mean of 3x3 pixels",
        ["gaussian"] = "a soft blur, 5x5 binomial",
        ["sharpen"] = "each pixel against its four neighbours",
        ["emboss"] = "light from the upper left",
        ["outline"] = "each pixel against its eight neighbours",
        ["sobel-vertical"] = "vertical edges: the slope from left to right (Sobel)",
        ["sobel-horizontal"] = "horizontal edges: the slope from top to bottom (Sobel)",
        ["prewitt-vertical"] = "vertical edges (Prewitt)",
        ["prewitt-horizontal"] = "horizontal edges (Prewitt)",
        ["laplacian"] = "the second derivative in both directions",
        ["motion-blur"] = "the mean along a diagonal of 9 pixels",
        ["unsharp"] = "the picture and what a 5x5 blur took from it",
    };

    /// <summary>The kernel of this name.</summary>
    /// <exception cref="InvalidArgumentException">No such name; the message lists those there are.</exception>
    public static ClassicKernel Named(string name) => name switch
    {
        "identity" => Of(name, 3, 1, [0, 0, 0, 0, 1, 0, 0, 0, 0]),
        "box" => Of(name, 3, 1 / 9f, [1, 1, 1, 1, 1, 1, 1, 1, 1]),
        "gaussian" => Of(name, 5, 1 / 256f, [.. Binomial()]),
        "sharpen" => Of(name, 3, 1, [0, -1, 0, -1, 5, -1, 0, -1, 0]),
        "emboss" => Of(name, 3, 1, [-2, -1, 0, -1, 1, 1, 0, 1, 2]),
        "outline" => Of(name, 3, 1, [-1, -1, -1, -1, 8, -1, -1, -1, -1]),
        "sobel-vertical" => Of(name, 3, 1, [-1, 0, 1, -2, 0, 2, -1, 0, 1]),
        "sobel-horizontal" => Of(name, 3, 1, [-1, -2, -1, 0, 0, 0, 1, 2, 1]),
        "prewitt-vertical" => Of(name, 3, 1, [-1, 0, 1, -1, 0, 1, -1, 0, 1]),
        "prewitt-horizontal" => Of(name, 3, 1, [-1, -1, -1, 0, 0, 0, 1, 1, 1]),
        "laplacian" => Of(name, 3, 1, [0, 1, 0, 1, -4, 1, 0, 1, 0]),
        "motion-blur" => Of(name, 9, 1 / 9f, [.. Enumerable.Range(0, 81).Select(i => i / 9 == i % 9 ? 1f : 0f)]),
        "unsharp" => Of(name, 5, 1 / 256f, [.. Binomial().Select((v, i) => i == 12 ? 512 - v : -v)]),
        _ => throw new InvalidArgumentException($"there is no kernel '{name}'; there are {string.Join(", ", Names.Keys)}, or your own numbers: \"0 1 0; 1 -4 1; 0 1 0\""),
    };

    /// <summary>Numbers in rows separated by semicolons or line ends: "0 1 0; 1 -4 1; 0 1 0".</summary>
    /// <exception cref="InvalidArgumentException">A word that is no number, or rows of different lengths.</exception>
    public static ClassicKernel Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] rows = text.Split([';', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        List<float> values = [];
        int width = 0;
        foreach (string row in rows)
        {
            string[] words = row.Split([' ', ',', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (width != 0 && words.Length != width)
                throw new InvalidArgumentException($"a kernel's rows must be of one length, got rows of {width} and {words.Length} numbers");
            width = words.Length;
            foreach (string word in words)
                values.Add(float.TryParse(word, CultureInfo.InvariantCulture, out float value) && float.IsFinite(value) ? value
                    : throw new InvalidArgumentException($"'{word}' in the kernel is no number; write rows like \"0 1 0; 1 -4 1; 0 1 0\""));
        }
        return values.Count > 0 ? new ClassicKernel("own", rows.Length, width, [.. values]) : throw new InvalidArgumentException("the kernel is empty; write rows like \"0 1 0; 1 -4 1; 0 1 0\"");
    }

    /// <summary>The kernel over every channel of a map (N, C, H, W) by itself, as networks do it: cross-correlation.</summary>
    /// <param name="x">(N, C, H, W).</param>
    /// <param name="stride">Step between outputs.</param>
    /// <param name="mode">What lies beyond the border; the picture keeps its size (at stride 1).</param>
    public Tensor Apply(Tensor x, int stride = 1, PaddingMode mode = PaddingMode.Replicate)
    {
        ArgumentNullException.ThrowIfNull(x);
        int channels = x.Shape[1];
        var conv = new Conv2d(channels, channels, [Height, Width], stride, Padding.Ends([(Height - 1) / 2, (Width - 1) / 2], [Height / 2, Width / 2]), groups: channels, bias: false, paddingMode: mode);
        conv.Weight.Assign([.. Enumerable.Repeat(Values, channels).SelectMany(v => v)]);
        return conv.Forward(x);
    }

    private static ClassicKernel Of(string name, int size, float factor, float[] values) => new(name, size, size, [.. values.Select(v => v * factor)]);

    /// <summary>The outer product of 1 4 6 4 1 with itself; its sum is 256.</summary>
    private static IEnumerable<float> Binomial()
    {
        float[] line = [1, 4, 6, 4, 1];
        return line.SelectMany(a => line.Select(b => a * b));
    }
}
