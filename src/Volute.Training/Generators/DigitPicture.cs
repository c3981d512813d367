namespace Volute.Training;

/// <summary>A digit written with one or two strokes, white on black: no two alike in form, thickness, slant, size and place.</summary>
internal static class DigitPicture
{
    // Points of each stroke, x to the right and y down in 0..1; curves run smoothly through them. A digit has several manners of writing it.
    private static readonly double[][][][] Manners =
    [
        [[[0.5, 0.05, 0.24, 0.2, 0.18, 0.5, 0.26, 0.82, 0.5, 0.95, 0.74, 0.8, 0.82, 0.5, 0.74, 0.18, 0.5, 0.05, 0.4, 0.08]],
         [[0.6, 0.08, 0.35, 0.1, 0.2, 0.4, 0.22, 0.75, 0.45, 0.95, 0.7, 0.8, 0.8, 0.45, 0.7, 0.14, 0.5, 0.06]]],
        [[[0.5, 0.05, 0.5, 0.35, 0.5, 0.65, 0.5, 0.95]],
         [[0.32, 0.24, 0.42, 0.16, 0.53, 0.05], [0.53, 0.05, 0.53, 0.5, 0.53, 0.95]],
         [[0.32, 0.24, 0.42, 0.16, 0.53, 0.05], [0.53, 0.05, 0.53, 0.5, 0.53, 0.95], [0.32, 0.95, 0.53, 0.95, 0.74, 0.95]]],
        [[[0.22, 0.25, 0.32, 0.08, 0.55, 0.04, 0.76, 0.16, 0.75, 0.36, 0.55, 0.62, 0.2, 0.94], [0.2, 0.94, 0.5, 0.94, 0.82, 0.93]],
         [[0.24, 0.22, 0.42, 0.06, 0.66, 0.1, 0.74, 0.28, 0.6, 0.55, 0.36, 0.78, 0.24, 0.88, 0.26, 0.72, 0.42, 0.76, 0.62, 0.92, 0.84, 0.88]]],
        [[[0.22, 0.16, 0.42, 0.04, 0.68, 0.1, 0.74, 0.28, 0.62, 0.43, 0.42, 0.47], [0.42, 0.47, 0.66, 0.52, 0.8, 0.7, 0.7, 0.88, 0.46, 0.96, 0.2, 0.86]],
         [[0.2, 0.06, 0.48, 0.06, 0.76, 0.06], [0.76, 0.06, 0.6, 0.24, 0.45, 0.4], [0.45, 0.4, 0.7, 0.46, 0.8, 0.68, 0.66, 0.9, 0.42, 0.95, 0.2, 0.86]]],
        [[[0.62, 0.05, 0.4, 0.36, 0.16, 0.66], [0.16, 0.66, 0.5, 0.66, 0.86, 0.65], [0.64, 0.36, 0.63, 0.65, 0.62, 0.96]],
         [[0.26, 0.06, 0.22, 0.3, 0.22, 0.48], [0.22, 0.48, 0.48, 0.52, 0.74, 0.48], [0.76, 0.05, 0.74, 0.5, 0.7, 0.96]]],
        [[[0.78, 0.06, 0.55, 0.06, 0.3, 0.07], [0.3, 0.07, 0.27, 0.24, 0.25, 0.42], [0.25, 0.42, 0.5, 0.36, 0.74, 0.48, 0.79, 0.7, 0.64, 0.9, 0.4, 0.96, 0.2, 0.87]],
         [[0.74, 0.08, 0.5, 0.09, 0.32, 0.1, 0.28, 0.3, 0.28, 0.42, 0.52, 0.4, 0.72, 0.54, 0.72, 0.78, 0.5, 0.94, 0.24, 0.9]]],
        [[[0.68, 0.06, 0.42, 0.2, 0.26, 0.5, 0.25, 0.78, 0.42, 0.95, 0.64, 0.92, 0.77, 0.74, 0.68, 0.56, 0.48, 0.52, 0.28, 0.66]],
         [[0.55, 0.04, 0.36, 0.34, 0.25, 0.66, 0.34, 0.9, 0.56, 0.95, 0.74, 0.8, 0.7, 0.62, 0.52, 0.55, 0.3, 0.7]]],
        [[[0.18, 0.08, 0.5, 0.07, 0.82, 0.07], [0.82, 0.07, 0.62, 0.42, 0.5, 0.7, 0.44, 0.95]],
         [[0.18, 0.08, 0.5, 0.07, 0.82, 0.07], [0.82, 0.07, 0.62, 0.42, 0.5, 0.7, 0.44, 0.95], [0.34, 0.52, 0.52, 0.5, 0.72, 0.48]],
         [[0.2, 0.2, 0.2, 0.08, 0.5, 0.08, 0.8, 0.06, 0.66, 0.36, 0.5, 0.65, 0.42, 0.95]]],
        [[[0.68, 0.16, 0.5, 0.05, 0.3, 0.14, 0.3, 0.34, 0.5, 0.46, 0.72, 0.6, 0.76, 0.8, 0.52, 0.96, 0.26, 0.82, 0.28, 0.62, 0.48, 0.47, 0.7, 0.34, 0.7, 0.16]],
         [[0.5, 0.48, 0.3, 0.36, 0.28, 0.17, 0.5, 0.05, 0.72, 0.17, 0.7, 0.36, 0.5, 0.48, 0.28, 0.62, 0.24, 0.82, 0.5, 0.96, 0.76, 0.82, 0.72, 0.62, 0.5, 0.48]]],
        [[[0.74, 0.24, 0.56, 0.05, 0.3, 0.14, 0.24, 0.36, 0.42, 0.5, 0.66, 0.42, 0.74, 0.24], [0.74, 0.24, 0.72, 0.55, 0.62, 0.95]],
         [[0.72, 0.14, 0.48, 0.05, 0.28, 0.2, 0.3, 0.42, 0.52, 0.48, 0.72, 0.32, 0.74, 0.14, 0.76, 0.5, 0.66, 0.84, 0.42, 0.96, 0.24, 0.88]]],
    ];

