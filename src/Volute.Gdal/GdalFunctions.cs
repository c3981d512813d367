using System.Runtime.InteropServices;

namespace Volute.Gdal;

/// <summary>The functions of GDAL's C interface (gdal.h, cpl_error.h) that are called here, under their own names.</summary>
internal static unsafe partial class GdalFunctions
{
    /// <summary>What <see cref="GdalLibrary.Resolve"/> puts the library found in the place of.</summary>
    public const string Library = "gdal";

    [LibraryImport(Library)]
    public static partial void GDALAllRegister();

    [LibraryImport(Library)]
    public static partial void GDALSetCacheMax64(long bytes);

    [LibraryImport(Library)]
    public static partial long GDALGetCacheMax64();

    [LibraryImport(Library)]
    public static partial void CPLPushErrorHandler(delegate* unmanaged[Stdcall]<int, int, byte*, void> handler);

    [LibraryImport(Library)]
    public static partial void CPLPopErrorHandler();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint GDALOpenEx(string path, uint flags, nint drivers, nint options, nint siblings);

    [LibraryImport(Library)]
    public static partial void GDALClose(nint dataset);

    [LibraryImport(Library)]
    public static partial void GDALFlushCache(nint dataset);

    [LibraryImport(Library)]
    public static partial int GDALGetRasterXSize(GdalDataset dataset);

    [LibraryImport(Library)]
    public static partial int GDALGetRasterYSize(GdalDataset dataset);

    [LibraryImport(Library)]
    public static partial int GDALGetRasterCount(GdalDataset dataset);

    [LibraryImport(Library)]
    public static partial nint GDALGetRasterBand(GdalDataset dataset, int band);

    [LibraryImport(Library)]
    public static partial int GDALGetRasterDataType(nint band);

    [LibraryImport(Library)]
    public static partial void GDALGetBlockSize(nint band, out int width, out int height);

    [LibraryImport(Library)]
    public static partial double GDALGetRasterNoDataValue(nint band, out int isThere);

    [LibraryImport(Library)]
    public static partial int GDALSetRasterNoDataValue(nint band, double value);

    [LibraryImport(Library)]
    public static partial int GDALGetRasterColorInterpretation(nint band);

    [LibraryImport(Library)]
    public static partial int GDALSetRasterColorInterpretation(nint band, int color);

    [LibraryImport(Library)]
    public static partial nint GDALGetRasterColorTable(nint band);

    [LibraryImport(Library)]
    public static partial int GDALSetRasterColorTable(nint band, nint table);

    [LibraryImport(Library)]
    public static partial nint GDALCreateColorTable(int kind);

    [LibraryImport(Library)]
    public static partial void GDALDestroyColorTable(nint table);

    [LibraryImport(Library)]
    public static partial int GDALGetColorEntryCount(nint table);

    [LibraryImport(Library)]
    public static partial int GDALGetColorEntryAsRGB(nint table, int index, out ColorEntry color);

    [LibraryImport(Library)]
    public static partial void GDALSetColorEntry(nint table, int index, in ColorEntry color);

    [LibraryImport(Library)]
    public static partial nint GDALGetMaskBand(nint band);

    [LibraryImport(Library)]
    public static partial int GDALGetMaskFlags(nint band);

    [LibraryImport(Library)]
    public static partial int GDALGetGeoTransform(GdalDataset dataset, double* transform);

    [LibraryImport(Library)]
    public static partial int GDALSetGeoTransform(GdalDataset dataset, double* transform);

    [LibraryImport(Library)]
    public static partial nint GDALGetProjectionRef(GdalDataset dataset);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int GDALSetProjection(GdalDataset dataset, string text);

    [LibraryImport(Library)]
    public static partial int GDALGetGCPCount(GdalDataset dataset);

    [LibraryImport(Library)]
    public static partial nint GDALGetGCPProjection(GdalDataset dataset);

    [LibraryImport(Library)]
    public static partial ControlPoint* GDALGetGCPs(GdalDataset dataset);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int GDALSetGCPs(GdalDataset dataset, int count, ControlPoint* points, string text);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint GDALGetMetadata(GdalDataset dataset, string? domain);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint GDALGetMetadataItem(nint band, string name, string? domain);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint GDALGetMetadataItem(GdalDataset dataset, string name, string? domain);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int GDALSetMetadataItem(GdalDataset dataset, string name, string value, string? domain);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint GDALGetDriverByName(string name);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint GDALCreate(nint driver, string path, int width, int height, int bands, int type, nint options);

    [LibraryImport(Library)]
    public static partial int GDALRasterIO(nint band, int write, int x, int y, int width, int height, void* buffer, int bufferWidth, int bufferHeight,
        int type, int pixelSpace, int lineSpace);

    [LibraryImport(Library)]
    public static partial int GDALDatasetRasterIOEx(GdalDataset dataset, int write, int x, int y, int width, int height, void* buffer, int bufferWidth,
        int bufferHeight, int type, int bands, int* bandMap, long pixelSpace, long lineSpace, long bandSpace, nint extra);

    /// <summary>GDALColorEntry.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ColorEntry
    {
        public short Red, Green, Blue, Alpha;
    }

    /// <summary>GDAL_GCP.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ControlPoint
    {
        public nint Id, Info;
        public double Column, Row, X, Y, Z;
    }
}
