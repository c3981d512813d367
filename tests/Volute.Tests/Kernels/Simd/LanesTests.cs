using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Volute.Kernels;

namespace Volute.Tests.Kernels;

/// <summary>Every operation of every kind of lanes that the processor has against scalar arithmetic.</summary>
public unsafe class LanesTests
{
    private static readonly double[] Specials =
    [
        0, -0.0, 1, -1, 0.5, 2.5, -2.5, 3e38, -3e38, 1e-38, -1e-40, 1e-45, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1e9, -7.25,
    ];

    [Fact]
    public void Lanes512_agree_with_scalar_arithmetic()
    {
        Assert.SkipUnless(Vector512.IsHardwareAccelerated, "this processor has no registers of 512 bits");
        new Check<Lanes512, float>(x => (float)x, x => x, 2e-7).All();
    }

    [Fact]
    public void Lanes256_agree_with_scalar_arithmetic()
    {
        Assert.SkipUnless(Vector256.IsHardwareAccelerated, "this processor has no registers of 256 bits");
        new Check<Lanes256, float>(x => (float)x, x => x, 2e-7).All();
    }

    [Fact]
    public void Lanes128_agree_with_scalar_arithmetic() => new Check<Lanes128, float>(x => (float)x, x => x, 2e-7).All();

    [Fact]
    public void Lane32_agrees_with_scalar_arithmetic() => new Check<Lane32, float>(x => (float)x, x => x, 2e-7).All();

    [Fact]
    public void Lane64_agrees_with_scalar_arithmetic() => new Check<Lane64, double>(x => x, x => x, 1e-15).All();

    [Fact]
    public void The_widest_registers_of_the_machine_are_used()
    {
        Assert.Equal(Vector512.IsHardwareAccelerated ? 16 : Vector256.IsHardwareAccelerated ? 8 : Vector128.IsHardwareAccelerated ? 4 : 1, Isa.Lanes);
        Assert.Equal(Isa.Lanes == 1 ? "scalar" : Isa.Lanes * 32 + " bits", Isa.Name);
    }

    [Fact]
    public void Few_numbers_take_registers_that_they_fill()
        => Assert.Equal(new[] { 1, 1, 4, 4, 8, 8, 16 }.Select(lanes => Math.Min(lanes, Isa.Lanes)), new[] { 1, 3, 4, 7, 8, 15, 16 }.Select(Isa.LanesWithin));

    private sealed class Check<L, T>(Func<double, T> to, Func<T, double> from, double tolerance) where L : struct, ILanes<L, T> where T : unmanaged
    {
        private readonly int _size = Marshal.SizeOf<T>();

        public void All()
        {
            Assert.Equal(Math.Max(1, System.Runtime.CompilerServices.Unsafe.SizeOf<L>() / _size), L.Count);
            Binary((a, b) => a + b, (a, b) => a + b);
            Binary((a, b) => a - b, (a, b) => a - b);
            Binary((a, b) => a * b, (a, b) => a * b);
            Binary((a, b) => a / b, (a, b) => a / b);
            Binary(L.AtLeast, (a, b) => b > a ? b : a);
            Binary(L.AtMost, (a, b) => a > b ? b : a);
            Binary(L.Max, (a, b) => double.IsNaN(a) || double.IsNaN(b) ? double.NaN : Math.Max(a, b));
            Binary(L.Min, (a, b) => double.IsNaN(a) || double.IsNaN(b) ? double.NaN : Math.Min(a, b));
            Binary((a, b) => L.Select(L.Greater(a, b), a, b), (a, b) => a > b ? a : b);
            Binary((a, b) => L.Select(L.GreaterOrEqual(a, b), b, a), (a, b) => a >= b ? b : a);
            Binary((a, b) => L.Select(L.Equal(a, b), L.Broadcast(7), b), (a, b) => a == b ? 7 : b);
            Binary((a, b) => L.Select(default, a, b), (a, b) => b);
            Binary((a, b) => L.MultiplyAdd(a, b, L.Broadcast(0)), (a, b) => a * b);
            Binary((a, b) =>
            {
                T* memory = stackalloc T[L.Count];
                L.Store(b, memory);
                return L.MultiplyAdd(a, memory, L.Broadcast(0));
            }, (a, b) => a * b);
            Unary(L.Abs, Math.Abs, 0);
            Unary(L.Sqrt, Math.Sqrt, 0);
            Unary(L.Floor, Math.Floor, 0);
            Unary(L.Exp, Math.Exp, tolerance);
            Unary(L.Log, Math.Log, tolerance * 2);
            for (int n = -250; n <= 250; n += 25)
                Unary(a => L.Scale(a, L.Broadcast(n)), a => Math.ScaleB(a, n), 0);
            Exponentials();
            Folds();
            Partial();
            Permutations();
        }

