using Volute.Kernels;

namespace Volute;

/// <summary>y = ln a.</summary>
internal readonly record struct Log : IMap1, IElementwise
{
    public static string Name => "log";

    public L Invoke<L, T>(L a) where L : struct, ILanes<L, T> where T : unmanaged
        => L.Log(a);

    public Tensor? Gradient(int input, in Application application, Tensor gradient)
        => gradient / application.Input(0);
}

/// <summary>Extends tensors by log.</summary>
public static class LogOperator
{
    extension(Tensor x)
    {
        /// <summary>ln x, element by element.</summary>
        public Tensor Log() => Tensor.Apply(new Unary<Log>(default(Log)), x);
    }
}
