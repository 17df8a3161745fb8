using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PyAsync.Objects;

/// <summary>A field of a Python object's memory, which keeps a .NET object alive. The GIL guards it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ManagedField
{
    // A GCHandle. CPython's allocation has set it to 0.
    private nint _handle;

    /// <summary>True if it has no object.</summary>
    public readonly bool IsEmpty => _handle == 0;

    /// <summary>Gets the object of a field that is not empty.</summary>
    public readonly object Target => GCHandle.FromIntPtr(_handle).Target!;

    /// <summary>Gets the object of a field that is not empty.</summary>
    /// <typeparam name="T">The type of the object that was set: it is not checked.</typeparam>
    public readonly T Get<T>()
        where T : class => Unsafe.As<T>(Target);

    /// <summary>Sets the object of an empty field.</summary>
    public void Set(object target) => _handle = GCHandle.ToIntPtr(GCHandle.Alloc(target));

    /// <summary>Drops the object, if there is one. The field is empty afterwards.</summary>
    public void Clear()
    {
        if (_handle != 0)
        {
            var handle = GCHandle.FromIntPtr(_handle);
            _handle = 0;
            handle.Free();
        }
    }
}
