using Volute.Kernels;

namespace Volute.Tests.Kernels;

[Collection(TeamSize.Name)]
public unsafe class OneHotKernelTests
{
    [Fact]
    public void Labels_of_any_strides_light_their_class_and_the_ignored_one_none()
    {
        Random random = new(9);
        for (int trial = 0; trial < 200; trial++)
        {
            int[] labels = [random.Next(4), .. Indices.RandomShape(random, 65).Take(3)];
            int classes = random.Next(1, 30);
            RandomOperand<int> l = RandomOperand<int>.Create(random, labels, -9).Fill(() => random.Next(10) == 0 ? 255 : random.Next(classes));
            RandomOperand<float> y = RandomOperand<float>.Create(random, [labels[0], classes, .. labels[1..]], -77);
            fixed (int* lp = l.Buffer)
            fixed (float* yp = y.Buffer)
                new OneHotKernel(ElementType.Float32, y.Layout, l.Layout, ignore: 255, on: 0.75, off: 0.25).Run(yp, lp);
            foreach (int[] index in Indices.Of(y.Layout))
            {
                int label = l[[index[0], .. index[2..]]];
                Assert.Equal(label == 255 ? 0 : label == index[1] ? 0.75f : 0.25f, y[index]);
            }
            y.AssertNothingElseWritten();
        }
    }

    [Theory]
    [InlineData(10, null, "label 10 at sample 3 is outside 0..9: a label is the number of a class")]
    [InlineData(-1, 255, "label -1 at sample 3 is outside 0..9: a label is the number of a class, or 255 to be ignored")]
    public void A_label_that_is_no_class_is_named_with_its_sample(int label, int? ignore, string message)
    {
        int[] labels = [1, 2, 3, label, 77];
        float[] y = new float[50];
        fixed (int* lp = labels)
        fixed (float* yp = y)
        {
            try
            {
                new OneHotKernel(ElementType.Float32, Layout.Dense([5, 10]), Layout.Dense([5]), ignore).Run(yp, lp);
                Assert.Fail("nothing was thrown");
            }
            catch (InvalidArgumentException error)
            {
                Assert.Equal(message, error.Message);
            }
        }
    }

    [Fact]
    public void A_wrong_label_of_a_map_is_named_with_its_position_whatever_thread_finds_it()
    {
        int[] labels = new int[3 * 100 * 100];
        labels[2 * 10000 + 5 * 100 + 7] = 4;
        labels[2 * 10000 + 90 * 100] = 5;
        Layout y = Layout.Dense([3, 4, 100, 100]), l = Layout.RowMajor([3, 100, 100]);
        float[] values = new float[y.Elements];
        InvalidArgumentException error = Assert.Throws<InvalidArgumentException>(() =>
        {
            fixed (int* lp = labels)
            fixed (float* yp = values)
                new OneHotKernel(ElementType.Float32, y, l).Run(yp, lp);
        });
        Assert.Equal("label 4 at sample 2, position [5, 7] is outside 0..3: a label is the number of a class", error.Message);
    }
}
