using Volute.Formats;
using Volute.Gdal;

namespace Volute.Tests.Gdal;

/// <summary>GDAL where it is installed; tests that need it are skipped elsewhere.</summary>
internal static class InstalledGdal
{
    public static IRasterDriver Driver
    {
        get
        {
            Assert.SkipUnless(GdalRasters.IsInstalled, "GDAL is not installed here (Debian: apt-get install libgdal32)");
            GdalRasters.Register();
            return GdalRasters.Driver;
        }
    }

    /// <summary>Writes a whole raster at once.</summary>
    public static void Write<T>(string path, RasterLayout layout, T[] values) where T : unmanaged
    {
        using IRasterWriter writer = Driver.Create(path, layout);
        writer.WriteWindow<T>(new(0, 0, layout.Width, layout.Height), [.. Enumerable.Range(0, layout.Bands.Count)], values);
        writer.Commit();
    }

    /// <summary>Every band of a whole raster, one after the other.</summary>
    public static T[] ReadAll<T>(this IRaster raster) where T : unmanaged
    {
        RasterLayout layout = raster.Layout;
        T[] values = new T[layout.Width * layout.Height * layout.Bands.Count];
        raster.ReadWindow<T>(new(0, 0, layout.Width, layout.Height), [.. Enumerable.Range(0, layout.Bands.Count)], values);
        return values;
    }
}
