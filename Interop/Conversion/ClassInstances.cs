using System.Runtime.CompilerServices;

namespace PyAsync.Conversion;

/// <summary>Maps C# objects to their Python instances, while those live. The GIL guards it.</summary>
internal sealed class ClassInstances
{
    private readonly ConditionalWeakTable<object, Entry> _instances = [];

    public static ClassInstances Current => InterpreterState.Current.Attachment<ClassInstances>();

    public void Add(object target, BorrowedReference instance) => _instances.AddOrUpdate(target, new Entry(instance.Pointer));

    /// <summary>Returns a new reference to the instance, or NULL if there is none.</summary>
    public NewReference Find(object target) =>
        _instances.TryGetValue(target, out Entry? entry) ? NewReference.From(new BorrowedReference(entry.Instance)) : default;

    /// <summary>Removes an instance that is being freed, or gets another object.</summary>
    public void Remove(object target, nint instance)
    {
        if (_instances.TryGetValue(target, out Entry? entry) && entry.Instance == instance)
        {
            _instances.Remove(target);
        }
    }

    // Not a reference: the instance removes its entry when it is freed.
    private sealed record Entry(nint Instance);
}
