using Volute.Kernels;

namespace Volute.Tests.Kernels;

public class TeamTests
{
    [Fact]
    public async Task Thousands_of_small_pieces_come_to_an_end_with_more_threads_than_processors()
    {
        // A task of its own: were the team stuck, the test would fail after a minute instead of waiting with it.
        Task work = Task.Run(() =>
        {
            int threads = Team.Threads;
            Counting body = new() { Done = new int[24] };
            for (int i = 1; i <= 20000; i++)
            {
                Team.Threads = 1 + i % (Environment.ProcessorCount + 3);
                Team.Run(1 + i % 24, ref body);
                if (i % 1000 == 0)
                    Thread.Sleep(2); // let the workers fall asleep
            }
            Team.Threads = threads;
            for (int chunk = 0; chunk < 24; chunk++)
                Assert.Equal(Enumerable.Range(1, 20000).Count(i => chunk < 1 + i % 24), body.Done[chunk]);
        });
        await work.WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void An_error_in_a_chunk_reaches_the_caller_and_the_team_works_on()
    {
        Failing failing = new();
        Assert.Throws<InvalidArgumentException>(() => Team.Run(8, ref failing));
        Counting body = new() { Done = new int[8] };
        Team.Run(8, ref body);
        Assert.All(body.Done, count => Assert.Equal(1, count));
    }

    private struct Counting : IChunks
    {
        public int[] Done;

        public readonly void Run(int chunk) => Interlocked.Increment(ref Done[chunk]);
    }

    private struct Failing : IChunks
    {
        public readonly void Run(int chunk)
        {
            if (chunk == 5)
                throw new InvalidArgumentException("chunk 5");
        }
    }
}
