namespace Volute.Kernels;

/// <summary>What of a pooling's result is wanted.</summary>
internal interface IWanted
{
    static abstract bool Values { get; }

    static abstract bool Places { get; }
}

/// <summary>The values alone.</summary>
internal readonly struct WantsValues : IWanted
{
    static bool IWanted.Values => true;

    static bool IWanted.Places => false;
}

/// <summary>The indices alone.</summary>
internal readonly struct WantsPlaces : IWanted
{
    static bool IWanted.Values => false;

    static bool IWanted.Places => true;
}

/// <summary>Both.</summary>
internal readonly struct WantsBoth : IWanted
{
    static bool IWanted.Values => true;

    static bool IWanted.Places => true;
}
