using System.Buffers;
using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>A reduction with its pointers, waiting for lanes.</summary>
internal readonly unsafe struct ReduceLoop<TReduction>(ReduceKernel kernel, TReduction reduction, void* y, void* x, void* first) : ILaneKernel
    where TReduction : unmanaged, IReduction
{
    public void Run<L, T>() where L : struct, ILanes<L, T> where T : unmanaged
    {
        if (kernel.Blocks <= 1)
        {
            Chunk<L, T> chunk = new(kernel, reduction, (T*)y, (T*)x, (T*)first, null);
            Team.Run(kernel.Chunks, ref chunk);
            return;
        }
        int room = WideRow<TReduction>.Room((int)kernel.Kept.Elements);
        double[] partials = ArrayPool<double>.Shared.Rent(checked(kernel.Chunks * room));
        fixed (double* p = partials)
        {
            Chunk<L, T> chunk = new(kernel, reduction, (T*)y, (T*)x, (T*)first, p);
            Team.Run(kernel.Chunks, ref chunk);
            for (int tile = 0; tile < kernel.Kept.Count; tile++)
                chunk.JoinBlocks(tile);
        }
        ArrayPool<double>.Shared.Return(partials);
    }

    private readonly struct Chunk<L, T>(ReduceKernel kernel, TReduction reduction, T* y, T* x, T* first, double* partials) : IChunks
        where L : struct, ILanes<L, T> where T : unmanaged
    {
        /// <summary>From one row to the next: room for whole registers, and not a multiple of four kilobytes.</summary>
        private const int Stride = ReduceKernel.MaxWidth + 32;

        /// <summary>A float64 row at least this long is filled by independent additions.</summary>
        private const int WideLength = 16;

        [SkipLocalsInit]
        public void Run(int chunk)
        {
            T* room = stackalloc T[4 * Stride], rows = stackalloc T[kernel.IsGathered ? 2 * RowBatch<TReduction, L, T>.Rows * Stride : 0];
            T** pointers = stackalloc T*[2 * RowBatch<TReduction, L, T>.Rows];
            double* wide = stackalloc double[WideRow<TReduction>.Room(Stride) + 2 * Stride], widened = wide + WideRow<TReduction>.Room(Stride);
            WideRow<TReduction> sums = new(reduction, wide, Stride);
            RowBatch<TReduction, L, T> full = new(reduction, pointers, room, Stride, widened, &sums);
            RowBatch<TReduction, L, T> part = new(reduction, pointers + RowBatch<TReduction, L, T>.Rows, room + 2 * Stride, Stride, widened, &sums);

            int blocks = kernel.Blocks, block = chunk % blocks;
            long begin = (long)(chunk / blocks) * kernel.TilesPerChunk, end = Math.Min(begin + kernel.TilesPerChunk, kernel.Kept.Count);
            long firstRow = block * kernel.RowsPerBlock, lastRow = Math.Min(firstRow + kernel.RowsPerBlock, kernel.Reduced.Count);
            TileCursor at = new(kernel.Kept, begin), start = new(kernel.Reduced, firstRow);
            for (long tile = begin; tile < end; tile++, at.Next())
            {
                int kept = (int)(kernel.Kept.Inner * at.Length);
                // Several reduced positions lie abreast in a row: as many as make WideLength results keep apart until the end.
                sums.Clear(kernel.IsLine ? 1 : kept * (int)Math.Clamp(WideLength / kept, 1, kernel.Reduced.Elements));
                TileCursor row = start;
                for (long i = firstRow; i < lastRow; i++, row.Next())
                {
                    bool isFull = row.Length == kernel.Reduced.Piece;
                    ref RowBatch<TReduction, L, T> batch = ref isFull ? ref full : ref part;
                    T* source = x + at.Position(0) + row.Position(0);
                    if (kernel.IsGathered)
                    {
                        T* gathered = rows + ((isFull ? 0 : RowBatch<TReduction, L, T>.Rows) + batch.Waiting) * Stride;
                        Gather(gathered, source, at.Length, row.Length);
                        source = gathered;
                    }
                    long width = kept * kernel.Reduced.Inner * row.Length;
                    if (kernel.IsLine)
                        Line.Reduce<TReduction, L, T>(reduction, source, width, sums);
                    else
                        batch.Add(source, width);
                }
                full.JoinWaiting();
                if (partials == null && full.Added > 0 && full.HoldsAll && part.Added == 0 && kernel.Reduced.Elements == 1)
                {
                    // Few rows, each as long as the results: these need no wider sums.
                    T* results = room + 2 * Stride;
                    full.FinishHere(results, out T* firsts);
                    Scatter(y, results, at);
                    if (first != null)
                        Scatter(first, firsts, at);
                    continue;
                }
                full.Finish();
                part.Finish();
                sums.Fold(kept);
                if (partials == null)
                    Put(sums, at, room);
                else
                    sums.CopyTo(partials + (long)chunk * WideRow<TReduction>.Room((int)kernel.Kept.Elements), (int)kernel.Kept.Elements, kept);
            }
        }

        /// <summary>Joins the partial results of a tile's blocks, in their order.</summary>
        [SkipLocalsInit]
        public void JoinBlocks(int tile)
        {
            T* room = stackalloc T[Stride];
            double* wide = stackalloc double[WideRow<TReduction>.Room(Stride)];
            WideRow<TReduction> sums = new(reduction, wide, Stride);
            TileCursor at = new(kernel.Kept, tile);
            int kept = (int)(kernel.Kept.Inner * at.Length), stride = (int)kernel.Kept.Elements;
            sums.Clear(kept);
            for (int block = 0; block < kernel.Blocks; block++)
            {
                double* partial = partials + ((long)tile * kernel.Blocks + block) * WideRow<TReduction>.Room(stride);
                sums.Add(partial, partial + stride, kept, partial[2 * stride]);
            }
            Put(sums, at, room);
        }

        private void Put(in WideRow<TReduction> sums, in TileCursor at, T* room)
        {
            int count = (int)(kernel.Kept.Inner * at.Length);
            sums.Finish(count);
            Elements.Narrow<L, T>(room, sums.Counts, count);
            Scatter(y, room, at);
            if (first == null)
                return;
            Elements.Narrow<L, T>(room, sums.First, count);
            Scatter(first, room, at);
        }

        private void Scatter(T* to, T* room, in TileCursor at)
        {
            LoopNest nest = kernel.Kept.Nest;
            StridedCopy.Scatter(to + at.Position(1), room, nest.Strides(1), nest.Sizes, kernel.Kept.Axis, at.Length);
        }

        private void Gather(T* row, T* source, long keptLength, long reducedLength)
        {
            Span<long> sizes = stackalloc long[2 * Layout.MaxRank], strides = stackalloc long[2 * Layout.MaxRank];
            int axes = 0;
            foreach (Tiling tiling in (ReadOnlySpan<Tiling>)[kernel.Kept, kernel.Reduced])
            {
                for (int axis = 0; axis <= tiling.Axis; axis++, axes++)
                    (sizes[axes], strides[axes]) = (tiling.Nest.Sizes[axis], tiling.Nest.Strides(0)[axis]);
                sizes[axes - 1] = tiling == kernel.Kept ? keptLength : reducedLength;
            }
            StridedCopy.Gather(row, source, strides, sizes, axes - 1, reducedLength);
        }
    }
}
