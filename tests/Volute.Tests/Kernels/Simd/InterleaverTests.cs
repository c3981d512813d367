using Volute.Kernels;

namespace Volute.Tests.Kernels.Simd;

public unsafe class InterleaverTests
{
    private const float Untouched = -1;

    private readonly struct Kernel(int elements, int step, int count) : IFloatKernel
    {
        public void Run<L>() where L : struct, ILanes<L, float>
        {
            int planeStep = (count + 2 * L.Count) / L.Count * L.Count, length = (count - 1) * step + elements;
            using GuardedMemory<float> records = new(length), joined = new(length), table = new(Interleaver.TableCount, aligned: true);
            using GuardedMemory<float> planes = new((elements + L.Count) * (long)planeStep, aligned: true);
            int[] offsets = [.. Enumerable.Range(0, elements).Select(e => e % 5 == 3 ? -1 : e * planeStep), .. Enumerable.Repeat(-1, L.Count)];
            for (int i = 0; i < length; i++)
                records.Pointer[i] = i + 1;
            planes.Span.Fill(Untouched);
            Interleaver<L> interleaver = new(elements, step, table.Pointer);
            interleaver.Prepare(joins: false);
            fixed (int* to = offsets)
                interleaver.Split(records.Pointer, records.Pointer + length, count, planes.Pointer, to);
            for (int e = 0; e < elements; e++)
                for (int j = 0; j < count; j++)
                    Assert.Equal(offsets[e] < 0 ? Untouched : j * step + e + 1, planes.Pointer[e * planeStep + j]);

            for (int e = 0; e < elements; e++)
                for (int j = 0; j < count; j++)
                    planes.Pointer[e * planeStep + j] = j * step + e + 1;
            interleaver.Prepare(joins: true);
            foreach (int limit in new[] { length, length - elements / 2 })
            {
                joined.Span.Fill(Untouched);
                interleaver.Join(planes.Pointer, planeStep, joined.Pointer, limit);
                for (int i = 0; i < length; i++)
                    Assert.Equal(i < limit && i % step < elements ? i + 1 : Untouched, joined.Pointer[i]);
            }
        }
    }

    [Fact]
    public void Records_become_planes_and_planes_records()
    {
        foreach (int elements in new[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 15, 16, 17, 33 })
            foreach (int gap in new[] { 0, 1, 5 })
                foreach (int count in new[] { 1, 2, 15, 16, 17, 50 })
                {
                    Kernel kernel = new(elements, elements + gap, count);
                    Volute.Kernels.Isa.Run(ref kernel);
                }
    }
}
