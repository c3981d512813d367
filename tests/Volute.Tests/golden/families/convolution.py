"""Convolutions and transposed convolutions, one to three axes."""
from recording import grid, module


def conv(rank, *inputs, channels=(2, 3), kernel=3, about=None, call=None, transposed=False, **arguments):
    kind = f"{'ConvTranspose' if transposed else 'Conv'}{rank}d"
    return module(kind, *inputs, about=about, call=call, in_channels=channels[0], out_channels=channels[1], kernel_size=kernel, **arguments)


def cases():
    yield from one_axis()
    yield from two_axes()
    yield from three_axes()
    yield from transposed_one_axis()
    yield from transposed_two_axes()
    yield from transposed_three_axes()


def one_axis():
    x = grid(2, 2, 9)
    yield conv(1, x, about="defaults")
    yield conv(1, x, kernel=1, about="1x1")
    yield conv(1, x, kernel=4, stride=3, padding=2, about="stride leaves a remainder")
    yield conv(1, x, kernel=3, dilation=3, padding=3, bias=False, about="dilated, no bias")
    yield conv(1, grid(2, 4, 8), channels=(4, 6), kernel=2, groups=2, stride=2, about="groups")
    yield conv(1, grid(1, 3, 7), channels=(3, 3), groups=3, padding=1, about="depthwise")
    yield conv(1, grid(1, 3, 7), channels=(3, 6), groups=3, about="depthwise, two outputs a channel")
    yield conv(1, grid(2, 7), about="unbatched")
    yield conv(1, x, kernel=4, padding="same", about="even kernel: the odd extra element at the end")
    yield conv(1, x, kernel=3, padding="valid", stride=2, about="valid")
    yield conv(1, x, kernel=9, about="kernel as large as the input")
    for mode in ("reflect", "replicate", "circular"):
        yield conv(1, x, kernel=3, padding=2, stride=2, padding_mode=mode, about=f"{mode} padding")
    yield conv(1, x, kernel=4, padding="same", padding_mode="circular", about="same size, circular padding")


def two_axes():
    x = grid(2, 2, 5, 7)
    yield conv(2, x, about="defaults")
    yield conv(2, x, kernel=1, about="1x1")
    yield conv(2, x, kernel=1, stride=2, about="1x1 with stride")
    yield conv(2, x, kernel=1, padding=1, about="1x1 with padding: borders hold the bias")
    yield conv(2, x, padding=1, about="3x3 same size")
    yield conv(2, x, padding=1, stride=2, about="3x3 stride 2")
    yield conv(2, x, kernel=[3, 2], stride=[2, 1], padding=[1, 0], dilation=[1, 2], about="everything anisotropic")
    yield conv(2, x, kernel=[1, 5], padding=[0, 2], about="a row")
    yield conv(2, x, kernel=[4, 1], padding=[3, 0], about="a column, padded by more than half")
    yield conv(2, x, kernel=5, padding=4, stride=3, about="padding of kernel - 1")
    yield conv(2, x, kernel=2, stride=4, about="stride beyond the kernel skips inputs")
    yield conv(2, x, kernel=3, dilation=[2, 3], padding=[2, 3], about="dilated")
    yield conv(2, x, kernel=[5, 7], about="kernel as large as the input")
    yield conv(2, x, bias=False, about="no bias")
    yield conv(2, grid(1, 4, 5, 6), channels=(4, 6), kernel=[3, 2], stride=[2, 1], padding=[1, 0], dilation=[1, 2], groups=2, about="groups, everything anisotropic")
    yield conv(2, grid(2, 3, 5, 4), channels=(3, 3), groups=3, padding=1, about="depthwise")
    yield conv(2, grid(1, 3, 6, 5), channels=(3, 6), kernel=[3, 2], groups=3, stride=2, bias=False, about="depthwise, two outputs a channel")
    yield conv(2, grid(1, 4, 3, 3), channels=(4, 4), kernel=1, groups=2, about="1x1 groups")
    yield conv(2, grid(2, 5, 7), about="unbatched")
    yield conv(2, grid(1, 1, 6, 6), channels=(1, 1), about="one channel to one")
    yield conv(2, grid(1, 5, 4, 4), channels=(5, 7), padding=1, about="odd channels")
    yield conv(2, grid(1, 17, 3, 4), channels=(17, 9), kernel=2, about="more channels than a vector holds")
    yield conv(2, grid(3, 1, 1, 1), channels=(1, 2), padding=1, about="a single pixel")
    yield conv(2, x, kernel=[4, 3], padding="same", about="even kernel: the odd extra element at the end")
    yield conv(2, x, kernel=[2, 3], dilation=[3, 1], padding="same", about="same size, dilated")
    yield conv(2, x, kernel=[2, 3], padding="valid", about="valid")
    for mode in ("reflect", "replicate", "circular"):
        yield conv(2, x, padding=[2, 1], padding_mode=mode, about=f"{mode} padding")
        yield conv(2, grid(1, 2, 4, 5), channels=(2, 2), kernel=[2, 3], stride=[1, 2], padding=[1, 3], groups=2, padding_mode=mode, about=f"{mode} padding, strided groups")
    yield conv(2, grid(1, 1, 4, 5), channels=(1, 2), kernel=[4, 3], padding="same", padding_mode="reflect", about="same size, reflect padding")
    yield conv(2, grid(2, 4, 5), padding=1, padding_mode="replicate", about="unbatched, replicate padding")


