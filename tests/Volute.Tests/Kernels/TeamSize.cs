using Volute.Kernels;

namespace Volute.Tests.Kernels;

/// <summary>Tests that set <see cref="Team.Threads"/> share this collection, so that they run one after another.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TeamSize
{
    public const string Name = "Team size";

    /// <summary>Runs <paramref name="compute"/> with 1, 2 and 3 threads and fails unless all results have the same bits.</summary>
    public static T[] SameBits<T>(Func<T[]> compute) where T : unmanaged
    {
        int before = Team.Threads;
        try
        {
            Team.Threads = 1;
            T[] expected = compute();
            for (Team.Threads = 2; Team.Threads <= 3; Team.Threads++)
            {
                Assert.Equal(System.Runtime.InteropServices.MemoryMarshal.AsBytes<T>(expected),
                    System.Runtime.InteropServices.MemoryMarshal.AsBytes<T>(compute()));
            }
            return expected;
        }
        finally
        {
            Team.Threads = before;
        }
    }
}
