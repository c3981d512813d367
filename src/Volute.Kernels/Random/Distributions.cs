namespace Volute.Kernels;

/// <summary>How random words become numbers.</summary>
internal unsafe interface IDistribution
{
    /// <summary>numbers[i], i &lt; 64, from the words of <see cref="Philox.Fill"/>: each from words at its own place i, or at i and i ± 16.</summary>
    void From(uint* words, double* numbers);
}

/// <summary>low + u·(high − low), u a multiple of 2⁻²⁴ in [0, 1); below high in float32 too.</summary>
internal readonly unsafe struct UniformDistribution(double low, double high) : IDistribution
{
    private readonly double _unit = (high - low) / (1 << 24), _largest = Math.Max(low, MathF.BitDecrement((float)high));

    public void From(uint* words, double* numbers)
    {
        for (int i = 0; i < 64; i++)
        {
            double number = low + (int)(words[i] >> 8) * _unit;
            numbers[i] = number < _largest ? number : _largest;
        }
    }
}

/// <summary>
/// mean + deviation·z, z standard normal by Box and Muller (1958): √(−2 ln u)·cos 2πv and √(−2 ln u)·sin 2πv, with u a multiple of 2⁻³² in (0, 1]; so
/// no z is larger than 6.66.
/// </summary>
internal readonly unsafe struct NormalDistribution(double mean, double deviation) : IDistribution
{
    private const double Unit = 1.0 / (1L << 32);

    public void From(uint* words, double* numbers)
    {
        for (int half = 0; half < 64; half += 32)
        {
            for (int i = half; i < half + 16; i++)
            {
                double radius = deviation * Math.Sqrt(-2 * Math.Log((words[i] + 1.0) * Unit));
                (double sine, double cosine) = Math.SinCos(2 * Math.PI * Unit * words[i + 16]);
                numbers[i] = mean + radius * cosine;
                numbers[i + 16] = mean + radius * sine;
            }
        }
    }
}

/// <summary>1/keep with probability keep, else 0.</summary>
internal readonly unsafe struct KeepMaskDistribution(double keep) : IDistribution
{
    private readonly ulong _threshold = (ulong)(keep * (1L << 32));
    private readonly double _scale = keep == 0 ? 0 : 1 / keep;

    public void From(uint* words, double* numbers)
    {
        // Without a branch, which chance would mispredict: the difference is negative where the word is below the threshold.
        for (int i = 0; i < 64; i++)
            numbers[i] = ((words[i] - _threshold) >> 63) * _scale;
    }
}
