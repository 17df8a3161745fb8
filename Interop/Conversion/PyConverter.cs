namespace PyAsync.Interop;

/// <summary>Converts one .NET type to Python and back. See <see cref="PyConverter{T}"/>.</summary>
public abstract class PyConverter
{
    private protected PyConverter()
    {
    }

    /// <summary>Gets the .NET type.</summary>
    public abstract Type Type { get; }

    /// <summary>Converts a boxed value. Never NULL: a failure throws. Needs the GIL.</summary>
    internal abstract NewReference ToReferenceBoxed(object? value);
}
