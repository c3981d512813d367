using System.Globalization;
using Volute.Formats;
using Volute.Tests.Formats;
using Volute.Tests.Training;

namespace Volute.Tests.Cli;

/// <summary>volute convolve against plain loops over pixels, with kernels written down here.</summary>
public class ConvolveTests
{
    private const int Width = 11, Height = 9;

    private static readonly Dictionary<string, (string Rows, double Divisor)> s_kernels = new()
    {
        ["identity"] = ("0 0 0; 0 1 0; 0 0 0", 1),
        ["box"] = ("1 1 1; 1 1 1; 1 1 1", 9),
        ["gaussian"] = ("1 4 6 4 1; 4 16 24 16 4; 6 24 36 24 6; 4 16 24 16 4; 1 4 6 4 1", 256),
        ["sharpen"] = ("0 -1 0; -1 5 -1; 0 -1 0", 1),
        ["emboss"] = ("-2 -1 0; -1 1 1; 0 1 2", 1),
        ["outline"] = ("-1 -1 -1; -1 8 -1; -1 -1 -1", 1),
        ["sobel-vertical"] = ("-1 0 1; -2 0 2; -1 0 1", 1),
        ["sobel-horizontal"] = ("-1 -2 -1; 0 0 0; 1 2 1", 1),
        ["prewitt-vertical"] = ("-1 0 1; -1 0 1; -1 0 1", 1),
        ["prewitt-horizontal"] = ("-1 -1 -1; 0 0 0; 1 1 1", 1),
        ["laplacian"] = ("0 1 0; 1 -4 1; 0 1 0", 1),
        ["motion-blur"] = (string.Join("; ", Enumerable.Range(0, 9).Select(r => string.Join(' ', Enumerable.Range(0, 9).Select(c => r == c ? 1 : 0)))), 9),
        ["unsharp"] = ("-1 -4 -6 -4 -1; -4 -16 -24 -16 -4; -6 -24 476 -24 -6; -4 -16 -24 -16 -4; -1 -4 -6 -4 -1", 256),
    };

    /// <summary>Values without a pattern.</summary>
    private static byte[] Pixels { get; } = [.. Enumerable.Range(0, Width * Height).Select(i => (byte)(i * i * 7 % 251))];

    private static double[][] Numbers(string rows)
        => [.. rows.Split(';').Select(row => row.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(n => double.Parse(n, CultureInfo.InvariantCulture)).ToArray())];

    /// <summary>Where a position outside leads to, or -1 for zero.</summary>
    private static int Place(int at, int size, string padding) => at >= 0 && at < size ? at : padding switch
    {
        "zeros" => -1,
        "replicate" => Math.Clamp(at, 0, size - 1),
        "circular" => (at + size) % size,
        _ => at < 0 ? -at : 2 * (size - 1) - at,
    };

    private static double[] Convolved(double[][] kernel, double divisor, int stride = 1, string padding = "replicate")
    {
        List<double> sums = [];
        for (int y = 0; y < Height; y += stride)
        {
            for (int x = 0; x < Width; x += stride)
            {
                double sum = 0;
                for (int r = 0; r < kernel.Length; r++)
                {
                    for (int c = 0; c < kernel[0].Length; c++)
                    {
                        int row = Place(y + r - (kernel.Length - 1) / 2, Height, padding), column = Place(x + c - (kernel[0].Length - 1) / 2, Width, padding);
                        sum += row < 0 || column < 0 ? 0 : kernel[r][c] * Pixels[row * Width + column];
                    }
                }
                sums.Add(sum / divisor);
            }
        }
        return [.. sums];
    }

    /// <summary>Pixels are the clamped and rounded sums; halves may go either way.</summary>
    private static void Same(double[] expected, byte[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(Math.Clamp(expected[i], 0, 255) - actual[i]) < 0.501, $"pixel {i}: expected {expected[i]}, got {actual[i]}");
    }

    private static async Task<byte[]> Convolve(TemporaryFolder folder, string kernel, string name, params string[] options)
    {
        folder.Gray("in.png", Width, Height, Pixels);
        Ended ended = await VoluteProgram.Run(["convolve", folder["in.png"], "--kernel", kernel, "-o", folder[name], .. options]);
        Assert.Equal((0, ""), (ended.Code, ended.Error));
        return ImageFile.Read(folder[name]).ToBytes();
    }

