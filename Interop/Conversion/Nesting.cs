using System.Runtime.CompilerServices;

namespace PyAsync.Conversion;

/// <summary>
/// The collections that enclose the current one in the conversion of an <c>object</c>, outermost first. It detects values that contain themselves, or
/// are nested without a bound. A failure is recorded and thrown at the top, with a short stack trace.
/// </summary>
/// <remarks>The list is searched linearly at each level: usually it has one or two entries.</remarks>
/// <typeparam name="T">The identity of a collection.</typeparam>
internal ref struct Nesting<T>
    where T : struct, IEquatable<T>
{
    private T[] _levels;
    private int _depth;

    /// <summary>Gets the failure; null if there is none.</summary>
    public string? Failure { get; private set; }

    public readonly bool HasFailed => Failure is not null;

    /// <summary>Enters a collection; returns false if the collection contains itself, or is too deep: the conversion must end.</summary>
    public bool TryEnter(T collection)
    {
        _levels ??= new T[8];
        Failure ??= Array.IndexOf(_levels, collection, 0, _depth) >= 0 ? Nesting.Cyclic
            : _depth == Nesting.MaxDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack() ? Nesting.TooDeep
            : null;
        if (HasFailed)
        {
            return false;
        }

        if (_depth == _levels.Length)
        {
            Array.Resize(ref _levels, 2 * _depth);
        }

        _levels[_depth++] = collection;
        return true;
    }

    public void Leave() => _depth--;
}

/// <summary>The limit of nesting, and its messages.</summary>
internal static class Nesting
{
    /// <summary>The maximum depth of nested collections: that of Python's <c>json</c> and <c>pickle</c> by default.</summary>
    public const int MaxDepth = 1000;

    public const string Cyclic = "contains itself";

    public const string TooDeep = "is nested too deep: more than 1000 levels, or more than the stack of the thread has room for";

    /// <summary>For converters of specific types, which recurse only as far as their types do, unless a converter of the application calls itself.</summary>
    /// <exception cref="PythonRecursionException">The stack is nearly used up.</exception>
    public static void ThrowIfStackIsLow()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new PythonRecursionException("The value contains itself, or is nested too deep for the stack of the thread.");
        }
    }
}

/// <summary>Compares a .NET object by reference, ignoring its own equality.</summary>
internal readonly struct ObjectIdentity(object target) : IEquatable<ObjectIdentity>
{
    private readonly object _target = target;

    public bool Equals(ObjectIdentity other) => ReferenceEquals(_target, other._target);

    public override bool Equals(object? obj) => obj is ObjectIdentity other && Equals(other);

    public override int GetHashCode() => RuntimeHelpers.GetHashCode(_target);
}
