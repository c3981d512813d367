using System.Diagnostics;

namespace Volute.Benchmarks;

/// <summary>Whole networks: the median milliseconds of a prediction and of a training step (SGD with momentum), and the plan's peak memory.</summary>
internal static class NetworkTimes
{
    public static void Print()
    {
        Time("U-Net of the paper, 1x1x572x572", () => new UNet(), [1, 1, 572, 572], 5);
        Time("U-Net base 16, 8x1x256x256", () => new UNet(new UNetOptions(BaseWidth: 16, Padded: true)), [8, 1, 256, 256], 9);
        Time("3D U-Net base 16, 1x1x64x128x128", () => new UNet(new UNetOptions(Rank: 3, BaseWidth: 16, Levels: 4, Padded: true)), [1, 1, 64, 128, 128], 5);
        Time("LeNet, batch 64", () => new LeNet(), [64, 1, 28, 28], 201);
    }

    private static void Time(string name, Func<Module> create, Shape input, int runs)
    {
        Settings.Seed = 1;
        Module network = create().Eval();
        Tensor x = Tensor.Normal(input).Evaluate();
        long peak = network.Forward(x).Plan().PeakBytes;
        double prediction = Median(runs, () => network.Forward(x).Evaluate());
        network.Train();
        SGD optimizer = new(network.Parameters(), 1e-3, momentum: 0.9);
        Shape output = network.Forward(x).Shape;
        Tensor labels = Tensor.FromArray(new int[output.Elements / output[1]], [output[0], .. output.Skip(2)]);
        double step = Median(runs, () =>
        {
            Tensor loss = Loss.CrossEntropy(network.Forward(x), labels);
            optimizer.Step(loss);
            loss.Item();
        });
        Console.WriteLine($"{name,-36} prediction {prediction,8:F1} ms (plan {peak / 1e6,6:F0} MB)   training step {step,8:F1} ms");
    }

    private static double Median(int runs, Action work)
    {
        work();
        work();
        double[] times = new double[runs];
        for (int i = 0; i < runs; i++)
        {
            long start = Stopwatch.GetTimestamp();
            work();
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
        Array.Sort(times);
        return times[runs / 2];
    }
}
