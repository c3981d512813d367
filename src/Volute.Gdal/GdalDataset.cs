using Microsoft.Win32.SafeHandles;

namespace Volute.Gdal;

/// <summary>An open dataset of GDAL.</summary>
internal sealed class GdalDataset : SafeHandleZeroOrMinusOneIsInvalid
{
    public GdalDataset(nint handle) : base(ownsHandle: true) => SetHandle(handle);

    protected override bool ReleaseHandle()
    {
        if (GdalErrors.IsHeard)
        {
            GdalFunctions.GDALClose(handle);
            return true;
        }
        // What fails here was not committed: nobody waits for it, and GDAL would print it.
        using GdalErrors unheard = new();
        GdalFunctions.GDALClose(handle);
        return true;
    }
}
