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
}
