namespace PyAsync.Objects;

/// <summary>A Python type whose slots are C# methods.</summary>
/// <param name="Type">The type. A strong reference, which the list owns until the entry is taken.</param>
/// <param name="Methods">The methods and special methods that are C# code.</param>
/// <param name="Properties">The properties that are C# code.</param>
internal readonly record struct ManagedType(nint Type, string[] Methods, string[] Properties);

/// <summary>
/// Lists the types whose slots are C# methods: each registers itself when it is created. The fork guard, in an upper layer, keeps that code from running
/// in forked children. The GIL guards the list.
/// </summary>
internal sealed class ManagedTypes
{
    private readonly List<ManagedType> _created = [];

    public static ManagedTypes Current => InterpreterState.Current.Attachment<ManagedTypes>();

    private Action<ManagedType>? _onCreated;

    public void Add(BorrowedReference type, string[] methods, string[] properties)
    {
        var created = new ManagedType(NewReference.From(type).Take(), methods, properties);
        if (_onCreated is { } handle)
        {
            handle(created);
        }
        else
        {
            _created.Add(created);
        }
    }

    /// <summary>Passes every type to a handler: those that exist now, and others when they are created. The handler owns the references.</summary>
    public void ForEach(Action<ManagedType> handle)
    {
        _onCreated = handle;
        foreach (ManagedType type in _created)
        {
            handle(type);
        }

        _created.Clear();
    }
}
