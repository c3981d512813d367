using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Volute.Kernels;

/// <summary>
/// Philox4x32-10: four random words as a pure function of a counter and a key, so that any element of any sequence can be computed on its own.
/// J. Salmon, M. Moraes, R. Dror, D. Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
/// </summary>
public static unsafe class Philox
{
    /// <summary>Counters whose words <see cref="Fill"/> computes together.</summary>
    public const int Counters = 16;

    private const uint Multiplier0 = 0xD2511F53, Multiplier1 = 0xCD9E8D57, Weyl0 = 0x9E3779B9, Weyl1 = 0xBB67AE85;
    private const int Rounds = 10;

    /// <summary>The words of the counters (first + j, stream), j = 0..15, under a key: words[16·k + j] is word k of counter j.</summary>
    /// <remarks>A counter in each 64-bit lane, in two registers that hide each other's waiting; only the lower halves of the lanes count.</remarks>
    [MethodImpl(Compiled.AtOnce)]
    public static void Fill(uint* words, ulong first, ulong stream, ulong key)
    {
        var lower = Vector512<ulong>.Indices + Vector512.Create(first);
        var upper = lower + Vector512.Create(8UL);
        var low = Vector512.Create((ulong)uint.MaxValue);
        var (a0, a1, a2, a3) = (lower & low, lower >> 32, Vector512.Create(stream & uint.MaxValue), Vector512.Create(stream >> 32));
        var (b0, b1, b2, b3) = (upper & low, upper >> 32, a2, a3);
        uint k0 = (uint)key, k1 = (uint)(key >> 32);
        for (int round = 0; round < Rounds; round++, k0 += Weyl0, k1 += Weyl1)
        {
            Vector512<ulong> key0 = Vector512.Create((ulong)k0), key1 = Vector512.Create((ulong)k1);
            Round(ref a0, ref a1, ref a2, ref a3, key0, key1, low);
            Round(ref b0, ref b1, ref b2, ref b3, key0, key1, low);
        }
        Vector512.Narrow(a0, b0).Store(words);
        Vector512.Narrow(a1, b1).Store(words + Counters);
        Vector512.Narrow(a2, b2).Store(words + 2 * Counters);
        Vector512.Narrow(a3, b3).Store(words + 3 * Counters);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(ref Vector512<ulong> c0, ref Vector512<ulong> c1, ref Vector512<ulong> c2, ref Vector512<ulong> c3,
        Vector512<ulong> key0, Vector512<ulong> key1, Vector512<ulong> low)
    {
        Vector512<ulong> product0 = c0 * Multiplier0, product1 = c2 * Multiplier1;
        (c0, c1, c2, c3) = ((product1 >> 32) ^ c1 ^ key0, product1 & low, (product0 >> 32) ^ c3 ^ key1, product0 & low);
    }
}