    [Fact]
    public async Task Every_classic_kernel_gives_the_sums_of_its_numbers()
    {
        Assert.Equal(ClassicKernel.Names.Keys.Order(), s_kernels.Keys.Order());
        using TemporaryFolder folder = new();
        folder.Gray("in.png", Width, Height, Pixels);
        await Parallel.ForEachAsync(s_kernels, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = TestContext.Current.CancellationToken }, async (kernel, _) =>
        {
            Ended ended = await VoluteProgram.Run("convolve", folder["in.png"], "--kernel", kernel.Key, "-o", folder[$"{kernel.Key}.pgm"]);
            Assert.Equal((0, ""), (ended.Code, ended.Error));
            Assert.StartsWith($"{kernel.Key} ", ended.Output);
            Same(Convolved(Numbers(kernel.Value.Rows), kernel.Value.Divisor), ImageFile.Read(folder[$"{kernel.Key}.pgm"]).ToBytes());
        });
    }

    [Fact]
    public async Task The_identity_gives_the_same_file()
    {
        using TemporaryFolder folder = new();
        await Convolve(folder, "identity", "out.png");
        Assert.Equal(File.ReadAllBytes(folder["in.png"]), File.ReadAllBytes(folder["out.png"]));
    }

    [Fact]
    public async Task Sobel_finds_a_step_where_it_is()
    {
        using TemporaryFolder folder = new();
        folder.Gray("step.png", 6, 3, [.. Enumerable.Range(0, 18).Select(i => (byte)(i % 6 < 3 ? 10 : 40))]);
        Ended ended = await VoluteProgram.Run("convolve", folder["step.png"], "-k", "sobel-vertical", "-o", folder["out.png"]);
        Assert.Equal($"sobel-vertical 3x3 on {folder["step.png"]} (6x3): values 0 to 0.4706 -> {folder["out.png"]} (6x3)\n", ended.Output);
        Assert.Equal([.. Enumerable.Repeat<byte[]>([0, 0, 120, 120, 0, 0], 3).SelectMany(row => row)], ImageFile.Read(folder["out.png"]).ToBytes());
    }

    [Theory]
    [InlineData("zeros")]
    [InlineData("replicate")]
    [InlineData("reflect")]
    [InlineData("circular")]
    public async Task What_lies_beyond_the_border_is_what_was_asked_for(string padding)
    {
        using TemporaryFolder folder = new();
        const string Kernel = "0.5 0 0.25; 0 0 0; 0.125 0 0.125";
        Same(Convolved(Numbers(Kernel), 1, padding: padding), await Convolve(folder, Kernel, "out.png", "--padding", padding));
    }

    [Theory]
    [InlineData("1 0 0; 0 0 0; 0 0 0", 2)]
    [InlineData("0 0 1", 3)]
    [InlineData("0.25 0.25; 0.25 0.25", 1)]
    [InlineData("-1 2", 1)]
    [InlineData("1e-1", 1)]
    public async Task Own_numbers_of_any_size_and_stride_are_taken(string kernel, int stride)
    {
        using TemporaryFolder folder = new();
        Same(Convolved(Numbers(kernel), 1, stride), await Convolve(folder, kernel, "out.png", "--stride", $"{stride}"));
        Assert.Equal((Width - 1) / stride + 1, ImageFile.Read(folder["out.png"]).Width);
    }

    [Fact]
    public async Task Own_numbers_can_come_from_a_file_and_results_can_be_shown_with_their_sign()
    {
        using TemporaryFolder folder = new();
        folder.Text("kernel.txt", "-1, 1\n");
        double[] sums = Convolved(Numbers("-1 1"), 1);
        Same([.. sums.Select(v => 127.5 + v / 2)], await Convolve(folder, folder["kernel.txt"], "signed.png", "--range", "signed"));
        Same([.. sums.Select(Math.Abs)], await Convolve(folder, folder["kernel.txt"], "absolute.png", "--range", "absolute"));
        Same([.. sums.Select(v => 255 * (v - sums.Min()) / (sums.Max() - sums.Min()))], await Convolve(folder, folder["kernel.txt"], "stretch.png", "--range", "stretch"));
    }

    [Fact]
    public async Task Colours_are_convolved_each_by_itself_and_opacity_stays()
    {
        using TemporaryFolder folder = new();
        byte[] pixels = [.. Enumerable.Range(0, 5 * 4 * 4).Select(i => (byte)(i * 37 % 256))];
        ImageFile.Write(folder["rgba.png"], Picture.FromBytes(pixels, 5, 4, 4));
        Ended ended = await VoluteProgram.Run("convolve", folder["rgba.png"], "-k", "0 0 1", "-o", folder["out.png"]);
        Assert.Equal((0, ""), (ended.Code, ended.Error));
        byte[] expected = [.. Enumerable.Range(0, pixels.Length).Select(i => i % 4 == 3 || i / 4 % 5 == 4 ? pixels[i] : pixels[i + 4])];
        Assert.Equal(expected, ImageFile.Read(folder["out.png"]).ToBytes());
    }
}
