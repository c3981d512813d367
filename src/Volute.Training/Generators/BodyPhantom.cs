namespace Volute.Training;

/// <summary>
/// A trunk in computed tomography, between lungs and kidneys: ellipsoids in millimetres, bent by a smooth field, with Hounsfield values, the
/// scanner's blur and noise. Liver and spleen look alike; only place and form tell them apart.
/// </summary>
internal sealed class BodyPhantom
{
    private const double Width = 380, Height = 300; // millimetres that a slice and the stack show

    /// <summary>x to the patient's left, y to the back, z up, in millimetres from the middle.</summary>
    private readonly record struct Ellipsoid(double X, double Y, double Z, double RadiusX, double RadiusY, double RadiusZ)
    {
        /// <summary>Below 1 inside.</summary>
        public double At(double x, double y, double z) => Square((x - X) / RadiusX) + Square((y - Y) / RadiusY) + Square((z - Z) / RadiusZ);

        public static double Square(double v) => v * v;

        /// <summary>Another patient's: moved by some millimetres, larger or smaller.</summary>
        public Ellipsoid Vary(double millimetres, double share, ref SeededRandom random) => new(
            X + millimetres * random.Normal(), Y + millimetres * random.Normal(), Z + 1.5 * millimetres * random.Normal(),
            RadiusX * Math.Exp(share * random.Normal()), RadiusY * Math.Exp(share * random.Normal()), RadiusZ * Math.Exp(share * random.Normal()));
    }

    private readonly int size;
    private readonly double patient, fat, liverValue, spleenValue, kidneyValue, aortaValue;
    private readonly Ellipsoid liver, leftLobe, spleen, stomach, gas;
    private readonly Ellipsoid[] kidneys, lungs;

    public BodyPhantom(int size, ref SeededRandom random)
    {
        this.size = size;
        Depth = size * 3 / 8;
        patient = random.Uniform(0.88, 1.1);
        fat = random.Uniform(8, 26);
        liverValue = random.Uniform(75, 115);
        spleenValue = liverValue + random.Uniform(-10, 25);
        kidneyValue = random.Uniform(120, 190);
        aortaValue = random.Uniform(120, 200);
        liver = new Ellipsoid(-68, -8, 5, 68, 72, 78).Vary(5, 0.08, ref random);
        leftLobe = new Ellipsoid(-5, -45, 25, 62, 34, 36).Vary(6, 0.12, ref random);
        spleen = new Ellipsoid(100, 35, 25, 26, 38, 48).Vary(5, 0.12, ref random);
        stomach = new Ellipsoid(62, -30, 20, 40, 42, 50).Vary(6, 0.12, ref random);
        gas = new Ellipsoid(stomach.X, stomach.Y - 18, stomach.Z + 8, 24, 16, 26).Vary(3, 0.2, ref random);
        kidneys = [new Ellipsoid(-62, 48, -72, 25, 23, 52).Vary(5, 0.1, ref random), new Ellipsoid(64, 50, -58, 25, 23, 52).Vary(5, 0.1, ref random)];
        lungs = [new Ellipsoid(-78, 0, 165, 58, 82, 120).Vary(5, 0.06, ref random), new Ellipsoid(80, 5, 160, 58, 80, 115).Vary(5, 0.06, ref random)];
        Image = new short[Depth * size * size];
        Labels = new byte[Image.Length];
        Draw(ref random);
    }

    /// <summary>Slices.</summary>
    public int Depth { get; }

    /// <summary>[Depth, size, size] in Hounsfield units; rows from front to back, columns from the patient's right to left.</summary>
    public short[] Image { get; }

    /// <summary>The class of each voxel, as <see cref="SampleMaker.PhantomClasses"/> names them.</summary>
    public byte[] Labels { get; }

    /// <summary>Voxel indices to millimetres, RAS+: columns run to the left and rows to the back, both against the axes.</summary>
    public double[,] Affine => new[,]
    {
        { -Width / size, 0, 0, Width / 2 }, { 0, -Width / size, 0, Width / 2 }, { 0, 0, Height / Depth, -Height / 2 }, { 0, 0, 0, 1 },
    };

    private void Draw(ref SeededRandom random)
    {
        int[] box = [Depth, size, size];
        ElasticField bend = new(box, 5, 7 * size / Width, ref random);
        float[] texture = SmoothNoise.Field(box, Math.Max(2, 9 * size / Width), ref random);
        float[] values = new float[Image.Length];
        double[] heights = new double[size], widths = new double[size];
        double pixel = Width / size, slice = Height / Depth;
        for (int d = 0, i = 0; d < Depth; d++)
        {
            double z = (d - (Depth - 1) / 2.0) * slice;
            for (int h = 0; h < size; h++)
            {
                Array.Fill(heights, h);
                for (int w = 0; w < size; w++)
                    widths[w] = w;
                bend.AddRow(1, d, h, heights);
                bend.AddRow(2, d, h, widths);
                for (int w = 0; w < size; w++, i++)
                    values[i] = (float)Tissue((widths[w] - (size - 1) / 2.0) * pixel / patient, (heights[w] - (size - 1) / 2.0) * pixel / patient,
                        z / patient, texture[i], out Labels[i]);
            }
        }
        AxisFilter.Blur(values, box, 0.55);
        Expose(values, ref random);
    }