def three_axes():
    x = grid(1, 2, 3, 4, 5)
    yield conv(3, x, channels=(2, 2), kernel=2, about="defaults")
    yield conv(3, x, channels=(2, 3), kernel=1, about="1x1x1")
    yield conv(3, x, channels=(2, 2), padding=1, about="3x3x3 same size")
    yield conv(3, x, channels=(2, 2), kernel=[2, 3, 1], stride=[1, 2, 3], padding=[1, 0, 2], dilation=[2, 1, 1], about="everything anisotropic")
    yield conv(3, x, channels=(2, 2), kernel=[1, 3, 3], padding=[0, 1, 1], bias=False, about="plane by plane, no bias")
    yield conv(3, x, channels=(2, 4), kernel=2, stride=2, padding=1, groups=2, about="groups")
    yield conv(3, grid(1, 3, 3, 3, 4), channels=(3, 3), kernel=[3, 2, 3], padding=[1, 0, 1], groups=3, about="depthwise")
    yield conv(3, grid(2, 3, 4, 3), channels=(2, 1), kernel=2, about="unbatched")
    yield conv(3, grid(2, 1, 3, 4, 3), channels=(1, 2), kernel=[2, 3, 2], padding="same", about="even kernel: the odd extra element at the end")
    for mode in ("reflect", "replicate", "circular"):
        yield conv(3, grid(1, 1, 3, 4, 3), channels=(1, 2), kernel=[2, 3, 2], padding=[1, 2, 1], stride=[1, 2, 1], padding_mode=mode, about=f"{mode} padding")


def transposed_one_axis():
    x = grid(2, 2, 5)
    yield conv(1, x, transposed=True, about="defaults")
    yield conv(1, x, transposed=True, kernel=2, stride=2, about="doubling")
    yield conv(1, x, transposed=True, kernel=4, stride=3, padding=1, output_padding=2, about="output padding")
    yield conv(1, x, transposed=True, kernel=2, stride=3, about="stride beyond the kernel leaves gaps")
    yield conv(1, x, transposed=True, kernel=3, stride=2, dilation=2, padding=2, bias=False, about="dilated, no bias")
    yield conv(1, x, transposed=True, kernel=3, stride=1, dilation=3, output_padding=2, about="output padding below the dilation")
    yield conv(1, grid(1, 4, 5), transposed=True, channels=(4, 6), kernel=3, stride=2, groups=2, about="groups")
    yield conv(1, grid(1, 3, 5), transposed=True, channels=(3, 3), kernel=4, stride=2, padding=1, groups=3, about="depthwise")
    yield conv(1, grid(2, 5), transposed=True, stride=2, about="unbatched")
    yield conv(1, x, transposed=True, kernel=3, stride=2, padding=1, call={"output_size": [10]}, about="output size asked for")


