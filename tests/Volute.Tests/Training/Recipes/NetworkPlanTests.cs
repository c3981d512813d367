using Volute.Training;

namespace Volute.Tests.Training.Recipes;

public class NetworkPlanTests
{
    /// <summary>nnU-Net's documented plans: spacing, median shape, cases, channels, classes; patch, batch, pools, the kernels of the first stage.</summary>
    public static TheoryData<double[], int[], int, int, int, int[], int, int[], int[]> GoldenPlans => new()
    {
        { [1, 1, 1], [36, 50, 35], 260, 1, 3, [40, 56, 40], 9, [3, 3, 3], [3, 3, 3] },
        { [1, 1], [50, 35], 260, 1, 3, [56, 40], 366, [3, 3], [3, 3] },
        { [0.6, 0.3467, 0.3467], [512, 512, 706], 100, 1, 2, [128, 112, 160], 2, [5, 4, 5], [3, 3, 3] },
        { [1, 1, 1], [138, 169, 138], 484, 4, 4, [128, 128, 128], 2, [5, 5, 5], [3, 3, 3] },
        { [3.6, 0.625, 0.625], [20, 320, 319], 32, 2, 3, [20, 320, 256], 2, [2, 6, 6], [1, 3, 3] },
        { [1, 1], [1500, 1500], 1108, 3, 2, [1280, 1024], 2, [8, 8], [3, 3] },
        { [1, 1], [512, 512], 30, 1, 2, [512, 512], 2, [7, 7], [3, 3] },
    };

    [Theory]
    [MemberData(nameof(GoldenPlans))]
    public void With_nnU_Net_s_constants_the_plans_are_nnU_Net_s(double[] spacing, int[] median, int cases, int channels, int classes, int[] patch, int batch, int[] pools, int[] firstKernel)
    {
        // Slices of the second row come from volumes: the data set's voxels are those of all slices.
        double slices = median is [50, 35] ? 36 : 1, voxels = cases * slices * median.Aggregate(1.0, (product, n) => product * n);
        NetworkPlan plan = NetworkPlan.Make(spacing, median, voxels, channels, classes, PlanningRules.NnUNet(median.Length));
        Assert.Equal(patch, plan.Patch);
        Assert.Equal(batch, plan.Batch);
        Assert.Equal(pools, plan.Pools);
        Assert.Equal(firstKernel, plan.Network.Stages[0].Kernel);
    }

    [Fact]
    public void A_kernel_sees_along_slices_only_once_their_distance_is_below_twice_the_finest()
    {
        NetworkPlan plan = NetworkPlan.Make([3.6, 0.625, 0.625], [20, 320, 319], 32.0 * 20 * 320 * 319, 2, 3, PlanningRules.NnUNet(3));
        // 3.6 mm against 0.625, 1.25, 2.5 and on.
        Assert.Equal(["1x3x3", "1x3x3", "3x3x3", "3x3x3", "3x3x3", "3x3x3", "3x3x3"], plan.Network.Stages.Select(stage => string.Join('x', stage.Kernel)));
        Assert.Equal(["1x1x1", "1x2x2", "1x2x2", "2x2x2", "2x2x2", "1x2x2", "1x2x2"], plan.Network.Stages.Select(stage => string.Join('x', stage.Stride)));
        Assert.Equal([32, 64, 128, 256, 320, 320, 320], plan.Network.Stages.Select(stage => stage.Width));
    }

    [Fact]
    public void Stages_for_kernels_in_planes_halve_both_axes_of_a_plane_or_none_and_the_depth_only_with_them()
    {
        Topology topology = new([[1, 3, 1], [3, 3, 3], [1, 3, 3], [3, 3, 3], [3, 3, 3]], [[1, 1, 1], [1, 2, 2], [2, 2, 2], [2, 1, 2], [2, 2, 2]], [16, 64, 32]);
        Topology planes = topology.OfPlanes();
        Assert.Equal(["1x3x3", "3x3x3", "1x3x3", "3x3x3"], planes.Kernels.Select(k => string.Join('x', k)));
        Assert.Equal(["1x1x1", "1x2x2", "2x2x2", "2x2x2"], planes.Strides.Select(k => string.Join('x', k)));
        Assert.Equal([4, 8, 8], planes.Divisors);
        Assert.Equal([16, 64, 32], planes.Patch);
    }

    [Fact]
    public void Twice_the_memory_gives_larger_patches_or_batches()
    {
        NetworkPlan Plan(double gigabytes) => NetworkPlan.Make([1, 1, 1], [300, 300, 300], 1e12, 1, 2, PlanningRules.NnUNet(3, gigabytes));
        static double Cost(NetworkPlan plan) => plan.Batch * plan.Patch.Aggregate(1.0, (p, n) => p * n);
        Assert.InRange(Cost(Plan(16)) / Cost(Plan(8)), 1.5, 2.5);
    }

    [Fact]
    public void Residual_encoders_have_one_three_four_and_six_blocks_and_their_own_constants()
    {
        NetworkPlan plan = NetworkPlan.Make([1, 1, 1], [138, 169, 138], 484.0 * 138 * 169 * 138, 4, 4, PlanningRules.NnUNet(3, residual: true));
        Assert.True(plan.Network.Residual);
        Assert.Equal([1, 3, 4, 6, 6, 6], plan.Network.Stages.Select(stage => stage.Down));
        Assert.All(plan.Network.Stages, stage => Assert.Equal(1, stage.Up));
        Assert.InRange(plan.Network.OutputElements(plan.Patch), 0, 680_000_000);
    }

    [Fact]
    public void Every_plan_makes_a_network_that_takes_its_patches_and_ends_in_maps_of_at_least_four()
    {
        Random random = new(1);
        for (int trial = 0; trial < 200; trial++)
        {
            int rank = random.Next(2, 4);
            double[] spacing = [.. Enumerable.Range(0, rank).Select(_ => 0.3 + 4 * random.NextDouble())];
            int[] median = [.. Enumerable.Range(0, rank).Select(_ => random.Next(4, 600))];
            NetworkPlan plan = NetworkPlan.Make(spacing, median, 1e9, 1, 2, PlanningRules.NnUNet(rank));
            for (int axis = 0; axis < rank; axis++)
            {
                int divisor = 1 << plan.Pools[axis];
                Assert.Equal(0, plan.Patch[axis] % divisor);
                Assert.InRange(plan.Patch[axis] / divisor, 4, int.MaxValue);
                Assert.InRange(plan.Patch[axis], 1, median[axis] + divisor - 1);
            }
            Assert.True(plan.Network.OutputElements(plan.Patch) * 2.0 / (rank == 2 ? 12 : 2) <= (rank == 2 ? 85e6 : 560e6));
        }
    }

    [Fact]
    public void A_cost_that_no_patch_can_keep_is_an_error_that_says_so()
    {
        string message = Assert.Throws<LimitException>(() => NetworkPlan.Make([1, 1], [512, 512], 1e9, 1, 2, PlanningRules.NnUNet(2, gigabytes: 1e-6))).Message;
        Assert.Matches(@"^the network on a patch of \d+ x \d+ needs [\d,]+ of the reference's output elements, but at most 11 are allowed$", message);
        Assert.Equal("nnU-Net's rules are for 2 or 3 axes and a memory above 0, got 1 axes and 8 GB", Assert.Throws<InvalidArgumentException>(() => PlanningRules.NnUNet(1)).Message);
    }
}
