#pragma warning disable CS1591
namespace Volute.Kernels;
public enum RandomKind { Uniform, Normal, KeepMask }
public unsafe class RandomKernel(RandomKind kind, ElementType type, long count, double a, double b) { public void Run(void* y, int* key) { _ = (kind, type, count, a, b); } }
public unsafe class ArgReduceKernel(ElementType type, Layout y, Layout x, int axis, bool smallest) { public void Run(int* y, void* x) { } public object O => (type, axis, smallest, x, y); }
public unsafe class SoftmaxKernel(ElementType type, Layout y, Layout x, int axis, bool smallest) { public void Run(void* y, void* x) { } public object O => (type, axis, smallest, x, y); }
public unsafe class OneHotKernel(ElementType type, Layout y, Layout x, int? axis) { public void Run(void* y, int* x) { } public object O => (type, axis, x, y); }