    /// <summary>The Hounsfield value of a place and its class: from the outside to the inside, then the organs.</summary>
    private double Tissue(double x, double y, double z, float texture, out byte label)
    {
        label = 0;
        double skin = Math.Pow(Math.Abs(x) / 165, 2.4) + Math.Pow(Math.Abs(y) / 112, 2.4);
        if (skin > 1)
            // Air, and the table below.
            return y is > 128 and < 134 && Math.Abs(x) < 170 ? -350 : -1000;
        if (Math.Pow(Math.Abs(x) / (165 - fat), 2.4) + Math.Pow(Math.Abs(y) / (112 - fat), 2.4) > 1)
            return -105 + 8 * texture;
        double inner = Math.Pow(Math.Abs(x) / (153 - fat), 2.4) + Math.Pow(Math.Abs(y) / (100 - fat), 2.4);
        if (Spine(x, y, z) is { } spine)
        {
            label = 3;
            return spine + 25 * texture;
        }
        if (Ellipsoid.Square((x - 14) / 12) + Ellipsoid.Square((y - 32) / 12) < 1)
            return aortaValue;
        if (inner > 1)
            return Rib(x, y, z) ? 320 : 52 + 8 * texture; // the wall of muscle, with ribs
        if (lungs.Any(lung => lung.At(x, y, z) < 1))
        {
            label = 4;
            return -840 + 60 * texture + (texture > 1.7 ? 500 : 0);
        }
        if (Math.Min(liver.At(x, y, z), leftLobe.At(x, y, z)) < 1)
        {
            label = 1;
            return liverValue + 6 * texture + (texture > 1.8 ? 45 : 0);
        }
        foreach (Ellipsoid kidney in kidneys)
        {
            double place = kidney.At(x, y, z), towardsMiddle = (x - kidney.X) * -Math.Sign(kidney.X) / kidney.RadiusX;
            if (place < 1 && !(place < 0.35 && towardsMiddle > 0.05))
            {
                label = 2;
                return place > 0.55 ? kidneyValue : kidneyValue - 35;
            }
        }
        if (spleen.At(x, y, z) < 1)
            return spleenValue + 6 * texture;
        if (stomach.At(x, y, z) < 1)
            return gas.At(x, y, z) < 1 ? -950 : stomach.At(x, y, z) > 0.8 ? 60 : 15 + 10 * texture;
        // Fat between loops of gut.
        return texture > 0.35 ? 35 + 8 * texture : -95 + 8 * texture;
    }

    /// <summary>Bodies of vertebrae with a hard shell, softer discs between them, and the processes behind; null outside.</summary>
    private static double? Spine(double x, double y, double z)
    {
        const double Vertebra = 34;
        double place = Ellipsoid.Square(x / 23) + Ellipsoid.Square((y - 62) / 18), along = Math.Abs((z / Vertebra % 1 + 1) % 1 - 0.5);
        if (place < 1)
            return along > 0.42 ? 90 : place > 0.7 || along > 0.36 ? 480 : 190;
        bool canal = Ellipsoid.Square(x / 10) + Ellipsoid.Square((y - 86) / 8) < 1;
        bool arch = Ellipsoid.Square(x / 16) + Ellipsoid.Square((y - 86) / 13) < 1 || Math.Abs(x) < 4 && y is > 90 and < 104;
        return arch && !canal && along < 0.3 ? 380 : null;
    }

    /// <summary>Bands that sink from the spine to the front.</summary>
    private static bool Rib(double x, double y, double z)
    {
        double along = (z - 0.35 * y) / 36;
        return z > -70 && Math.Abs(y) < 90 && Math.Abs(x) > 40 && (along % 1 + 1) % 1 < 0.3;
    }

    /// <summary>Noise with the grain that filtered back-projection gives it, in whole Hounsfield units.</summary>
    private void Expose(float[] values, ref SeededRandom random)
    {
        float[] grain = SmoothNoise.Field([Depth, size, size], 1.4, ref random);
        double noise = random.Uniform(12, 24);
        for (int i = 0; i < values.Length; i++)
            Image[i] = (short)Math.Clamp(Math.Round(values[i] + noise * grain[i]), -1024, 3071);
    }
}
