using Volute.Formats;

namespace Volute.Tests.Formats.Rasters;

public sealed class OrientationTests
{
    // The letter F as it is shown, and as EXIF's table stores it.
    private static readonly string[] s_shown = ["###", "#..", "##.", "#.."];

    [Theory]
    [InlineData(Orientation.TopLeft, "###", "#..", "##.", "#..")]
    [InlineData(Orientation.TopRight, "###", "..#", ".##", "..#")]
    [InlineData(Orientation.BottomRight, "..#", ".##", "..#", "###")]
    [InlineData(Orientation.BottomLeft, "#..", "##.", "#..", "###")]
    [InlineData(Orientation.LeftTop, "####", "#.#.", "#...")]
    [InlineData(Orientation.RightTop, "#...", "#.#.", "####")]
    [InlineData(Orientation.RightBottom, "...#", ".#.#", "####")]
    [InlineData(Orientation.LeftBottom, "####", ".#.#", "...#")]
    public void Each_stored_letter_is_shown_upright_in_every_plane(Orientation orientation, params string[] stored)
    {
        float[] plane = [.. string.Concat(stored).Select(c => c == '#' ? 1f : 0f)];
        float[] expected = [.. string.Concat(s_shown).Select(c => c == '#' ? 1f : 0f)];
        Assert.Equal([.. expected, .. expected.Select(v => 2 * v)], orientation.Turn([.. plane, .. plane.Select(v => 2 * v)], stored.Length, stored[0].Length));
        Assert.Equal(stored.Length == 3, orientation.SwapsSides());
    }
}
