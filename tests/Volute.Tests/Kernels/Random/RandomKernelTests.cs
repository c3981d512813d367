using System.Runtime.Intrinsics;
using Volute.Kernels;

namespace Volute.Tests.Kernels;

[Collection(TeamSize.Name)]
public unsafe class RandomKernelTests
{
    // The known answers that come with Random123 1.14 (kat_vectors, philox4x32 10).
    [Theory]
    [InlineData(0u, 0u, 0u, 0u, 0u, 0u, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(~0u, ~0u, ~0u, ~0u, ~0u, ~0u, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0xa4093822u, 0x299f31d0u, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void Philox_gives_the_published_answers(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1, uint w0, uint w1, uint w2, uint w3)
    {
        // The counter in question is in turn each of the sixteen that are computed together.
        for (uint place = 0; place < Philox.Counters; place++)
            Assert.Equal([w0, w1, w2, w3], Words((c0 | (ulong)c1 << 32) - place, c2 | (ulong)c3 << 32, k0 | (ulong)k1 << 32, place));
    }

    private static uint[] Words(ulong first, ulong stream, ulong key, uint place)
    {
        uint* words = stackalloc uint[4 * Philox.Counters];
        Philox.Fill(words, first, stream, key);
        return [words[place], words[16 + place], words[32 + place], words[48 + place]];
    }

    private static float[] Draw(RandomKind kind, int count, double a, double b = 0, int[]? key = null)
    {
        float[] y = new float[count];
        fixed (float* p = y)
        fixed (int* k = key ?? [1, 0, 2, 0])
            new RandomKernel(kind, ElementType.Float32, count, a, b).Run(p, k);
        return y;
    }

    [Fact]
    public void An_element_depends_on_seed_stream_and_place_alone()
    {
        const int count = 20003;
        float[] all = TeamSize.SameBits(() => Draw(RandomKind.Uniform, count, 0, 1));
        for (int fewer = 0; fewer < 130; fewer++)
            Assert.Equal(all[..fewer], Draw(RandomKind.Uniform, fewer, 0, 1));
        for (int i = 0; i < count; i += 997)
        {
            uint[] words = Words((ulong)(i / 64 * 16), 2, 1, (uint)(i % 16));
            Assert.Equal((float)((words[i % 64 / 16] >> 8) / 16777216.0), all[i]);
        }
        for (int part = 0; part < 4; part++)
        {
            int[] key = [1, 0, 2, 0];
            key[part]++;
            Assert.True(all.Zip(Draw(RandomKind.Uniform, count, 0, 1, key)).Count(pair => pair.First == pair.Second) < 10);
        }
    }

    [Fact]
    public void Float64_draws_the_numbers_of_float32()
    {
        double[] wide = new double[1001];
        fixed (double* p = wide)
        fixed (int* key = new[] { 1, 0, 2, 0 })
            new RandomKernel(RandomKind.Normal, ElementType.Float64, wide.Length, 3, 2).Run(p, key);
        Assert.Equal(Draw(RandomKind.Normal, wide.Length, 3, 2), wide.Select(x => (float)x));
    }

    [Fact]
    public void Uniform_numbers_have_the_moments_and_the_range_of_the_distribution()
    {
        float[] x = Draw(RandomKind.Uniform, 200000, 0, 1);
        Assert.All(x, value => Assert.InRange(value, 0, MathF.BitDecrement(1)));
        Assert.Equal(0.5, x.Average(), 0.003);
        Assert.Equal(1 / 12.0, x.Average(v => (v - 0.5) * (v - 0.5)), 0.001);
        Assert.Equal(0, x.Zip(x.Skip(1)).Average(p => (p.First - 0.5) * (p.Second - 0.5)), 0.001);
    }

    [Fact]
    public void Normal_numbers_have_the_moments_and_the_tails_of_the_distribution()
    {
        float[] x = Draw(RandomKind.Normal, 200000, 0, 1);
        Assert.Equal(0, x.Average(), 0.01);
        Assert.Equal(1, x.Average(v => (double)v * v), 0.02);
        Assert.Equal(3, x.Average(v => Math.Pow(v, 4)), 0.1);
        Assert.Equal(0.3173, x.Count(v => Math.Abs(v) > 1) / 200000.0, 0.005);
        Assert.Equal(0.0027, x.Count(v => Math.Abs(v) > 3) / 200000.0, 0.0005);
        Assert.Equal(0, x.Zip(x.Skip(1)).Average(p => p.First * p.Second), 0.01);
    }

    [Fact]
    public void Logarithms_sines_and_cosines_of_words_have_the_precision_of_float64()
    {
        uint[] words = [0, 1, 2, (1u << 29) - 1, 1u << 29, 1u << 30, (1u << 30) + 1, 3037000499, 3037000500, 1u << 31, 3u << 29, 3u << 30, 7u << 29, ~0u - 1, ~0u, 123456789];
        double* sines = stackalloc double[8], cosines = stackalloc double[8], logs = stackalloc double[8];
        for (int from = 0; from < words.Length; from += 8)
        {
            fixed (uint* p = &words[from])
            {
                var (sine, cosine) = RandomWords.SinCosOfTurn(RandomWords.Load(p));
                sine.Store(sines);
                cosine.Store(cosines);
                RandomWords.LogOfFraction(RandomWords.Load(p)).Store(logs);
            }
            for (int i = 0; i < 8; i++)
            {
                double fraction = (words[from + i] + 1.0) / (1L << 32), turn = words[from + i] / (double)(1L << 31);
                Assert.Equal(Math.Log(fraction), logs[i], Math.Abs(Math.Log(fraction)) * 1e-15);
                Assert.Equal(double.SinPi(turn), sines[i], 5e-16);
                Assert.Equal(double.CosPi(turn), cosines[i], 5e-16);
            }
        }
    }

    [Fact]
    public void Normal_numbers_are_those_of_Box_and_Muller()
    {
        double[] drawn = new double[64];
        fixed (double* p = drawn)
        fixed (int* key = new[] { 1, 0, 2, 0 })
            new RandomKernel(RandomKind.Normal, ElementType.Float64, drawn.Length, 3, 2).Run(p, key);
        for (uint place = 0; place < 16; place++)
        {
            uint[] words = Words(0, 2, 1, place);
            for (int half = 0; half < 2; half++)
            {
                double radius = Math.Sqrt(-2 * Math.Log((words[2 * half] + 1.0) / (1L << 32))), turn = words[2 * half + 1] / (double)(1L << 31);
                Assert.Equal(3 + 2 * radius * double.CosPi(turn), drawn[32 * half + place], 1e-13);
                Assert.Equal(3 + 2 * radius * double.SinPi(turn), drawn[32 * half + 16 + place], 1e-13);
            }
        }
    }

    [Fact]
    public void A_keep_mask_is_scaled_so_that_its_mean_is_one()
    {
        float[] mask = Draw(RandomKind.KeepMask, 200000, 0.8);
        Assert.All(mask, value => Assert.True(value is 0 or 1.25f));
        Assert.Equal(0.8, mask.Count(v => v != 0) / 200000.0, 0.003);
        Assert.All(Draw(RandomKind.KeepMask, 1000, 1), value => Assert.Equal(1, value));
        Assert.All(Draw(RandomKind.KeepMask, 1000, 0), value => Assert.Equal(0, value));
    }

    [Fact]
    public void Uniform_numbers_stay_below_the_end_of_their_range_in_float32()
    {
        float[] x = Draw(RandomKind.Uniform, 200000, 1000, 1000.001);
        Assert.All(x, value => Assert.InRange(value, 1000, MathF.BitDecrement(1000.001f)));
        Assert.All(Draw(RandomKind.Uniform, 10, 5, 5), value => Assert.Equal(5, value));
    }

    [Theory]
    [InlineData(RandomKind.KeepMask, 1.5, 0, "the probability to keep must be in 0..1, got 1.5")]
    [InlineData(RandomKind.KeepMask, double.NaN, 0, "the probability to keep must be in 0..1, got NaN")]
    [InlineData(RandomKind.Uniform, 1, 0, "uniform numbers need low <= high, got 1 and 0")]
    [InlineData(RandomKind.Normal, 0, -1, "normal numbers need a mean and a deviation >= 0, got 0 and -1")]
    public void A_parameter_outside_its_rule_is_refused(RandomKind kind, double a, double b, string message)
        => Assert.Equal(message, Assert.Throws<InvalidArgumentException>(() => new RandomKernel(kind, ElementType.Float32, 1, a, b)).Message);
}
