using Volute.Formats;

namespace Volute.Tests.Formats;

public class PictureTensorTests
{
    [Fact]
    public void A_picture_becomes_a_batch_with_its_channels_apart_and_comes_back()
    {
        byte[] samples = [.. Enumerable.Range(0, 2 * 3 * 3).Select(i => (byte)(i * 15))];
        Picture picture = Picture.FromBytes(samples, 3, 2, 3);
        Tensor x = picture.ToTensor();
        Assert.Equal([1, 3, 2, 3], x.Shape);
        Assert.Equal(samples[1] / 255f, x.ToArray()[2 * 3]);
        Picture back = Picture.FromTensor(x);
        Assert.Equal((3, 2, 3), (back.Width, back.Height, back.Channels));
        Assert.Equal(samples, back.ToBytes());
    }

    [Fact]
    public void Black_and_white_are_chosen_and_what_lies_beyond_is_cut_off()
    {
        Tensor x = Tensor.FromArray([-5f, -1, 0, 1, 5], [1, 1, 5]);
        Assert.Equal([0, 0, 128, 255, 255], Picture.FromTensor(x, black: -1, white: 1).ToBytes());
        Assert.Equal([255, 255, 128, 0, 0], Picture.FromTensor(x, black: 1, white: -1).ToBytes());
    }

    [Fact]
    public void Several_pictures_are_a_grid_with_white_lines()
    {
        Picture grid = Picture.FromTensor(Tensor.FromArray([0.2f, 0.4f, 0.6f], [3, 1, 1, 1]), columns: 2);
        Assert.Equal((5, 5), (grid.Width, grid.Height));
        Assert.Equal([255, 255, 255, 255, 255, 255, 51, 255, 102, 255, 255, 255, 255, 255, 255, 255, 153, 255, 255, 255, 255, 255, 255, 255, 255], grid.ToBytes());
        Assert.Equal((7, 5), (Picture.FromTensor(Tensor.Full([5, 3, 1, 1], 0)).Width, Picture.FromTensor(Tensor.Full([5, 3, 1, 1], 0)).Height));
    }

    [Fact]
    public void What_is_no_picture_is_named()
    {
        Assert.Equal("a picture needs a tensor [C, H, W] or [N, C, H, W], got shape [2, 3]", Assert.Throws<ShapeException>(() => Picture.FromTensor(Tensor.Full([2, 3], 0))).Message);
        Assert.Equal("black and white must be two different numbers, got 1 and 1", Assert.Throws<InvalidArgumentException>(() => Picture.FromTensor(Tensor.Full([1, 2, 3], 0), 1, 1)).Message);
        Assert.Equal("a grid of pictures needs at least 1 column, got 0", Assert.Throws<InvalidArgumentException>(() => Picture.FromTensor(Tensor.Full([1, 2, 3], 0), columns: 0)).Message);
        Assert.Equal("a picture has 1 to 4 channels (gray, gray + alpha, RGB, RGB + alpha), got 5", Assert.Throws<InvalidArgumentException>(() => Picture.FromTensor(Tensor.Full([5, 2, 3], 0))).Message);
    }
}
