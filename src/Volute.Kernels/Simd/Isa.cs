using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace Volute.Kernels;

/// <summary>A kernel ready to run, for whatever lanes the machine has.</summary>
public interface ILaneKernel
{
    /// <summary>Does the work with registers of <typeparamref name="TLanes"/>.</summary>
    void Run<TLanes, T>() where TLanes : struct, ILanes<TLanes, T> where T : unmanaged;
}

/// <summary>A kernel for float32 alone.</summary>
public interface IFloatKernel
{
    /// <summary>Does the work with registers of <typeparamref name="TLanes"/>.</summary>
    void Run<TLanes>() where TLanes : struct, ILanes<TLanes, float>;
}

/// <summary>The choice of the widest registers, made in one place.</summary>
public static class Isa
{
    /// <summary>Lanes of float32 in the widest register.</summary>
    public static int Lanes => Vector512.IsHardwareAccelerated ? 16 : Vector256.IsHardwareAccelerated ? 8 : Vector128.IsHardwareAccelerated ? 4 : 1;

    /// <summary>The name of the register file in use: 512, 256, 128 or scalar.</summary>
    public static string Name => Lanes == 1 ? "scalar" : $"{Lanes * 32} bits";

    /// <summary>How many such registers there are: what a tile of accumulators may fill.</summary>
    public static int Registers => Vector512.IsHardwareAccelerated || AdvSimd.IsSupported ? 32 : 16;

    /// <summary>Runs <paramref name="kernel"/> with the widest lanes of float32.</summary>
    public static void Run<TKernel>(ref TKernel kernel) where TKernel : struct, IFloatKernel => RunWithin(int.MaxValue, ref kernel);

    /// <summary>Lanes of float32 in the widest register that <paramref name="most"/> numbers fill.</summary>
    public static int LanesWithin(int most) => Math.Min(Lanes, most >= 16 ? 16 : most >= 8 ? 8 : most >= 4 ? 4 : 1);

    /// <summary>Runs <paramref name="kernel"/> with the widest lanes of float32 that <paramref name="most"/> numbers fill.</summary>
    public static void RunWithin<TKernel>(int most, ref TKernel kernel) where TKernel : struct, IFloatKernel
    {
        int lanes = LanesWithin(most);
        if (lanes == 16)
            kernel.Run<Lanes512>();
        else if (lanes == 8)
            kernel.Run<Lanes256>();
        else if (lanes == 4)
            kernel.Run<Lanes128>();
        else
            kernel.Run<Lane32>();
    }

    /// <summary>Runs <paramref name="kernel"/> with the widest lanes for <paramref name="type"/>; float64 runs one lane at a time.</summary>
    public static void Run<TKernel>(ElementType type, ref TKernel kernel) where TKernel : struct, ILaneKernel
    {
        if (type == ElementType.Float64)
            kernel.Run<Lane64, double>();
        else if (type != ElementType.Float32)
            throw new InvalidArgumentException($"arithmetic needs float32 or float64, got {type.Name()}; convert with To");
        else if (Vector512.IsHardwareAccelerated)
            kernel.Run<Lanes512, float>();
        else if (Vector256.IsHardwareAccelerated)
            kernel.Run<Lanes256, float>();
        else if (Vector128.IsHardwareAccelerated)
            kernel.Run<Lanes128, float>();
        else
            kernel.Run<Lane32, float>();
    }
}
