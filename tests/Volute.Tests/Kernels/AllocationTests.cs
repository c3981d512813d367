using Volute.Kernels;

namespace Volute.Tests.Kernels;

[Collection(TeamSize.Name)]
public unsafe class AllocationTests
{
    private readonly struct Sum : IMap2
    {
        public L Invoke<L, T>(L a, L b) where L : struct, ILanes<L, T> where T : unmanaged => a + b;
    }

    [Fact]
    public void A_prepared_kernel_runs_without_allocating()
    {
        Layout map = Layout.Dense([4, 20, 50, 50]), perChannel = Layout.Dense([1, 20, 1, 1]), labels = Layout.RowMajor([4, 50, 50]);
        Layout perPixel = Layout.Dense([4, 1, 50, 50]), first = Layout.RowMajor([4, 20, 50, 50]);
        float[] x = new float[map.Elements], y = new float[map.Elements], b = new float[20];
        int[] positions = new int[labels.Elements], key = [1, 2, 3, 4];
        MapKernel add = MapKernel.Create(new Sum(), ElementType.Float32, map, map, perChannel);
        MoveKernel move = new(ElementType.Float32, first, map);
        FillKernel fill = new(ElementType.Float32, map);
        ReduceKernel perChannelSum = ReduceKernel.Create(new SumReduction(), ElementType.Float32, perChannel, map);
        SoftmaxKernel softmax = new(ElementType.Float32, map, map, 1, false);
        ArgReduceKernel best = new(ElementType.Float32, perPixel, map, 1, false);
        OneHotKernel oneHot = new(ElementType.Float32, map, labels);
        RandomKernel random = new(RandomKind.Uniform, ElementType.Float32, map.Elements, 0, 1);
        fixed (float* xp = x, yp = y, bp = b)
        fixed (int* ip = positions, kp = key)
        {
            long allocated = 0;
            for (int round = 0; round < 20; round++)
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                random.Run(xp, kp);
                add.Run(yp, xp, bp);
                move.Run(yp, xp);
                fill.Run(yp, 1);
                perChannelSum.Run(bp, xp);
                softmax.Run(yp, xp);
                best.Run(ip, xp);
                oneHot.Run(yp, ip);
                // The first rounds compile, start workers and fill the pools.
                allocated += round < 10 ? 0 : GC.GetAllocatedBytesForCurrentThread() - before;
            }
            Assert.Equal(0, allocated);
        }
    }
}
