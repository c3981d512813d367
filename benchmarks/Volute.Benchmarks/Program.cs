using System.Diagnostics;
using System.Runtime.InteropServices;
using Volute.Kernels;

for (int t = 1; t <= Environment.ProcessorCount; t++)
    Console.WriteLine($"peak {t}: {Peak.Measure(t):f0} GFLOP/s");
TileProbe.Run();

internal static unsafe class TileProbe
{
    public static void Run()
    {
        foreach (int rows in new[] { 6, 8, 10, 12, 13, 14 })
            foreach (int columns in new[] { 32, 16 })
                foreach (int channels in new[] { 64, 16, 256 })
                {
                    K k = new() { Rows = rows, Columns = columns, Channels = channels };
                    Isa.Run(ref k);
                }
    }
    private struct K : IFloatKernel
    {
        public int Rows, Columns, Channels;
        public void Run<L>() where L : struct, ILanes<L, float>
        {
            float* x = (float*)NativeMemory.AlignedAlloc(1 << 22, 64), w = (float*)NativeMemory.AlignedAlloc(1 << 22, 64), y = (float*)NativeMemory.AlignedAlloc(1 << 22, 64);
            NativeMemory.Clear(x, 1 << 22); NativeMemory.Clear(w, 1 << 22);
            float* scratch = stackalloc float[1024];
            int C = Channels, width = 58;
            Tile t = new() { A = x, B = w, C = y, Start = w, Scratch = scratch, ARow = C, AStep = 1, BStep = Columns, BVector = L.Count, CRow = Columns, AHeight = width * C, BHeight = 3 * C * Columns, Depth = 1, Height = 3, Width = 1, Run = 3 * C, Columns = Columns };
            double best = double.MaxValue;
            for (int trial = 0; trial < 20; trial++)
            {
                long s = Stopwatch.GetTimestamp();
                for (int i = 0; i < 200; i++) { t.A = x + i % 4 * Rows * C; t.Compute<L, SpreadForm>(Rows); }
                best = Math.Min(best, Stopwatch.GetElapsedTime(s).TotalSeconds);
            }
            Console.WriteLine($"rows {Rows} columns {Columns} channels {C}: {2.0 * 200 * Rows * Columns * 9 * C / best / 1e9:f0}");
            NativeMemory.AlignedFree(x); NativeMemory.AlignedFree(w); NativeMemory.AlignedFree(y);
        }
    }
}
