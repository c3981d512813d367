namespace Volute.Kernels;

/// <summary>A yes or no that the JIT knows, given as a type: branches on it vanish, so that one loop body serves several cases.</summary>
internal interface ISwitch
{
    static abstract bool IsOn { get; }
}

/// <summary>Yes.</summary>
internal readonly struct On : ISwitch
{
    public static bool IsOn => true;
}

/// <summary>No.</summary>
internal readonly struct Off : ISwitch
{
    public static bool IsOn => false;
}

/// <summary>How many registers side by side a loop body holds: a number that the JIT knows.</summary>
internal interface IRegisters
{
    static abstract int Count { get; }
}

/// <summary>One register.</summary>
internal readonly struct OneRegister : IRegisters
{
    public static int Count => 1;
}

/// <summary>Two registers.</summary>
internal readonly struct TwoRegisters : IRegisters
{
    public static int Count => 2;
}

/// <summary>Four registers: enough sums under way to hide the latency of an addition.</summary>
internal readonly struct FourRegisters : IRegisters
{
    public static int Count => 4;
}