        private void Permutations()
        {
            T* values = stackalloc T[L.Count], indices = stackalloc T[L.Count];
            for (int turn = 0; turn < L.Count; turn++)
            {
                for (int i = 0; i < L.Count; i++)
                {
                    values[i] = to(i + 0.5);
                    int index = (3 * i + turn) % L.Count;
                    if (_size == 4)
                        ((int*)indices)[i] = index;
                    else
                        ((long*)indices)[i] = index;
                }
                T[] permuted = Lanes(L.Permute(L.Load(values), L.Load(indices)));
                for (int i = 0; i < L.Count; i++)
                    Assert.Equal((3 * i + turn) % L.Count + 0.5, from(permuted[i]));
            }
        }

        private void Exponentials()
        {
            Assert.Equal(1, from(Lanes(L.Exp(L.Broadcast(0)))[0]));
            Random random = new(1);
            for (int i = 0; i < 20000; i++)
            {
                double a = from(to(random.NextDouble() * 180 - 92));
                double actual = from(Lanes(L.Exp(L.Broadcast(a)))[0]), expected = from(to(Math.Exp(a)));
                double unit = Math.Max(expected * tolerance / 2, _size == 4 ? float.Epsilon : double.Epsilon);
                Assert.True(actual == expected || Math.Abs(actual - expected) <= 1.3 * unit, $"exp {a:R} = {actual:R}, not {expected:R}");
            }
        }

        private void Folds()
        {
            Random random = new(2);
            for (int trial = 0; trial < 100; trial++)
            {
                double[] values = [.. Enumerable.Range(0, L.Count).Select(_ => (double)random.Next(-1000, 1000))];
                L lanes = Load(values);
                Assert.Equal(values.Sum(), from(L.Sum(lanes)));
                Assert.Equal(values.Max(), from(L.Max(lanes)));
                values[random.Next(values.Length)] = double.NaN;
                Assert.Equal(double.NaN, from(L.Max(Load(values))));
                Assert.Equal(double.NaN, from(L.Sum(Load(values))));
                double[] wide = new double[values.Length];
                fixed (double* p = wide)
                {
                    L.Widen(Load(values), p);
                    Assert.Equal(values, wide);
                    wide[0] = 1 / 3.0;
                    Assert.Equal(wide.Select(value => from(to(value))), Lanes(L.Narrow(p)).Select(from));
                }
            }
        }

        private void Partial()
        {
            for (int count = 0; count <= L.Count; count++)
            {
                using GuardedMemory<T> source = new(count), destination = new(count);
                for (int i = 0; i < count; i++)
                    source.Span[i] = to(i + 1);
                L lanes = L.Load(source.Pointer, count);
                Assert.Equal(Enumerable.Range(1, L.Count).Select(i => i <= count ? (double)i : 0), Lanes(lanes).Select(from));
                L.Store(lanes, destination.Pointer, count);
                Assert.Equal(source.Span.ToArray(), destination.Span.ToArray());
                if (count > 0)
                    Assert.All(Lanes(L.Broadcast(source.Pointer + count - 1)), lane => Assert.Equal(count, from(lane)));
            }
        }

        private void Unary(Func<L, L> actual, Func<double, double> expected, double tolerance)
        {
            foreach (double[] chunk in Specials.Chunk(L.Count))
            {
                double[] a = [.. Enumerable.Range(0, L.Count).Select(i => from(to(chunk[i % chunk.Length])))];
                Compare([.. a.Select(expected)], actual(Load(a)), tolerance, $"of {string.Join(", ", a)}");
            }
        }

        private void Binary(Func<L, L, L> actual, Func<double, double, double> expected)
        {
            foreach (double left in Specials)
            {
                foreach (double[] chunk in Specials.Chunk(L.Count))
                {
                    double a = from(to(left));
                    double[] b = [.. Enumerable.Range(0, L.Count).Select(i => from(to(chunk[i % chunk.Length])))];
                    Compare([.. b.Select(value => expected(a, value))], actual(L.Broadcast(a), Load(b)), 0, $"of {a} and {string.Join(", ", b)}");
                }
            }
        }

        private void Compare(double[] expected, L actual, double tolerance, string of)
        {
            T[] lanes = Lanes(actual);
            for (int i = 0; i < expected.Length; i++)
            {
                double wanted = from(to(expected[i])), got = from(lanes[i]);
                Assert.True(wanted.Equals(got) || Math.Abs(wanted - got) <= tolerance * Math.Abs(wanted), $"lane {i} {of}: {got:R}, not {wanted:R}");
            }
        }

        private L Load(double[] values)
        {
            T[] elements = [.. values.Select(to)];
            fixed (T* p = elements)
                return L.Load(p);
        }

        private static T[] Lanes(L value)
        {
            T[] elements = new T[L.Count];
            fixed (T* p = elements)
                L.Store(value, p);
            return elements;
        }
    }
}
