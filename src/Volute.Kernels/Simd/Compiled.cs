using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>When loops are compiled with all optimizations.</summary>
internal static class Compiled
{
    /// <summary>
    /// At their first call, in whatever program they are, and not only once the runtime finds that they are called often: until then they would run
    /// thirty times slower. A program published for one system has them compiled in advance, which this option would forbid.
    /// </summary>
    public const MethodImplOptions AtOnce =
#if PRECOMPILED
        default;
#else
        MethodImplOptions.AggressiveOptimization;
#endif
}
