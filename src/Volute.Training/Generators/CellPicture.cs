namespace Volute.Training;

/// <summary>
/// Cells as a phase-contrast microscope shows them: gray like the ground they lie on, told from it by their dark borders, bright halos and grain;
/// unevenly lit, some touching, between specks of dirt. Thresholds do not find them.
/// </summary>
internal sealed class CellPicture
{
    private readonly record struct Cell(double Y, double X, double Radius, double Angle, double Stretch, double[] Waves, double Level,
        double Grain, double NucleusLevel, double NucleusY, double NucleusX)
    {
        /// <summary>Distance from the centre, 1 on the border.</summary>
        public double Place(double y, double x)
        {
            (double sin, double cos) = Math.SinCos(Angle);
            double dy = y - Y, dx = x - X, along = (cos * dx + sin * dy) / Stretch, across = (cos * dy - sin * dx) * Stretch;
            double angle = Math.Atan2(across, along), bend = 1;
            for (int wave = 0; wave < Waves.Length; wave += 2)
                bend += Waves[wave] * Math.Cos((wave / 2 + 2) * angle + Waves[wave + 1]);
            return Math.Sqrt(along * along + across * across) / (Radius * bend);
        }
    }

    private const double Ground = 0.5, Line = 1.6; // the line between touching cells, in pixels to each side

    private readonly int size;
    private readonly List<Cell> cells = [];
    private readonly float[] light;

    public CellPicture(int size, ref SeededRandom random)
    {
        this.size = size;
        Image = new byte[size * size];
        Mask = new byte[size * size];
        light = new float[size * size];
        PlaceCells(ref random);
        float[] coarse = SmoothNoise.Field([1, size, size], 6, ref random), fine = SmoothNoise.Field([1, size, size], 2, ref random);
        PaintCells(coarse, fine);
        PaintDirt(ref random);
        Illuminate(ref random);
        Expose(ref random);
    }

    /// <summary>size × size gray values.</summary>
    public byte[] Image { get; }

    /// <summary>255 within a cell, 0 elsewhere and on the lines between touching cells.</summary>
    public byte[] Mask { get; }

    private void PlaceCells(ref SeededRandom random)
    {
        double typical = Math.Clamp(size / 16.0, 8, 16), share = random.Uniform(0.3, 0.6), covered = 0;
        for (int attempt = 0; attempt < 4000 && covered < share * size * size; attempt++)
        {
            double radius = typical * Math.Exp(0.28 * random.Normal()), y = random.Uniform(-radius / 2, size + radius / 2),
                x = random.Uniform(-radius / 2, size + radius / 2);
            // Most keep apart, some lie against each other.
            double distance = random.Happens(0.45) ? 0.82 : 1.15;
            bool free = true;
            foreach (Cell other in cells)
                free &= Math.Pow(other.Y - y, 2) + Math.Pow(other.X - x, 2) > Math.Pow(distance * (other.Radius + radius), 2);
            if (!free)
                continue;
            double[] waves = new double[8];
            for (int wave = 0; wave < 4; wave++)
                (waves[2 * wave], waves[2 * wave + 1]) = (0.14 / (wave + 1.5) * random.Normal(), random.Uniform(0, 2 * Math.PI));
            double nucleusAngle = random.Uniform(0, 2 * Math.PI), nucleusPlace = random.Uniform(0, 0.3) * radius;
            cells.Add(new Cell(y, x, radius, random.Uniform(0, Math.PI), Math.Sqrt(random.Uniform(1, 1.6)), waves, 0.07 * random.Normal(),
                random.Uniform(0.02, 0.06), random.Uniform(-0.14, 0.06),
                y + nucleusPlace * Math.Sin(nucleusAngle), x + nucleusPlace * Math.Cos(nucleusAngle)));
            covered += Math.PI * radius * radius;
        }
    }