def transposed_two_axes():
    x = grid(2, 2, 3, 4)
    yield conv(2, x, transposed=True, about="defaults")
    yield conv(2, x, transposed=True, kernel=1, about="1x1")
    yield conv(2, x, transposed=True, kernel=2, stride=2, about="the doubling of a U-Net")
    yield conv(2, x, transposed=True, kernel=4, stride=2, padding=1, about="the doubling of a GAN")
    yield conv(2, x, transposed=True, kernel=3, stride=2, padding=1, output_padding=1, about="exact doubling with an odd kernel")
    yield conv(2, x, transposed=True, kernel=[3, 2], stride=[2, 3], padding=[1, 0], output_padding=[1, 2], dilation=[2, 1], about="everything anisotropic")
    yield conv(2, x, transposed=True, kernel=3, padding=2, about="padding crops more than the input")
    yield conv(2, x, transposed=True, kernel=[1, 2], stride=[3, 1], output_padding=[2, 0], about="gaps and trailing bias")
    yield conv(2, x, transposed=True, bias=False, stride=[1, 2], about="no bias")
    yield conv(2, grid(1, 4, 3, 3), transposed=True, channels=(4, 6), kernel=[3, 2], stride=2, groups=2, padding=[1, 0], about="groups")
    yield conv(2, grid(1, 3, 3, 4), transposed=True, channels=(3, 3), kernel=4, stride=2, padding=1, groups=3, bias=False, about="depthwise")
    yield conv(2, grid(1, 3, 3, 2), transposed=True, channels=(3, 6), kernel=3, stride=2, groups=3, about="depthwise, two outputs a channel")
    yield conv(2, grid(2, 3, 4), transposed=True, stride=2, about="unbatched")
    yield conv(2, grid(1, 1, 1, 1), transposed=True, channels=(1, 2), kernel=[2, 3], about="a single pixel")
    yield conv(2, x, transposed=True, kernel=3, stride=[3, 2], padding=1, call={"output_size": [9, 8]}, about="output size asked for")
    yield conv(2, x, transposed=True, kernel=3, stride=[3, 2], padding=1, output_padding=[1, 0], call={"output_size": [7, 7]}, about="output size overrides output padding")


def transposed_three_axes():
    x = grid(1, 2, 2, 3, 2)
    yield conv(3, x, transposed=True, channels=(2, 2), kernel=2, about="defaults")
    yield conv(3, x, transposed=True, channels=(2, 2), kernel=2, stride=2, about="the doubling of a 3D U-Net")
    yield conv(3, x, transposed=True, channels=(2, 2), kernel=[2, 3, 2], stride=[1, 2, 3], padding=[0, 1, 1], output_padding=[0, 1, 2], dilation=[2, 1, 1], about="everything anisotropic")
    yield conv(3, x, transposed=True, channels=(2, 4), kernel=[1, 2, 2], stride=[1, 2, 2], groups=2, bias=False, about="groups, in plane only, no bias")
    yield conv(3, x, transposed=True, channels=(2, 2), kernel=[3, 2, 2], stride=2, padding=[1, 0, 0], groups=2, about="depthwise")
    yield conv(3, grid(2, 2, 2, 2), transposed=True, channels=(2, 1), kernel=2, stride=[1, 2, 1], about="unbatched")
    yield conv(3, x, transposed=True, channels=(2, 1), kernel=3, stride=2, padding=1, call={"output_size": [4, 5, 4]}, about="output size asked for")
