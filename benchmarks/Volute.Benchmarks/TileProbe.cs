using System.Diagnostics;
using System.Runtime.InteropServices;
using Volute.Kernels;
internal static unsafe class TileProbe
{
    public static void Run()
    {
        foreach (bool add in new[] { false, true })
            foreach (int stride in new[] { 64, 32, 72, 128, 256 })
                foreach (int k in new[] { 64, 128, 192 })
                    foreach (int off in new[] { 0, 32, 1024 * 64 + 48})
                {
                    K kk = new() { Rows = 13, Columns = 32, Stride = stride, N = k, Add = add, Off=off };
                    Isa.Run(ref kk);
                }
    }
    private struct K : IFloatKernel
    {
        public int Rows, Columns, Stride, N, Off; public bool Add;
        public void Run<L>() where L : struct, ILanes<L, float>
        {
            float* x = (float*)NativeMemory.AlignedAlloc(1 << 22, 64), w = (float*)NativeMemory.AlignedAlloc(1 << 22, 64), y = (float*)NativeMemory.AlignedAlloc(1 << 22, 64);
            NativeMemory.Clear(x, 1 << 22); NativeMemory.Clear(w, 1 << 22); NativeMemory.Clear(y, 1 << 22);
            float* scratch = stackalloc float[1024];
            Tile t = new() { A = x, B = w + Off, C = y, Start = w, Scratch = scratch, ARow = 1, AStep = Stride, BStep = Stride, BVector = L.Count, CRow = 576, Depth = 1, Height = 1, Width = 1, Run = N, Columns = Columns, Add = Add };
            double best = double.MaxValue;
            for (int trial = 0; trial < 100; trial++)
            {
                long s = Stopwatch.GetTimestamp();
                for (int i = 0; i < 50; i++) { t.A = x + i % 4 * Rows;  t.Compute<L, SpreadForm>(Rows); }
                best = Math.Min(best, Stopwatch.GetElapsedTime(s).TotalSeconds);
            }
            Console.WriteLine($"add {Add} stride {Stride} k {N} off {Off}: {2.0 * 50 * Rows * Columns * N / best / 1e9:f0}");
            NativeMemory.AlignedFree(x); NativeMemory.AlignedFree(w); NativeMemory.AlignedFree(y);
        }
    }
}
