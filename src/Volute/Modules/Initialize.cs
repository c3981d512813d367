namespace Volute;

/// <summary>First values of parameters, drawn from the process's random numbers (<see cref="Settings.Seed"/>).</summary>
public static class Initialize
{
    /// <summary>Uniform in ±<paramref name="bound"/>.</summary>
    public static Parameter Uniform(Shape shape, double bound) => new(Tensor.Uniform(shape, -bound, bound));

    /// <summary>Normal around 0.</summary>
    public static Parameter Normal(Shape shape, double deviation) => new(Tensor.Normal(shape, 0, deviation));

    /// <summary>Draws an existing parameter anew from N(mean, deviation²).</summary>
    public static void Normal(Parameter parameter, double deviation, double mean = 0)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        parameter.Begin(Tensor.Normal(parameter.Shape, mean, deviation).To(parameter.Type));
    }

    /// <summary>Gives all elements of an existing parameter one value.</summary>
    public static void Constant(Parameter parameter, double value)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        double[] values = new double[parameter.Shape.Elements];
        Array.Fill(values, value);
        parameter.Assign(values);
    }

    /// <summary>Draws an existing weight (out, in, k…) anew from N(0, √(2/fan)), fan the inputs of one output (He et al., 2015; the U-Net paper).</summary>
    /// <param name="weight">The weight.</param>
    /// <param name="fanOut">Whether fan counts instead the outputs of one input, out·∏k, which keeps gradients' sizes (torchvision's residual networks).</param>
    public static void KaimingNormal(Parameter weight, bool fanOut = false)
    {
        ArgumentNullException.ThrowIfNull(weight);
        double fan = (double)weight.Shape.Elements / weight.Shape[fanOut ? 1 : 0];
        weight.Begin(Tensor.Normal(weight.Shape, 0, Math.Sqrt(2 / fan)).To(weight.Type));
    }
}
