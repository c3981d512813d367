using System.Diagnostics;
using Volute.Kernels;
using Volute.Tests.Kernels;

namespace Volute.Tests.Graph;

[Collection(TeamSize.Name)]
public class MemoryTests
{
    [Fact]
    public void Four_thousand_steps_of_training_need_no_more_memory_than_the_first_two_thousand()
    {
        Sequential network = new(new Conv2d(1, 4, 3), new BatchNorm2d(4), new ReLU(), new AdaptiveAvgPool2d(4), new Conv2d(4, 6, 3), new ReLU(), new Flatten(), new Dropout(0.1), new Linear(24, 10));
        Adam optimizer = new(network.Parameters(), 1e-3);
        float[] pixels = new float[4 * 12 * 12];
        Random random = new(1);
        // Steps this small gain nothing by threads, and on a busy machine wait long for them.
        int threads = Settings.Threads;
        Settings.Threads = 1;
        (long Managed, long Resident) early = default;
        for (int step = 0; step < 4000; step++)
        {
            for (int i = 0; i < pixels.Length; i++)
                pixels[i] = random.NextSingle();
            Tensor y = network.Forward(Tensor.FromArray(pixels, [4, 1, 12, 12])), loss = Loss.CrossEntropy(y, Tensor.FromArray([1, 2, 3, 4], [4]));
            optimizer.Step(loss);
            _ = loss.Item() + y.ToArray()[0];
            // By then the collector has filled what it lets fill before it collects.
            if (step == 2000)
                early = Used();
        }
        Settings.Threads = threads;
        (long managed, long resident) = Used();
        Assert.InRange(managed - early.Managed, long.MinValue, 1 << 20);
        Assert.InRange(resident - early.Resident, long.MinValue, 48 << 20);
    }

    [Fact]
    public void Tensors_that_nobody_holds_are_freed_without_Dispose()
    {
        (long before, _) = Used();
        for (int i = 0; i < 200; i++)
            _ = (Tensor.Full([1 << 20], i) * 2).Evaluate();
        (long after, _) = Used();
        Assert.InRange(after - before, long.MinValue, 12 << 20);
    }

    private static (long Managed, long Resident) Used()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        using Process self = Process.GetCurrentProcess();
        return (GC.GetTotalMemory(forceFullCollection: true), self.WorkingSet64);
    }
}
