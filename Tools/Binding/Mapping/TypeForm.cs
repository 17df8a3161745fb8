namespace PyAsync.Tool.Binding.Mapping;

/// <summary>The forms in which a class is written.</summary>
internal enum TypeForm
{
    /// <summary>Not at all: an exception, an enum without members, a value that is awaited.</summary>
    None,
    Interface,
    Record,
    Enum,
    Delegate,
}
