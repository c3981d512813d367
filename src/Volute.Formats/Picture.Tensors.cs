namespace Volute.Formats;

public partial class Picture
{
    // Between the pictures of a grid, and around it.
    private const int Line = 1;

    /// <summary>The picture as a batch of one: (1, C, H, W), 0 for black and 1 for white.</summary>
    public Tensor ToTensor() => Tensor.FromArray(ToFloats(), [1, Height, Width, Channels]).Permute(0, 3, 1, 2);

    /// <summary>
    /// A picture of 8-bit samples, 255·(x − black)/(white − black), what lies beyond cut off. Several pictures are laid out as a grid, row by row, with a white
    /// line of one pixel around each.
    /// </summary>
    /// <param name="x">(C, H, W) or (N, C, H, W), C of 1 to 4: gray, gray + alpha, RGB, RGB + alpha.</param>
    /// <param name="black">The value that becomes 0.</param>
    /// <param name="white">The value that becomes 255.</param>
    /// <param name="columns">Pictures in a row of the grid; ⌈√N⌉ unless given.</param>
    /// <exception cref="ShapeException">Other axes.</exception>
    /// <exception cref="InvalidArgumentException">black = white, no columns, or more than 4 channels.</exception>
    public static Picture FromTensor(Tensor x, double black = 0, double white = 1, int? columns = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Shape.Rank is not (3 or 4) || x.Shape.Elements == 0)
            throw new ShapeException($"a picture needs a tensor [C, H, W] or [N, C, H, W], got shape {x.Shape}");
        if (black == white || !double.IsFinite(black) || !double.IsFinite(white))
            throw new InvalidArgumentException($"black and white must be two different numbers, got {black} and {white}");
        if (columns < 1)
            throw new InvalidArgumentException($"a grid of pictures needs at least 1 column, got {columns}");
        Tensor batch = x.Shape.Rank == 3 ? x.Unsqueeze(0) : x;
        Tensor light = ((batch - black) * (1 / (white - black))).Clamp(0, 1);
        Tensor whole = light.Shape[0] == 1 ? light.Squeeze(0) : Grid(light, columns ?? (int)Math.Ceiling(Math.Sqrt(light.Shape[0])));
        byte[] samples = Array.ConvertAll(whole.Permute(1, 2, 0).ToArray(), v => (byte)MathF.Round(255 * v));
        return FromBytes(samples, whole.Shape[2], whole.Shape[1], whole.Shape[0]);
    }

    /// <summary>(C, rows·H, columns·W) of (N, C, H, W); where N does not fill the last row the rest is white.</summary>
    private static Tensor Grid(Tensor pictures, int columns)
    {
        int count = pictures.Shape[0], rows = (count + columns - 1) / columns;
        Tensor framed = pictures.Pad(0, 0, rows * columns - count, 1).Pad(2, Line, 0, 1).Pad(3, Line, 0, 1);
        (int channels, int height, int width) = (framed.Shape[1], framed.Shape[2], framed.Shape[3]);
        return framed.Reshape([rows, columns, channels, height, width]).Permute(2, 0, 3, 1, 4).Reshape([channels, rows * height, columns * width])
            .Pad(1, 0, Line, 1).Pad(2, 0, Line, 1);
    }
}
