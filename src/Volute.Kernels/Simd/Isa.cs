using System.Runtime.Intrinsics;

namespace Volute.Kernels;

/// <summary>A kernel ready to run, for whatever lanes the machine has.</summary>
public interface ILaneKernel
{
    /// <summary>Does the work with registers of <typeparamref name="TLanes"/>.</summary>
    void Run<TLanes, T>() where TLanes : struct, ILanes<TLanes, T> where T : unmanaged;
}

/// <summary>The choice of the widest registers, made in one place.</summary>
public static class Isa
{
    /// <summary>Lanes of float32 in the widest register.</summary>
    public static int Lanes => Vector512.IsHardwareAccelerated ? 16 : Vector256.IsHardwareAccelerated ? 8 : Vector128.IsHardwareAccelerated ? 4 : 1;

    /// <summary>The name of the register file in use: 512, 256, 128 or scalar.</summary>
    public static string Name => Lanes == 1 ? "scalar" : $"{Lanes * 32} bits";

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
