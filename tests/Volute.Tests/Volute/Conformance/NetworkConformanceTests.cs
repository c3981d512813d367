using Volute.Kernels;
using Volute.Tests.Golden;

namespace Volute.Tests.Conformance;

public class NetworkConformanceTests
{
    [Theory, Golden("networks", "Sequential", "UNetBlock", "Residual")]
    public void Networks_agree_in_float64(GoldenCase golden) => Recorded.Check(golden, ElementType.Float64, 1e-13, (a, _) => new RecordedNetwork(golden.Kind, a.Texts("layers")));

    // Batch norms over few values magnify roundings of what comes before them.
    [Theory, Golden("networks", "Sequential", "UNetBlock", "Residual")]
    public void Networks_agree_in_float32(GoldenCase golden) => Recorded.Check(golden, ElementType.Float32, new(1e-5, 5e-5), (a, _) => new RecordedNetwork(golden.Kind, a.Texts("layers")));

    [Theory, Golden("networks", "Training")]
    public void Ten_steps_of_training_agree_in_float64(GoldenCase golden) => Train(golden, ElementType.Float64, 1e-13);

    [Theory, Golden("networks", "Training")]
    public void Ten_steps_of_training_agree_in_float32(GoldenCase golden) => Train(golden, ElementType.Float32, 1e-5);

    private static void Train(GoldenCase golden, ElementType type, double tolerance)
    {
        GoldenArguments arguments = golden.ReadArguments();
        RecordedNetwork network = new(golden.Kind, arguments.Texts("layers"));
        Parameter[] state = Recorded.Assigned(golden, network, type);
        SGD optimizer = new(network.Parameters(), arguments.Double("lr", 0), arguments.Double("momentum", 0));
        Tensor images = Recorded.ToTensor(golden.Inputs[0], type), labels = Recorded.ToTensor(golden.Inputs[1], type);
        double[] losses = new double[arguments.Int("steps", 0)];
        arguments.AssertAllRead();
        for (int step = 0; step < losses.Length; step++)
        {
            Tensor loss = Loss.CrossEntropy(network.Forward(images), labels);
            optimizer.Step(loss);
            losses[step] = loss.Item();
        }
        golden.AssertClose($"{type.Name()} losses", golden.Outputs[0], losses, golden.Outputs[0].Shape, tolerance);
        foreach (Parameter parameter in state)
            Recorded.AssertClose(golden, $"{type.Name()} {parameter.Name} afterwards", golden.StateAfter[parameter.Name], parameter, tolerance);
    }
}
