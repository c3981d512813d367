using Volute.Benchmarks;
using Volute.Kernels;

// dotnet run -c Release --project benchmarks/Volute.Benchmarks [part of a name] [--threads N]: every convolution, every pass, as GFLOP/s and share of the peak; "networks": whole networks.
int threads = Environment.ProcessorCount;
string filter = "";
for (int i = 0; i < args.Length; i++)
{
    if (args[i] == "--threads" && i + 1 < args.Length)
        threads = int.Parse(args[++i]);
    else
        filter = args[i];
}
Team.Threads = threads;
if (filter == "networks")
{
    NetworkTimes.Print();
    return;
}
double peak = Peak.Measure(threads);
Console.WriteLine($"{Isa.Name}, {threads} threads, peak {peak:f0} GFLOP/s (one thread: {Peak.Measure():f0})");
foreach (var (name, problem) in ConvolutionTimes.Problems)
{
    if (name.Contains(filter, StringComparison.OrdinalIgnoreCase))
        Console.WriteLine($"{name,-42}{ConvolutionTimes.Measure(problem, peak)}");
}