    /// <summary>Draws <paramref name="digit"/> (0 to 9), size × size gray values.</summary>
    public static byte[] Draw(int digit, int size, ref SeededRandom random)
    {
        double[][][] manners = Manners[digit];
        double[][] strokes = manners[random.Below(manners.Length)];
        // The hand: slant, turn, size, place, and a tremble of every point.
        double slant = random.Uniform(-0.1, 0.4), turn = random.Uniform(-0.14, 0.14), height = size * random.Uniform(0.58, 0.74),
            width = height * random.Uniform(0.62, 0.95);
        double middleX = size * (0.5 + 0.045 * random.Normal()) - 0.5, middleY = size * (0.5 + 0.035 * random.Normal()) - 0.5;
        double thickness = size / 28.0 * random.Uniform(1.3, 3.4), softness = size / 28.0 * random.Uniform(0.7, 1.3),
            tremble = random.Uniform(0.008, 0.03);
        (double sin, double cos) = Math.SinCos(turn);
        List<(double X, double Y)> line = [];
        double[] ink = new double[size * size];
        Array.Fill(ink, double.PositiveInfinity);
        foreach (double[] stroke in strokes)
        {
            line.Clear();
            for (int i = 0; i < stroke.Length; i += 2)
            {
                double y = stroke[i + 1] - 0.5 + tremble * random.Normal(), x = stroke[i] - 0.5 + tremble * random.Normal() - slant * y;
                line.Add((middleX + width * (cos * x - sin * y), middleY + height * (sin * x + cos * y)));
            }
            Trace(line, ink, size);
        }
        byte[] pixels = new byte[size * size];
        double bright = random.Uniform(0.85, 1), noise = random.Uniform(0, 0.05);
        for (int i = 0; i < pixels.Length; i++)
        {
            double covered = Math.Clamp((thickness / 2 - Math.Sqrt(ink[i])) / softness + 0.5, 0, 1);
            pixels[i] = (byte)Math.Clamp(Math.Round(255 * (bright * covered + noise * random.Normal())), 0, 255);
        }
        return pixels;
    }

    /// <summary>Lowers each pixel's squared distance to the ink by a Catmull–Rom curve through the points.</summary>
    private static void Trace(List<(double X, double Y)> points, double[] ink, int size)
    {
        const int Steps = 8;
        (double X, double Y) from = points[0];
        for (int segment = 0; segment + 1 < points.Count; segment++)
        {
            var (p0, p1, p2, p3) = (points[Math.Max(0, segment - 1)], points[segment], points[segment + 1],
                points[Math.Min(points.Count - 1, segment + 2)]);
            for (int step = 1; step <= Steps; step++)
            {
                double t = (double)step / Steps;
                (double X, double Y) to = (Curve(p0.X, p1.X, p2.X, p3.X, t), Curve(p0.Y, p1.Y, p2.Y, p3.Y, t));
                Line(from, to, ink, size);
                from = to;
            }
        }
    }

    private static double Curve(double a, double b, double c, double d, double t)
        => b + t / 2 * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));

    private static void Line((double X, double Y) from, (double X, double Y) to, double[] ink, int size)
    {
        double dx = to.X - from.X, dy = to.Y - from.Y, squared = dx * dx + dy * dy;
        // No stroke reaches farther than its thickness and softness.
        double reach = size / 8.0;
        int top = Math.Max(0, (int)(Math.Min(from.Y, to.Y) - reach)), bottom = Math.Min(size - 1, (int)(Math.Max(from.Y, to.Y) + reach));
        int left = Math.Max(0, (int)(Math.Min(from.X, to.X) - reach)), right = Math.Min(size - 1, (int)(Math.Max(from.X, to.X) + reach));
        for (int row = top; row <= bottom; row++)
            for (int column = left; column <= right; column++)
            {
                double x = column - from.X, y = row - from.Y, t = squared > 0 ? Math.Clamp((x * dx + y * dy) / squared, 0, 1) : 0;
                double ax = x - t * dx, ay = y - t * dy;
                ref double nearest = ref ink[row * size + column];
                nearest = Math.Min(nearest, ax * ax + ay * ay);
            }
    }
}
