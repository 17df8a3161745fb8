using System.Runtime.CompilerServices;

namespace PyAsync.Interop;

/// <summary>The Python instance that stands for each C# object, while it lives. The GIL guards it.</summary>
internal sealed class ClassInstances
{
    private readonly ConditionalWeakTable<object, Entry> _instances = [];

    public static ClassInstances Current => PythonInterpreter.Current.Attachment<ClassInstances>();

    public void Add(object target, BorrowedReference instance) => _instances.AddOrUpdate(target, new Entry(instance.Pointer));

    /// <summary>A new reference to the instance, or NULL if there is none.</summary>
    public NewReference Find(object target) =>
        _instances.TryGetValue(target, out Entry? entry) ? NewReference.From(new BorrowedReference(entry.Instance)) : default;

    /// <summary>The instance is being freed, or is to stand for another object.</summary>
    public void Remove(object target, nint instance)
    {
        if (_instances.TryGetValue(target, out Entry? entry) && entry.Instance == instance)
        {
            _instances.Remove(target);
        }
    }

    // Not a reference: the instance takes its entry away when it is freed.
    private sealed record Entry(nint Instance);
}
