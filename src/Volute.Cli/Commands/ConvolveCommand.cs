using System.CommandLine;
using Volute.Formats;

namespace Volute.Cli;

/// <summary>volute convolve IMAGE --kernel K -o OUT: classic kernels, or one's own numbers.</summary>
internal static class ConvolveCommand
{
    public static Command Create()
    {
        Argument<string> image = new("IMAGE") { Description = "A PNG or Netpbm picture" };
        Option<string> kernel = new("--kernel", "-k") { Description = $"{string.Join(", ", ClassicKernel.Names.Keys)}; a file of numbers; or \"0 1 0; 1 -4 1; 0 1 0\"", Required = true };
        Option<string> to = new("--out", "-o") { Description = "The picture to write: .png, .pgm or .ppm", Required = true };
        Option<int> stride = new("--stride") { Description = "Step between outputs", DefaultValueFactory = _ => 1 };
        Option<string> padding = new("--padding") { Description = "Beyond the border: zeros, reflect, replicate or circular", DefaultValueFactory = _ => "replicate" };
        padding.AcceptOnlyFromAmong("zeros", "reflect", "replicate", "circular");
        Option<string> range = new("--range") { Description = "How results become pixels: clamp, absolute, signed (0 is middle gray) or stretch", DefaultValueFactory = _ => "clamp" };
        range.AcceptOnlyFromAmong("clamp", "absolute", "signed", "stretch");
        Command command = new("convolve", "Convolve a picture with a kernel") { image, kernel, to, stride, padding, range };
        command.SetAction(parsed => Convolve(parsed.GetRequiredValue(image), parsed.GetRequiredValue(kernel), parsed.GetRequiredValue(to), parsed.GetValue(stride),
            Enum.Parse<PaddingMode>(parsed.GetRequiredValue(padding), ignoreCase: true), parsed.GetRequiredValue(range)));
        return command;
    }

    private static int Convolve(string path, string kernelText, string to, int stride, PaddingMode mode, string range)
    {
        ClassicKernel kernel = ClassicKernel.Names.ContainsKey(kernelText) ? ClassicKernel.Named(kernelText)
            : File.Exists(kernelText) ? ClassicKernel.Parse(File.ReadAllText(kernelText))
            : kernelText.TrimStart() is [>= 'A' and <= 'Z' or >= 'a' and <= 'z', ..] ? ClassicKernel.Named(kernelText) : ClassicKernel.Parse(kernelText);
        Picture picture = ImageFile.Read(path);
        int alpha = picture.HasAlpha ? 1 : 0, channels = picture.Channels - alpha;
        Tensor whole = picture.ToTensor();
        Tensor y = kernel.Apply(whole.Slice(1, 0, channels), stride, mode);
        if (alpha == 1)
            y = Tensor.Concat([y, whole.Slice(1, channels, 1).Slice(2, 0, y.Shape[2], stride).Slice(3, 0, y.Shape[3], stride)], 1);
        float[] values = y.Permute(0, 2, 3, 1).ToArray();
        float low = values.Min(), high = values.Max();
        float ToUnit(float v) => range switch
        {
            "absolute" => Math.Abs(v),
            "signed" => 0.5f + v / 2,
            "stretch" => high > low ? (v - low) / (high - low) : 0,
            _ => v,
        };
        int all = picture.Channels;
        ushort[] samples = new ushort[values.Length];
        int white = picture.MaxValue > 255 ? 65535 : 255;
        for (int i = 0; i < samples.Length; i++)
            samples[i] = (ushort)Math.Round(Math.Clamp(i % all < channels ? ToUnit(values[i]) : values[i], 0, 1) * white);
        (int height, int width) = (y.Shape[2], y.Shape[3]);
        ImageFile.Write(to, white == 255 ? Picture.FromBytes(Array.ConvertAll(samples, s => (byte)s), width, height, all) : Picture.FromUInt16(samples, width, height, all));
        Console.WriteLine($"{kernel.Name} {kernel.Height}x{kernel.Width} on {path} ({picture.Width}x{picture.Height}): values {low:G4} to {high:G4} -> {to} ({width}x{height})");
        return 0;
    }
}
