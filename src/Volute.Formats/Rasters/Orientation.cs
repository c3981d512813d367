namespace Volute.Formats;

/// <summary>What the first row and the first column of a stored photograph are when it is shown, by the numbers of EXIF 2.32, 4.6.4.</summary>
public enum Orientation
{
    /// <summary>The first row is the top, the first column the left side: nothing is to be done.</summary>
    TopLeft = 1,

    /// <summary>Mirrored from left to right.</summary>
    TopRight = 2,

    /// <summary>Upside down.</summary>
    BottomRight = 3,

    /// <summary>Mirrored from top to bottom.</summary>
    BottomLeft = 4,

    /// <summary>The first row is the left side, the first column the top.</summary>
    LeftTop = 5,

    /// <summary>The first row is the right side, the first column the top.</summary>
    RightTop = 6,

    /// <summary>The first row is the right side, the first column the bottom.</summary>
    RightBottom = 7,

    /// <summary>The first row is the left side, the first column the bottom.</summary>
    LeftBottom = 8,
}

/// <summary>Photographs as they are shown.</summary>
public static class Orientations
{
    /// <summary>Whether rows become columns.</summary>
    public static bool SwapsSides(this Orientation orientation) => orientation >= Orientation.LeftTop;

    /// <summary>Turns planes as they are to be shown.</summary>
    /// <param name="orientation">How they are stored.</param>
    /// <param name="stored">[planes, height, width].</param>
    /// <param name="height">Stored rows.</param>
    /// <param name="width">Stored pixels of a row.</param>
    /// <returns>[planes, height, width], or [planes, width, height] where rows become columns.</returns>
    public static float[] Turn(this Orientation orientation, float[] stored, int height, int width)
    {
        ArgumentNullException.ThrowIfNull(stored);
        if (orientation == Orientation.TopLeft)
            return stored;
        bool swaps = orientation.SwapsSides();
        bool fromBottom = orientation is Orientation.BottomRight or Orientation.BottomLeft or Orientation.RightTop or Orientation.RightBottom;
        bool fromRight = orientation is Orientation.TopRight or Orientation.BottomRight or Orientation.RightBottom or Orientation.LeftBottom;
        int rows = swaps ? width : height, columns = swaps ? height : width, plane = rows * columns;
        float[] shown = new float[stored.Length];
        for (int i = 0; i < shown.Length; i++)
        {
            int row = i % plane / columns, column = i % columns;
            (int down, int across) = swaps ? (column, row) : (row, column);
            shown[i] = stored[i / plane * plane + (fromBottom ? height - 1 - down : down) * width + (fromRight ? width - 1 - across : across)];
        }
        return shown;
    }
}