    private void PaintCells(float[] coarse, float[] fine)
    {
        double[] nearest = new double[size * size], second = new double[size * size];
        int[] owner = new int[size * size];
        Array.Fill(nearest, 100);
        Array.Fill(second, 100);
        for (int c = 0; c < cells.Count; c++)
        {
            Cell cell = cells[c];
            int reach = (int)(2.2 * cell.Radius) + 8;
            for (int y = Math.Max(0, (int)cell.Y - reach); y < Math.Min(size, (int)cell.Y + reach); y++)
                for (int x = Math.Max(0, (int)cell.X - reach); x < Math.Min(size, (int)cell.X + reach); x++)
                {
                    // Depth in pixels: negative inside.
                    double depth = (cell.Place(y, x) - 1) * cell.Radius;
                    int i = y * size + x;
                    if (depth < nearest[i])
                        (second[i], nearest[i], owner[i]) = (nearest[i], depth, c);
                    else if (depth < second[i])
                        second[i] = depth;
                }
        }
        for (int i = 0; i < light.Length; i++)
        {
            // Between touching cells the border runs where both are equally near.
            double inside = Math.Min(-nearest[i], (second[i] - nearest[i]) / 2 - Line + 1);
            Mask[i] = inside > 0 ? (byte)255 : (byte)0;
            light[i] = (float)(Ground + 0.012 * coarse[i]
                + (inside > 0 ? Inside(cells[owner[i]], i, inside, coarse[i], fine[i]) : Outside(-nearest[i])));
        }
    }

    private double Inside(Cell cell, int i, double depth, float coarse, float fine)
    {
        double border = -0.24 * Math.Exp(-depth * depth / 3.5), wall = Math.Min(1, depth / 4);
        double fromNucleus = Math.Sqrt(Math.Pow(i / size - cell.NucleusY, 2) + Math.Pow(i % size - cell.NucleusX, 2)) / (0.42 * cell.Radius);
        double nucleus = cell.NucleusLevel / (1 + Math.Exp(8 * (fromNucleus - 1)));
        return border + wall * (cell.Level + cell.Grain * (0.7 * coarse + 0.7 * fine) + nucleus);
    }

    /// <summary>The dark outer side of the border, then the bright halo.</summary>
    private static double Outside(double depth) => -0.24 * Math.Exp(-depth * depth / 2.5) + 0.15 * Math.Exp(-Math.Pow(-depth - 4, 2) / 6);

    private void PaintDirt(ref SeededRandom random)
    {
        int specks = size * size / 2500;
        for (int speck = 0; speck < specks; speck++)
        {
            double y = random.Uniform(0, size), x = random.Uniform(0, size), radius = random.Uniform(0.8, 2.6), strength = random.Uniform(-0.3, 0.3);
            bool blurred = random.Happens(0.25);
            if (blurred)
                (radius, strength) = (random.Uniform(4, 9), 0.4 * strength);
            for (int i = Math.Max(0, (int)(y - 3 * radius)); i < Math.Min(size, y + 3 * radius); i++)
                for (int j = Math.Max(0, (int)(x - 3 * radius)); j < Math.Min(size, x + 3 * radius); j++)
                    light[i * size + j] += (float)(strength * Math.Exp(-(Math.Pow(i - y, 2) + Math.Pow(j - x, 2)) / (radius * radius)));
        }
    }

    /// <summary>A slope, a dark rim and slow clouds.</summary>
    private void Illuminate(ref SeededRandom random)
    {
        double angle = random.Uniform(0, 2 * Math.PI), slope = random.Uniform(0.1, 0.35), rim = random.Uniform(0.1, 0.35),
            level = random.Uniform(0.85, 1.15);
        float[] clouds = SmoothNoise.Field([1, size, size], size / 3.0, ref random);
        for (int i = 0; i < light.Length; i++)
        {
            double y = 2.0 * (i / size) / size - 1, x = 2.0 * (i % size) / size - 1;
            light[i] *= (float)(level * (1 + slope * (Math.Cos(angle) * x + Math.Sin(angle) * y) - rim * (x * x + y * y) / 2 + 0.06 * clouds[i]));
        }
    }

    /// <summary>The blur of the optics, the noise of the photons and of the sensor, and 8 bits.</summary>
    private void Expose(ref SeededRandom random)
    {
        AxisFilter.Blur(light, [1, size, size], random.Uniform(0.6, 1));
        double photons = random.Uniform(0.02, 0.05);
        for (int i = 0; i < light.Length; i++)
        {
            double value = light[i] + (0.012 + photons * Math.Sqrt(Math.Max(0, (double)light[i]))) * random.Normal();
            Image[i] = (byte)Math.Clamp(Math.Round(255 * value), 0, 255);
        }
    }
}
