using Volute.Formats;

namespace Volute.Tests.Formats.NiftiFiles;

public class NiftiSliceTests
{
    /// <summary>A volume [z, y, x] whose value tells the place: 100·z + 10·y + x with x to the right, y to the front, z up.</summary>
    private static NiftiVolume Ras => NiftiVolume.FromSpacing(
        NumberArray.From([.. Enumerable.Range(0, 60).Select(i => (short)(100 * (i / 20) + 10 * (i / 5 % 4) + i % 5))], 3, 4, 5), 1, 2, 3);

    // Black at 0, white at 255: the gray is the value.
    private static readonly IntensityWindow Plain = new(127.5, 255);

    private static int[][] Rows(Picture picture) => [.. Enumerable.Range(0, picture.Height).Select(y => Enumerable.Range(0, picture.Width).Select(x => picture[y, x, 0]).ToArray())];

    [Fact]
    public void Planes_hang_as_radiologists_hang_them_however_the_file_lies()
    {
        foreach (NiftiVolume volume in (NiftiVolume[])[Ras, Ras.Reorient("LPS"), Ras.Reorient("PIR"), Ras.Reorient("SLA")])
        {
            // From the feet: the right (x = 4) at the left, the front (y = 3) up.
            Assert.Equal([[134, 133, 132, 131, 130], [124, 123, 122, 121, 120], [114, 113, 112, 111, 110], [104, 103, 102, 101, 100]], Rows(volume.Slice(SlicePlane.Axial, 1, Plain)));
            // From the front: the right at the left, the head (z = 2) up.
            Assert.Equal([[234, 233, 232, 231, 230], [134, 133, 132, 131, 130], [34, 33, 32, 31, 30]], Rows(volume.Slice(SlicePlane.Coronal, 3, Plain)));
            // From the left: the front at the left, the head up.
            Assert.Equal([[230, 220, 210, 200], [130, 120, 110, 100], [30, 20, 10, 0]], Rows(volume.Slice(SlicePlane.Sagittal, 0, Plain)));
        }
        Assert.Equal(Rows(Ras.Slice(SlicePlane.Axial, 1, Plain)), Rows(Ras.Slice(SlicePlane.Axial, window: Plain)));
        Assert.Equal(Rows(Ras.Slice(SlicePlane.Sagittal, 2, Plain)), Rows(Ras.Slice(SlicePlane.Sagittal, window: Plain)));
    }

    [Fact]
    public void A_window_clips_and_the_default_one_spans_99_percent_of_the_values()
    {
        float[] values = [.. Enumerable.Range(0, 1001).Select(i => i * 387 % 1001 - 300f)];
        NiftiVolume volume = NiftiVolume.FromSpacing(NumberArray.From(values, 1, 1, 1001), 1, 1, 1);
        int[] gray = Rows(volume.Slice(SlicePlane.Axial, window: new(100, 200)))[0];
        int[] spanned = Rows(volume.Slice(SlicePlane.Axial))[0];
        float[] sorted = [.. values.Order()];
        for (int x = 0; x < values.Length; x++)
        {
            float value = values[^(x + 1)];
            Assert.Equal((int)Math.Round(255 * Math.Clamp(value / 200.0, 0, 1)), gray[x]);
            Assert.Equal((int)Math.Round(255 * Math.Clamp((value - sorted[5]) / (double)(sorted[995] - sorted[5]), 0, 1)), spanned[x]);
        }
    }

    [Fact]
    public void Masks_constant_volumes_and_what_is_no_number_are_drawn_too()
    {
        byte[] mask = new byte[1000];
        mask[7] = 3;
        Assert.Equal(255, NiftiVolume.FromSpacing(NumberArray.From(mask, 1, 1, 1000), 1, 1, 1).Slice(SlicePlane.Axial)[0, 992, 0]);
        Assert.Equal([[0, 0]], Rows(NiftiVolume.FromSpacing(NumberArray.From([7, 7], 1, 1, 2), 1, 1, 1).Slice(SlicePlane.Axial)));
        Assert.Equal([[0, 255, 0, 255]], Rows(NiftiVolume.FromSpacing(NumberArray.From([1f, 0, float.PositiveInfinity, float.NaN], 1, 1, 4), 1, 1, 1).Slice(SlicePlane.Axial)));
        Assert.Equal([[0]], Rows(NiftiVolume.FromSpacing(NumberArray.From([float.NaN], 1), 1, 1, 1).Slice(SlicePlane.Axial)));
    }

    [Fact]
    public void Frames_are_drawn_one_at_a_time()
    {
        NiftiVolume frames = NiftiVolume.FromSpacing(NumberArray.From<byte>([0, 10, 20, 30, 40, 50], 3, 1, 1, 2), 1, 1, 1);
        Assert.Equal([[10, 0]], Rows(frames.Slice(SlicePlane.Axial, window: Plain)));
        Assert.Equal([[50, 40]], Rows(frames.Slice(SlicePlane.Axial, window: Plain, frame: 2)));
        Assert.Equal("the volume has frames 0 to 2, got 3", Assert.Throws<InvalidArgumentException>(() => frames.Slice(SlicePlane.Axial, frame: 3)).Message);
    }

    [Fact]
    public void Slices_that_are_not_there_and_windows_without_width_are_refused()
    {
        Assert.Equal("the volume has axial slices 0 to 2, got 3", Assert.Throws<InvalidArgumentException>(() => Ras.Slice(SlicePlane.Axial, 3)).Message);
        Assert.Equal("the volume has sagittal slices 0 to 4, got -1", Assert.Throws<InvalidArgumentException>(() => Ras.Slice(SlicePlane.Sagittal, -1)).Message);
        Assert.Contains("planes are axial, coronal and sagittal", Assert.Throws<InvalidArgumentException>(() => Ras.Slice((SlicePlane)3)).Message);
        foreach (IntensityWindow window in (IntensityWindow[])[new(0, 0), new(0, -1), new(double.NaN, 1), new(0, double.PositiveInfinity)])
            Assert.Contains("a width above 0", Assert.Throws<InvalidArgumentException>(() => Ras.Slice(SlicePlane.Axial, window: window)).Message);
    }
}
