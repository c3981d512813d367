using Volute.Kernels;

namespace Volute.Tests.Kernels.Simd;

public unsafe class AlignedMemoryTests
{
    [Theory]
    [InlineData(0, 64)]
    [InlineData(1, 64)]
    [InlineData(100_000, 64)]
    [InlineData((2 << 20) - 1, 64)]
    [InlineData(2 << 20, 2 << 20)]
    [InlineData((5 << 20) + 3, 2 << 20)]
    public void Small_memory_begins_at_a_line_and_large_memory_at_a_large_page(int bytes, int alignment)
    {
        void* memory = AlignedMemory.Allocate(bytes);
        try
        {
            Assert.Equal(0, (nint)memory % alignment);
            new Span<byte>(memory, bytes).Fill(7);
            Assert.True(new Span<byte>(memory, bytes).IndexOfAnyExcept((byte)7) < 0);
        }
        finally
        {
            AlignedMemory.Free(memory);
        }
    }

    [Fact]
    public void To_ask_for_large_pages_changes_no_contents_and_touches_no_neighbours()
    {
        byte[] array = GC.AllocateUninitializedArray<byte>(9 << 20, pinned: true);
        for (int i = 0; i < array.Length; i++)
            array[i] = (byte)(i % 251);
        fixed (byte* memory = array)
            AlignedMemory.AskForLargePages(memory + 12_345, 7 << 20);
        for (int i = 0; i < array.Length; i++)
            Assert.True(array[i] == (byte)(i % 251), $"byte {i} changed");
    }

    [Fact]
    public void To_give_back_nothing_is_allowed() => AlignedMemory.Free(null);
}
