using BenchmarkDotNet.Running;
using Volute.Benchmarks;

// dotnet run -c Release --project benchmarks/Volute.Benchmarks -- --filter '*Convolution*'
BenchmarkSwitcher.FromAssembly(typeof(ConvolutionBenchmarks).Assembly).Run(args);
