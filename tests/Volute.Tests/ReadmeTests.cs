using System.Runtime.CompilerServices;

namespace Volute.Tests;

public class ReadmeTests
{
    [Fact]
    public void The_example_of_the_README_runs_and_is_the_one_below()
    {
        StringWriter written = new();
        Run(written);
        string[] lines = written.ToString().Split(Environment.NewLine);
        Assert.Contains(lines, line => line.Contains("convolution+relu", StringComparison.Ordinal));
        Assert.Equal(6, lines.Take(6).Count(line => double.TryParse(line, System.Globalization.CultureInfo.InvariantCulture, out _)));

        string readme = File.ReadAllText(Path.Combine(Root(), "README.md"));
        string example = readme.Split("```csharp\n")[1].Split("```")[0];
        string source = File.ReadAllText(Here());
        foreach (string line in example.Split('\n').Select(l => l.Split("//")[0].Trim()).Where(l => l.Length > 0 && l != "using Volute;"))
            Assert.Contains(line.Replace("Console.", "console.", StringComparison.Ordinal), source, StringComparison.Ordinal);
    }

    private static void Run(TextWriter console)
    {
        Settings.Seed = 1;
        var net = new Sequential(
            new Conv2d(1, 6, 5), new ReLU(), new AdaptiveAvgPool2d(14),
            new Conv2d(6, 16, 5), new ReLU(), new AdaptiveAvgPool2d(5),
            new Flatten(), new Linear(400, 10));
        var optimizer = new Adam(net.Parameters(), learningRate: 2e-3);
        Tensor images = Tensor.Normal([64, 1, 28, 28]).Evaluate(), labels = Tensor.FromArray(Enumerable.Range(0, 64).Select(i => i % 10).ToArray(), [64]);
        for (int step = 0; step < 5; step++)
        {
            Tensor scores = net.Forward(images), loss = Loss.CrossEntropy(scores, labels);
            optimizer.Step(loss);
            console.WriteLine($"{loss.Item():F3}");
        }
        RecordedStep again = optimizer.Record(Loss.CrossEntropy(net.Forward(images), labels), images, labels);
        console.WriteLine($"{again.Run(images, labels):F3}");
        console.WriteLine(net.Eval().Forward(images).Plan());
    }

    private static string Here([CallerFilePath] string path = "") => path;

    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Volute.slnx")))
            folder = folder.Parent;
        Assert.NotNull(folder);
        return folder.FullName;
    }
}
