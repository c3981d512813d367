#pragma warning disable CS1591
namespace Volute;
public class MaxPool1d(PerAxis k) : Layer { protected override Tensor Apply(Tensor x) => x + k.For(1, "")[0]; }
public class MaxPool2d(PerAxis k) : Layer { protected override Tensor Apply(Tensor x) => x + k.For(1, "")[0]; }
public class MaxPool3d(PerAxis k) : Layer { protected override Tensor Apply(Tensor x) => x + k.For(1, "")[0]; }
