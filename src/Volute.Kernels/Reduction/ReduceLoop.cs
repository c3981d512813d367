using System.Buffers;
using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>A reduction with its pointers, waiting for lanes.</summary>
internal readonly unsafe struct ReduceLoop<TReduction>(ReduceKernel kernel, TReduction reduction, void** y, void** operands, void* first) : ILaneKernel
    where TReduction : unmanaged, IReduction
{
    public void Run<L, T>() where L : struct, ILanes<L, T> where T : unmanaged
    {
        if (kernel.Blocks <= 1)
        {
            Chunk<L, T> chunk = new(kernel, reduction, (T**)y, (T**)operands, (T*)first, null);
            Team.Run(kernel.Chunks, ref chunk);
            return;
        }
        int results = kernel.Chain.Results.Count, room = WideRow<TReduction>.Room((int)kernel.Kept.Elements);
        double[] partials = ArrayPool<double>.Shared.Rent(checked(kernel.Chunks * results * room));
        fixed (double* p = partials)
        {
            Chunk<L, T> chunk = new(kernel, reduction, (T**)y, (T**)operands, (T*)first, p);
            Team.Run(kernel.Chunks, ref chunk);
            for (int tile = 0; tile < kernel.Kept.Count; tile++)
            {
                for (int result = 0; result < results; result++)
                    chunk.JoinBlocks(tile, result);
            }
        }
        ArrayPool<double>.Shared.Return(partials);
    }

    private readonly struct Chunk<L, T>(ReduceKernel kernel, TReduction reduction, T** y, T** operands, T* first, double* partials) : IChunks
        where L : struct, ILanes<L, T> where T : unmanaged
    {
        /// <summary>From one row to the next: room for whole registers, and not a multiple of four kilobytes.</summary>
        private const int Stride = ReduceKernel.MaxWidth + 32;

        /// <summary>A float64 row at least this long is filled by independent additions.</summary>
        private const int WideLength = 16;

        private readonly Chain _chain = kernel.Chain;

        [SkipLocalsInit]
        public void Run(int chunk)
        {
            int results = _chain.Results.Count, batches = 2 * results;
            bool isMade = _chain.Links > 0 || kernel.IsGathered.Contains(true);
            int slot = kernel.IsLine ? ReduceKernel.LongestLine : Stride;
            T* room = stackalloc T[batches * 2 * Stride];
            T* rows = stackalloc T[isMade ? batches * RowBatch<TReduction, L, T>.Rows * Stride : 0];
            T* slots = stackalloc T[isMade ? (_chain.Operands + _chain.Slots) * slot : 0];
            T** values = stackalloc T*[_chain.Values], gathered = stackalloc T*[_chain.Operands];
            RowSource source = new() { Rows = rows, Slots = slots, SlotStride = slot, Values = values, Gathered = gathered };
            int wideRoom = WideRow<TReduction>.Room(Stride);
            double* wide = stackalloc double[results * wideRoom + 2 * Stride], widened = wide + results * wideRoom;
            T** pointers = stackalloc T*[batches * RowBatch<TReduction, L, T>.Rows];
            WideRow<TReduction>* sums = stackalloc WideRow<TReduction>[results];
            // Of each result, rows of full length and the shorter one at the end of an axis.
            RowBatch<TReduction, L, T>* batch = stackalloc RowBatch<TReduction, L, T>[batches];
            for (int i = 0; i < batches; i++)
            {
                if (i < results)
                    sums[i] = new(reduction, wide + i * wideRoom, Stride);
                batch[i] = new(reduction, pointers + i * RowBatch<TReduction, L, T>.Rows, room + 2 * i * Stride, Stride, widened, sums + i % results);
            }

            int blocks = kernel.Blocks, block = chunk % blocks;
            long begin = (long)(chunk / blocks) * kernel.TilesPerChunk, end = Math.Min(begin + kernel.TilesPerChunk, kernel.Kept.Count);
            long firstRow = block * kernel.RowsPerBlock, lastRow = Math.Min(firstRow + kernel.RowsPerBlock, kernel.Reduced.Count);
            TileCursor at = new(kernel.Kept, begin), start = new(kernel.Reduced, firstRow);
            for (long tile = begin; tile < end; tile++, at.Next())
            {
                int kept = (int)(kernel.Kept.Inner * at.Length);
                // Several reduced positions lie abreast in a row: as many as make WideLength results keep apart until the end.
                for (int result = 0; result < results; result++)
                    sums[result].Clear(kernel.IsLine ? 1 : kept * (int)Math.Clamp(WideLength / kept, 1, kernel.Reduced.Elements));
                for (int i = 0; i < _chain.Operands; i++)
                    gathered[i] = null;
                TileCursor row = start;
                for (long i = firstRow; i < lastRow; i++, row.Next())
                {
                    int full = row.Length == kernel.Reduced.Piece ? 0 : results;
                    long width = kept * kernel.Reduced.Inner * row.Length;
                    Make(ref source, at, row, width, full, batch[full].Waiting);
                    for (int result = 0; result < results; result++)
                    {
                        T* elements = values[_chain.Results[result]];
                        if (kernel.IsLine)
                            Line.Reduce<TReduction, L, T>(reduction, elements, width, sums[result]);
                        else
                            batch[full + result].Add(elements, width);
                    }
                }
                for (int result = 0; result < results; result++)
                    Finish(chunk, result, at, kept, ref batch[result], ref batch[results + result], sums[result], room + 2 * (results + result) * Stride);
            }
        }

        /// <summary>What the making of rows needs: room for those that wait to be joined, for what lies between, and where each value of the chain lies.</summary>
        private ref struct RowSource
        {
            public T* Rows, Slots;
            public T** Values, Gathered;
            public int SlotStride;
            public long Length;
        }

        /// <summary>Finds, gathers or computes a row of each result.</summary>
        private void Make(ref RowSource source, in TileCursor at, in TileCursor row, long width, int firstBatch, int waiting)
        {
            bool isOther = source.Length != row.Length;
            source.Length = row.Length;
            for (int value = 0; value < _chain.Values; value++)
            {
                int result = kernel.ResultOf[value];
                T* slot = result < 0 ? source.Slots + (value < _chain.Operands ? value : _chain.Operands + _chain.Slot(value - _chain.Operands)) * source.SlotStride
                    : source.Rows + ((firstBatch + result) * RowBatch<TReduction, L, T>.Rows + waiting) * Stride;
                source.Values[value] = slot;
                if (value >= _chain.Operands)
                    continue;
                RowGather? own = kernel.Gathers[value];
                T* x = operands[value];
                if (own is null)
                    x += at.Position(ReduceKernel.FirstOperand + value) + row.Position(ReduceKernel.FirstOperand + value);
                if (!kernel.IsGathered[value])
                    source.Values[value] = x;
                // A row gathered from the same place is still there, unless it lies with those that wait.
                else if (result >= 0 || isOther || source.Gathered[value] != x || own?.Repeats == false)
                {
                    if (own is null)
                        Gather(slot, x, value, at.Length, row.Length);
                    else
                        own.Gather(slot, x, at.Begin, kernel.Kept.Inner * at.Length, row.Begin, kernel.Reduced.Inner * row.Length);
                    source.Gathered[value] = x;
                }
            }
            if (_chain.Links > 0)
                _chain.Run((void**)source.Values, width);
        }

        private void Finish(
            int chunk, int result, in TileCursor at, int kept, ref RowBatch<TReduction, L, T> full, ref RowBatch<TReduction, L, T> part, in WideRow<TReduction> sums,
            T* room)
        {
            full.JoinWaiting();
            if (partials == null && full.Added > 0 && full.HoldsAll && part.Added == 0 && kernel.Reduced.Elements == 1)
            {
                // Few rows, each as long as the results: these need no wider sums.
                full.FinishHere(room, out T* firsts);
                Scatter(y[result], room, at);
                if (first != null && result == 0)
                    Scatter(first, firsts, at);
                return;
            }
            full.Finish();
            part.Finish();
            sums.Fold(kept);
            if (partials == null)
                Put(result, sums, at, room);
            else
                sums.CopyTo(Partial(chunk, result), (int)kernel.Kept.Elements, kept);
        }

        private double* Partial(long chunk, int result)
            => partials + (chunk * _chain.Results.Count + result) * WideRow<TReduction>.Room((int)kernel.Kept.Elements);

        /// <summary>Joins the partial results of a tile's blocks, in their order.</summary>
        [SkipLocalsInit]
        public void JoinBlocks(int tile, int result)
        {
            T* room = stackalloc T[Stride];
            double* wide = stackalloc double[WideRow<TReduction>.Room(Stride)];
            WideRow<TReduction> sums = new(reduction, wide, Stride);
            TileCursor at = new(kernel.Kept, tile);
            int kept = (int)(kernel.Kept.Inner * at.Length), stride = (int)kernel.Kept.Elements;
            sums.Clear(kept);
            for (int block = 0; block < kernel.Blocks; block++)
            {
                double* partial = Partial((long)tile * kernel.Blocks + block, result);
                sums.Add(partial, partial + stride, kept, partial[2 * stride]);
            }
            Put(result, sums, at, room);
        }

        private void Put(int result, in WideRow<TReduction> sums, in TileCursor at, T* room)
        {
            int count = (int)(kernel.Kept.Inner * at.Length);
            sums.Finish(count);
            Elements.Narrow<L, T>(room, sums.Counts, count);
            Scatter(y[result], room, at);
            if (first == null || result > 0)
                return;
            Elements.Narrow<L, T>(room, sums.First, count);
            Scatter(first, room, at);
        }

        private void Scatter(T* to, T* room, in TileCursor at)
        {
            LoopNest nest = kernel.Kept.Nest;
            StridedCopy.Scatter(to + at.Position(1), room, nest.Strides(1), nest.Sizes, kernel.Kept.Axis, at.Length);
        }

        private void Gather(T* row, T* source, int operand, long keptLength, long reducedLength)
        {
            Span<long> sizes = stackalloc long[2 * Layout.MaxRank], strides = stackalloc long[2 * Layout.MaxRank];
            int axes = 0;
            foreach (Tiling tiling in (ReadOnlySpan<Tiling>)[kernel.Kept, kernel.Reduced])
            {
                for (int axis = 0; axis <= tiling.Axis; axis++, axes++)
                    (sizes[axes], strides[axes]) = (tiling.Nest.Sizes[axis], tiling.Nest.Strides(ReduceKernel.FirstOperand + operand)[axis]);
                sizes[axes - 1] = tiling == kernel.Kept ? keptLength : reducedLength;
            }
            StridedCopy.Gather(row, source, strides, sizes, axes - 1, reducedLength);
        }
    }
}
