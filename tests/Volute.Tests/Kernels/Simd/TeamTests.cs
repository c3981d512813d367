using System.Diagnostics;
using Volute.Kernels;

namespace Volute.Tests.Kernels;

[Collection(TeamSize.Name)]
public class TeamTests
{
    private struct Counting(int[] done) : IChunks
    {
        public readonly void Run(int chunk) => Interlocked.Increment(ref done[chunk]);
    }

    private struct Nested(int[] done, int inner) : IChunks
    {
        public readonly void Run(int chunk)
        {
            Shifted part = new(done, chunk * inner);
            Team.Run(inner, ref part);
        }
    }

    private struct Shifted(int[] done, int first) : IChunks
    {
        public readonly void Run(int chunk) => Interlocked.Increment(ref done[first + chunk]);
    }

    private struct Failing(Exception error, int at) : IChunks
    {
        public readonly void Run(int chunk)
        {
            if (chunk == at)
                throw error;
        }
    }

    private struct Summing : IChunks
    {
        public int Sum;

        public void Run(int chunk) => Interlocked.Add(ref Sum, chunk);
    }

    // In a task of its own: were the team stuck, the test would fail after a minute instead of waiting with it.
    private static async Task WithThreads(int threads, Action act)
    {
        int before = Team.Threads;
        Team.Threads = threads;
        try
        {
            await Task.Run(act).WaitAsync(TimeSpan.FromSeconds(60));
        }
        finally
        {
            Team.Threads = before;
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public Task Every_chunk_runs_exactly_once(int threads) => WithThreads(threads, () =>
    {
        foreach (int count in new[] { 0, 1, 2, 3, 7, 64, 1000, 100000 })
        {
            int[] done = new int[count];
            Counting body = new(done);
            Team.Run(count, ref body);
            Assert.All(done, times => Assert.Equal(1, times));
        }
    });

    [Fact]
    public Task A_chunk_may_use_the_team_itself() => WithThreads(4, () =>
    {
        int[] done = new int[50 * 20];
        Nested body = new(done, 20);
        Team.Run(50, ref body);
        Assert.All(done, times => Assert.Equal(1, times));
    });

    [Fact]
    public Task Thousands_of_small_pieces_come_to_an_end_while_the_number_of_threads_changes_and_workers_fall_asleep() => WithThreads(2, () =>
    {
        int[] done = new int[24], expected = new int[24];
        Counting body = new(done);
        for (int i = 1; i <= 20000; i++)
        {
            Team.Threads = 1 + i % (Environment.ProcessorCount + 3);
            Team.Run(1 + i % 24, ref body);
            for (int chunk = 0; chunk < 1 + i % 24; chunk++)
                expected[chunk]++;
            if (i % 1000 == 0)
                Thread.Sleep(2);
        }
        Assert.Equal(expected, done);
    });

    [Fact]
    public Task Eight_callers_at_once_all_get_their_work_done() => WithThreads(3, () =>
    {
        Thread[] callers = new Thread[8];
        int[][] done = [.. callers.Select(_ => new int[40])];
        for (int i = 0; i < callers.Length; i++)
        {
            int[] own = done[i];
            callers[i] = new Thread(() =>
            {
                Counting body = new(own);
                for (int round = 0; round < 500; round++)
                    Team.Run(own.Length, ref body);
            });
            callers[i].Start();
        }
        Assert.All(callers, caller => caller.Join());
        Assert.All(done, own => Assert.All(own, times => Assert.Equal(500, times)));
    });

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public Task An_error_in_a_chunk_reaches_the_caller_as_it_was_and_the_team_works_on(int threads) => WithThreads(threads, () =>
    {
        for (int at = 0; at < 30; at++)
        {
            ShapeException error = new("chunk " + at);
            Failing failing = new(error, at);
            Assert.Same(error, Assert.Throws<ShapeException>(() => Team.Run(30, ref failing)));
            int[] done = new int[30];
            Counting body = new(done);
            Team.Run(30, ref body);
            Assert.All(done, times => Assert.Equal(1, times));
        }
    });

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public Task What_chunks_leave_in_their_body_is_there_afterwards(int threads) => WithThreads(threads, () =>
    {
        Summing body = default;
        Team.Run(9, ref body);
        Assert.Equal(36, body.Sum);
    });

    [Fact]
    public Task The_caller_does_not_wait_for_a_worker_that_has_not_come() => WithThreads(64, () =>
    {
        int[] done = new int[64];
        Counting body = new(done);
        Team.Run(64, ref body);
        Thread.Sleep(50);
        Stopwatch clock = Stopwatch.StartNew();
        for (int i = 0; i < 200; i++)
            Team.Run(64, ref body);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"200 pieces of work took {clock.Elapsed}");
        Assert.All(done, times => Assert.Equal(201, times));
    });

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1025)]
    public void A_number_of_threads_outside_its_rule_is_refused(int threads)
    {
        InvalidArgumentException error = Assert.Throws<InvalidArgumentException>(() => Team.Threads = threads);
        Assert.Equal($"threads must be 1..1024, got {threads}", error.Message);
    }
}
