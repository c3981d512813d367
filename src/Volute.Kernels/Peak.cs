using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>What the machine can do at most: the yardstick of every timing.</summary>
public static class Peak
{
    private const int Chains = 12, Steps = 400_000, Trials = 10;

    /// <summary>GFLOP/s (2 a multiply-add) of float32 multiply-adds on registers alone, on <paramref name="threads"/> threads at once; the best of ten trials, some 50 ms.</summary>
    /// <exception cref="InvalidArgumentException">Fewer than one thread.</exception>
    public static double Measure(int threads = 1)
    {
        if (threads < 1)
            throw new InvalidArgumentException($"threads must be >= 1, got {threads}");
        Probe warm = new();
        Isa.Run(ref warm);
        double best = 0;
        for (int trial = 0; trial < Trials; trial++)
        {
            using Barrier start = new(threads);
            long[] begins = new long[threads], ends = new long[threads];
            var workers = new Thread[threads];
            for (int i = 0; i < threads; i++)
            {
                int worker = i;
                workers[i] = new(() =>
                {
                    Probe probe = new();
                    start.SignalAndWait();
                    begins[worker] = Stopwatch.GetTimestamp();
                    Isa.Run(ref probe);
                    ends[worker] = Stopwatch.GetTimestamp();
                });
                workers[i].Start();
            }
            foreach (var worker in workers)
                worker.Join();
            double seconds = (ends.Max() - begins.Min()) / (double)Stopwatch.Frequency;
            best = Math.Max(best, 2.0 * threads * Chains * Steps * Isa.Lanes / seconds / 1e9);
        }
        return best;
    }

    /// <summary>Chains of multiply-adds that wait only for themselves: enough of them to hide the latency.</summary>
    private struct Probe : IFloatKernel
    {
        private float _result;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<L>() where L : struct, ILanes<L, float>
        {
            L a = L.Broadcast(0.999), b = L.Broadcast(0.001);
            L c0 = a, c1 = a, c2 = a, c3 = a, c4 = a, c5 = a, c6 = a, c7 = a, c8 = a, c9 = a, c10 = a, c11 = a;
            for (int i = 0; i < Steps; i++)
            {
                c0 = L.MultiplyAdd(c0, a, b);
                c1 = L.MultiplyAdd(c1, a, b);
                c2 = L.MultiplyAdd(c2, a, b);
                c3 = L.MultiplyAdd(c3, a, b);
                c4 = L.MultiplyAdd(c4, a, b);
                c5 = L.MultiplyAdd(c5, a, b);
                c6 = L.MultiplyAdd(c6, a, b);
                c7 = L.MultiplyAdd(c7, a, b);
                c8 = L.MultiplyAdd(c8, a, b);
                c9 = L.MultiplyAdd(c9, a, b);
                c10 = L.MultiplyAdd(c10, a, b);
                c11 = L.MultiplyAdd(c11, a, b);
            }
            _result = L.Sum(c0 + c1 + c2 + c3 + (c4 + c5 + c6 + c7) + (c8 + c9 + c10 + c11));
        }
    }
}
