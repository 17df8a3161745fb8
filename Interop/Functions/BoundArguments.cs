using System.ComponentModel;
using PyAsync.Interop;

namespace PyAsync.Modules;

/// <summary>The arguments of one call, each at the place of its parameter. Valid during the call.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly ref struct BoundArguments
{
    private readonly CallSignature _signature;
    private readonly CallbackArguments _call;
    private readonly ReadOnlySpan<nint> _values;

    internal BoundArguments(CallSignature signature, CallbackArguments call, ReadOnlySpan<nint> values)
    {
        _signature = signature;
        _call = call;
        _values = values;
    }

    /// <summary>Gets the object that a method is called on: the first argument.</summary>
    /// <exception cref="PythonTypeErrorException">It is of another type; Python sees a <c>TypeError</c>.</exception>
    public T Self<T>()
        where T : class =>
        ClassType.Target<T>(Borrow(0)) ?? throw NotSelf(typeof(T).Name);

    /// <summary>True if an argument was passed; otherwise its default applies.</summary>
    public bool Has(int index) => _values[index] != 0;

    /// <summary>Gets an argument, converted; <c>None</c> is refused unless the type itself accepts it.</summary>
    /// <exception cref="PythonTypeErrorException">It is of another type; Python sees a <c>TypeError</c>.</exception>
    /// <exception cref="PythonOverflowException">It does not fit; Python sees an <c>OverflowError</c>.</exception>
    public T Get<T>(int index, PyConverter<T> converter)
    {
        T value = GetOrNull(index, converter);
        return value is null ? throw WrongType(index, null) : value;
    }

    /// <summary>Gets an argument, converted; <c>None</c> is null.</summary>
    /// <inheritdoc cref="Get{T}(int, PyConverter{T})" path="/exception"/>
    public T GetOrNull<T>(int index, PyConverter<T> converter)
    {
        ArgumentNullException.ThrowIfNull(converter);
        if (converter is INonNullConverter && default(T) is null && Borrow(index).IsNone)
        {
            return default!;
        }

        try
        {
            return converter.FromReference(Borrow(index));
        }
        catch (Exception e) when (e is PythonTypeErrorException or PythonOverflowException)
        {
            CallParameter parameter = _signature.Parameter(index);
            throw Refused(parameter.Name, parameter.Type, Borrow(index), e);
        }
    }

    /// <summary>Gets an argument, converted; <c>None</c> is null. A failure has the converter's message.</summary>
    internal T GetAs<T>(int index, PyConverter<T> converter) => _call.Keyword(_signature.Parameter(index).Name, Borrow(index), converter);

    /// <summary>Gets the positional arguments beyond the parameters, as <c>*args</c>.</summary>
    /// <inheritdoc cref="Get{T}(int, PyConverter{T})" path="/exception"/>
    public T[] Rest<T>(string name, string type, PyConverter<T> converter)
    {
        ArgumentNullException.ThrowIfNull(converter);
        var rest = new T[Math.Max(0, _call.Count - _values.Length)];
        for (int i = 0; i < rest.Length; i++)
        {
            BorrowedReference value = _call.Borrow(_values.Length + i);
            try
            {
                rest[i] = converter.FromReference(value);
            }
            catch (Exception e) when (e is PythonTypeErrorException or PythonOverflowException)
            {
                throw Refused($"{name}[{i}]", type, value, e);
            }
        }

        return rest;
    }

    /// <summary>Binds the object that a method is called on to a C# object.</summary>
    internal void BindSelf<T>(T target)
        where T : class
    {
        BorrowedReference self = Borrow(0);
        if (CPython.PyType_IsSubtype(CPython.Py_TYPE(self), ClassRegistry.Current.TypeOf(typeof(T))) == 0)
        {
            throw NotSelf(typeof(T).Name);
        }

        ClassType.Bind(self, target);
    }

    private BorrowedReference Borrow(int index) => new(_values[index]);

    private PythonTypeErrorException NotSelf(string type)
    {
        string method = _signature.Function[(_signature.Function.LastIndexOf('.') + 1)..];
        return new PythonTypeErrorException(
            $"descriptor '{method}' for '{type}' objects doesn't apply to a '{PyText.TypeName(CPython.Py_TYPE(Borrow(0)))}' object");
    }

    private PythonTypeErrorException WrongType(int index, PythonTypeErrorException? cause)
    {
        CallParameter parameter = _signature.Parameter(index);
        return WrongType(parameter.Name, parameter.Type, Borrow(index), cause);
    }

    /// <summary>Creates the error with the message of CPython's own functions; if the value is of the right type, with the fault of the value.</summary>
    private PythonTypeErrorException WrongType(string name, string type, BorrowedReference value, PythonTypeErrorException? cause)
    {
        string given = value.IsNone ? "None" : PyText.TypeName(CPython.Py_TYPE(value));
        string detail = cause is null or { Failure.IsPlain: true } ? $", not {given}" : $": {cause.Failure.ForPython}";
        return new PythonTypeErrorException($"{_signature.Function}() argument '{name}' must be {type}{detail}", cause);
    }

    private Exception Refused(string name, string type, BorrowedReference value, Exception cause) => cause is PythonOverflowException overflow
        ? new PythonOverflowException($"{_signature.Function}() argument '{name}': {overflow.Failure.ForPython}", overflow)
        : WrongType(name, type, value, (PythonTypeErrorException)cause);
}
