using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Volute.Kernels;

namespace Volute;

/// <summary>
/// The memory of one evaluated tensor, in the house's dense layout: an array of the garbage collector's, which therefore knows its size and frees it.
/// Large ones never move and begin at a multiple of 64 bytes; small ones are pinned while a plan runs.
/// </summary>
internal sealed unsafe class Storage
{
    private const int Alignment = 64, PinnedFrom = 16 * 1024;

    private readonly Array _array;
    private readonly int _offset;
    private readonly void* _address;
    private ConditionalWeakTable<Preparation, Form>? _forms;
    private Action<Storage>? _first;
    private volatile bool _begins;

    public Storage(ElementType type, long elements, bool pinned = false)
    {
        Type = type;
        Elements = elements;
        _array = type switch
        {
            ElementType.Float32 => Allocate<float>(elements, ref pinned),
            ElementType.Float64 => Allocate<double>(elements, ref pinned),
            _ => Allocate<int>(elements, ref pinned),
        };
        if (pinned)
        {
            nint start = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_array));
            _offset = (int)((Alignment - start % Alignment) % Alignment) / type.Bytes();
            _address = (void*)(start + (nint)_offset * type.Bytes());
            AlignedMemory.AskForLargePages(_address, Bytes);
        }
    }

    public ElementType Type { get; }

    public long Elements { get; }

    /// <inheritdoc cref="Node.Place"/>
    public ProgramPlace Place;

    /// <summary>How a recorded step renews it; null for what stays.</summary>
    public Renewal? Renewal { get; init; }

    public long Bytes => Elements * Type.Bytes();

    /// <summary>How often its contents changed: a parameter's do.</summary>
    public int Version { get; private set; }

    /// <summary>To be called after its contents have changed.</summary>
    public void Changed() => Version++;

    /// <summary>First contents, to be written when somebody asks for them; those of a weight that is loaded from a file nobody ever does.</summary>
    public void Begin(Action<Storage> first)
    {
        lock (_array)
            (_first, _begins) = (first, true);
    }

    /// <summary>To be called before all contents are written over.</summary>
    public void Replace()
    {
        lock (_array)
            (_first, _begins) = (null, false);
        Changed();
    }

    /// <summary>Writes the first contents if they are still awaited. Who writes them comes by here again, and passes.</summary>
    private void Settle()
    {
        if (!_begins)
            return;
        lock (_array)
        {
            if (_first is not { } first)
                return;
            _first = null;
            first(this);
            _begins = false;
        }
    }

    /// <summary>
    /// The form that <paramref name="preparation"/> gives these contents, from the second time on that it is asked for while they stay the same; null
    /// before that, since what is used once is not worth keeping. It goes with this memory, or with the plan that asked.
    /// </summary>
    public Storage? Prepared(Preparation preparation, void* address)
    {
        if (_forms is null)
            Interlocked.CompareExchange(ref _forms, [], null);
        Form form = _forms.GetOrCreateValue(preparation);
        lock (form)
        {
            if (form.Version != Version)
            {
                (form.Version, form.Prepared) = (Version, null);
                return null;
            }
            if (form.Prepared is null)
            {
                Storage prepared = new(ElementType.Float32, (preparation.Bytes - 1) / sizeof(float) + 1, pinned: true);
                preparation.Run(address, prepared._address);
                form.Prepared = prepared;
            }
            return form.Prepared;
        }
    }

    /// <summary>Prepared contents of a version; −1 is none.</summary>
    private sealed class Form
    {
        public int Version = -1;
        public Storage? Prepared;
    }

    public Span<T> AsSpan<T>() where T : unmanaged
    {
        Settle();
        return ((T[])_array).AsSpan(_offset, (int)Elements);
    }

    /// <summary>Writes these contents over those of another memory of the same type and length.</summary>
    public void CopyTo(Storage other)
    {
        other.Replace();
        if (Type == ElementType.Float32)
            AsSpan<float>().CopyTo(other.AsSpan<float>());
        else if (Type == ElementType.Float64)
            AsSpan<double>().CopyTo(other.AsSpan<double>());
        else
            AsSpan<int>().CopyTo(other.AsSpan<int>());
    }

    /// <summary>The address of the first element, for as long as <paramref name="pin"/> is not freed.</summary>
    public void* Pin(out GCHandle pin)
    {
        Settle();
        pin = default;
        if (_address != null)
            return _address;
        pin = GCHandle.Alloc(_array, GCHandleType.Pinned);
        return (void*)pin.AddrOfPinnedObject();
    }

    private static T[] Allocate<T>(long elements, ref bool pinned) where T : unmanaged
    {
        pinned |= elements * sizeof(T) >= PinnedFrom;
        long length = pinned ? elements + Alignment / sizeof(T) : elements;
        if (length > Array.MaxLength)
            throw new LimitException("a tensor", elements.ToString(), (Array.MaxLength - Alignment).ToString(), "elements");
        try
        {
            return GC.AllocateUninitializedArray<T>((int)length, pinned);
        }
        catch (OutOfMemoryException)
        {
            throw new LimitException("a tensor", $"{elements * sizeof(T):N0}", "what is free", "bytes of memory");
        }
    }
}
