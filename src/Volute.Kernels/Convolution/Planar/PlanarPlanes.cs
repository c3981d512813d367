namespace Volute.Kernels;

/// <summary>Brings the given map of a band into planes, as <see cref="PlanarGrid"/> lays them.</summary>
internal readonly unsafe struct PlanarPlanes<L> where L : struct, ILanes<L, float>
{
    private readonly PlanarGrid _grid;
    private readonly PlanarRows<L> _rows;
    private readonly float* _map, _end;

    public PlanarPlanes(in PlanarGrid grid, float* map, float* table)
    {
        _grid = grid;
        _map = map;
        _end = map + grid.Gather.GivenEnd;
        _rows = new(grid.Width, grid.Gather.GivenChannels, grid.Gather.GivenStrides.Width, grid.WidthStep, grid.ChannelStep, table);
    }

    /// <summary>Writes the table; once for all bands.</summary>
    public void Prepare() => _rows.Prepare();

    /// <summary>Fills the planes for <paramref name="extent"/> sought positions of a group from (d, h, w) on.</summary>
    public void Fill(int group, int image, int d, int h, int w, Extent extent, float* planes)
    {
        ref readonly Gather gather = ref _grid.Gather;
        ref readonly PlanarAxis depth = ref _grid.Depth, height = ref _grid.Height, width = ref _grid.Width;
        float* map = _map + group * gather.GivenChannels;
        long firstD = depth.Origin + (long)d * depth.Stride, firstH = height.Origin + (long)h * height.Stride, firstW = width.Origin + (long)w * width.Stride;
        int slices = depth.Cells(extent.Depth), rows = height.Cells(extent.Height);
        // Rows of the map that continue one another as those of the planes do are one long row.
        bool continues = firstW == 0 && _grid.Pitch == gather.Given.Width && width.Stride == 1 && height.Stride == 1
            && gather.GivenStrides.Height == gather.Given.Width * gather.GivenStrides.Width && firstH >= 0 && firstH + rows <= gather.Given.Height;
        for (int slotD = 0; slotD < depth.Slots; slotD++)
            for (int cellD = 0; cellD < slices; cellD++)
            {
                long z = firstD + (long)cellD * depth.Stride + depth.Residue(slotD);
                bool inside = z >= 0 && z < gather.Given.Depth;
                float* slice = planes + slotD * _grid.DepthStep + cellD * _grid.SliceStep;
                for (int slotH = 0; slotH < height.Slots; slotH++, slice += _grid.HeightStep)
                {
                    for (int cellH = 0; cellH < (continues ? 1 : rows); cellH++)
                    {
                        long y = firstH + (long)cellH * height.Stride + height.Residue(slotH);
                        float* row = inside && y >= 0 && y < gather.Given.Height ? map + gather.GivenStrides.Offset(image, z, y) : null;
                        int cells = continues ? rows * _grid.Pitch : _grid.Pitch;
                        _rows.Fill(row, firstW, continues ? cells : gather.Given.Width, cells, _end, slice + cellH * _grid.Pitch);
                    }
                    ClearBehind(slice + rows * _grid.Pitch);
                }
            }
    }

    /// <summary>The register behind the last row of each plane: the last tile reads it, and what was there need not be a number.</summary>
    private void ClearBehind(float* planes)
    {
        for (int c = 0; c < _grid.Gather.GivenChannels; c++)
            for (int slot = 0; slot < _grid.Width.Slots; slot++)
                L.Store(default, planes + c * _grid.ChannelStep + slot * _grid.WidthStep);
    }
}
