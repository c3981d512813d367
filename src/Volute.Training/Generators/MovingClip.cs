namespace Volute.Training;

/// <summary>
/// A film of a shape that drifts over a noisy ground to one of four sides and comes back in on the other: any single frame shows a shape somewhere, only
/// several tell where it goes.
/// </summary>
internal sealed class MovingClip
{
    /// <summary>The classes: where the shape goes.</summary>
    public static readonly string[] Directions = ["down", "left", "right", "up"];

    /// <summary>Draws a film of a direction, size × size pixels a frame.</summary>
    public MovingClip(string direction, int frames, int size, ref SeededRandom random)
    {
        (double dy, double dx) = direction switch { "down" => (1.0, 0.0), "up" => (-1.0, 0.0), "left" => (0.0, -1.0), _ => (0.0, 1.0) };
        double speed = size * random.Uniform(0.03, 0.06), radius = size * random.Uniform(0.12, 0.22), softness = 0.03 * size;
        double y = random.Uniform(0, size), x = random.Uniform(0, size), drift = 0.15 * speed * random.Normal();
        bool isRound = random.Happens(0.5), isHollow = random.Happens(0.5);
        double[] color = [random.Uniform(0.5, 1), random.Uniform(0.5, 1), random.Uniform(0.5, 1)], ground = [random.Uniform(0, 0.4), random.Uniform(0, 0.4), random.Uniform(0, 0.4)];
        double noise = random.Uniform(0.02, 0.08);
        Frames = new byte[frames][];
        for (int t = 0; t < Frames.Length; t++)
        {
            Frames[t] = new byte[size * size * 3];
            for (int row = 0; row < size; row++)
            {
                for (int column = 0; column < size; column++)
                {
                    double v = Math.Abs(Around(row - y, size)), h = Math.Abs(Around(column - x, size));
                    double distance = isRound ? Math.Sqrt(v * v + h * h) : Math.Max(v, h);
                    double covered = Math.Clamp((radius - distance) / softness + 0.5, 0, 1) - (isHollow ? Math.Clamp((radius / 2 - distance) / softness + 0.5, 0, 1) : 0);
                    for (int c = 0; c < 3; c++)
                        Frames[t][(row * size + column) * 3 + c] = (byte)Math.Clamp(Math.Round(255 * (ground[c] + (color[c] - ground[c]) * covered + noise * random.Normal())), 0, 255);
                }
            }
            // The drift to the side is small beside the speed.
            (y, x) = (y + speed * dy + drift * dx, x + speed * dx + drift * dy);
        }
    }

    /// <summary>RGB, row by row, of each frame.</summary>
    public byte[][] Frames { get; }

    /// <summary>The distance on a circle of <paramref name="size"/>, −size/2 to size/2.</summary>
    private static double Around(double distance, int size) => distance - size * Math.Round(distance / size);
}
