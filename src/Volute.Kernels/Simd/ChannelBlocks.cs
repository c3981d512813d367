namespace Volute.Kernels;

/// <summary>Channels cut into blocks of whole registers; what does not fill a register belongs to the last block.</summary>
internal readonly struct ChannelBlocks
{
    private readonly int _channels, _size;

    /// <summary>Cuts into at most <paramref name="blocks"/> blocks, each of at least one whole register if the channels fill one.</summary>
    public ChannelBlocks(int channels, int lanes, int blocks)
    {
        int registers = Math.Max(1, channels / lanes), perBlock = (registers + blocks - 1) / blocks;
        Count = (registers + perBlock - 1) / perBlock;
        _channels = channels;
        _size = perBlock * lanes;
        Largest = Count == 1 ? channels : Math.Max(_size, channels - (Count - 1) * _size);
    }

    /// <summary>How many blocks.</summary>
    public int Count { get; }

    /// <summary>Channels of the largest block.</summary>
    public int Largest { get; }

    /// <summary>The first channel of a block and how many it has.</summary>
    public (int First, int Channels) this[int block] => (block * _size, block == Count - 1 ? _channels - block * _size : _size);
}
