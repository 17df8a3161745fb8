using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;

namespace PyAsync.Interop;

/// <summary>
/// The arguments that Python passes to a function written in C#. Valid during the call: to keep a Python object longer, use
/// <see cref="PyObject.Clone"/> or <see cref="Get{T}(int, PyConverter{T})"/>.
/// </summary>
public readonly unsafe ref struct CallbackArguments
{
    // Two words, so that it is passed in registers.
    private readonly ref readonly CallFrame _frame;

    internal CallbackArguments(ref readonly CallFrame frame, PyCallable callable)
    {
        _frame = ref frame;
        Callable = callable;
    }

    /// <summary>Gets the number of positional arguments.</summary>
    public int Count => _frame.Positional;

    /// <summary>Gets the number of arguments by keyword.</summary>
    public int KeywordCount => _frame.KeywordNames.IsNull ? 0 : (int)CPython.PyTuple_Size(_frame.KeywordNames);

    /// <summary>Gets the ExecutionContext that the call has begun under; null if its flow is suppressed.</summary>
    internal ExecutionContext? Flow => _frame.Flow;

    /// <summary>Gets the called function.</summary>
    internal PyCallable Callable { get; }

    /// <summary>Gets a positional argument, as an object that belongs to the caller.</summary>
    /// <exception cref="PythonTypeErrorException">There are fewer arguments.</exception>
    public PyObject this[int index] => PyObject.FromBorrowed(Borrow(index));

    /// <summary>Gets a positional argument, converted.</summary>
    /// <exception cref="PythonTypeErrorException">There are fewer arguments, or it is of another type; Python sees a <c>TypeError</c>.</exception>
    /// <exception cref="PythonOverflowException">It does not fit; Python sees an <c>OverflowError</c>.</exception>
    public T Get<T>(int index, PyConverter<T> converter)
    {
        ArgumentNullException.ThrowIfNull(converter);
        BorrowedReference value = Borrow(index);
        try
        {
            return converter.FromReference(value);
        }
        catch (PythonTypeErrorException e)
        {
            throw new PythonTypeErrorException($"{Callable.Name}() argument {index + 1}: {e.Message}");
        }
        catch (PythonOverflowException e)
        {
            throw new PythonOverflowException($"{Callable.Name}() argument {index + 1}: {e.Message}");
        }
    }

    /// <summary>Gets a positional argument, converted.</summary>
    /// <exception cref="PythonTypeErrorException">There are fewer arguments, or it is of another type; Python sees a <c>TypeError</c>.</exception>
    [RequiresDynamicCode(PyConvert.NeedsReflection)]
    [RequiresUnreferencedCode(PyConvert.NeedsReflection)]
    public T Get<T>(int index) => Get(index, PyConvert.For<T>());

    /// <summary>Gets an argument passed by keyword, converted; the fallback if it was not passed.</summary>
    /// <exception cref="PythonTypeErrorException">It is of another type; Python sees a <c>TypeError</c>.</exception>
    public T GetKeyword<T>(string name, PyConverter<T> converter, T fallback)
    {
        ArgumentNullException.ThrowIfNull(converter);
        for (int i = 0; i < KeywordCount; i++)
        {
            if (PyText.ToString(CPython.PyTuple_GetItem(_frame.KeywordNames, i)) == name)
            {
                return Keyword(name, new BorrowedReference(_frame.Arguments[Count + i]), converter);
            }
        }

        return fallback;
    }

    /// <summary>Refuses a call with the wrong number of positional arguments, or with any by keyword, with CPython's message.</summary>
    /// <exception cref="PythonTypeErrorException">The number differs; Python sees a <c>TypeError</c>.</exception>
    public void ThrowIfNotOf(int expected)
    {
        if (KeywordCount > 0 || Count != expected)
        {
            throw NotOf(expected, "");
        }
    }

    /// <summary>Refuses a call as <see cref="ThrowIfNotOf(int)"/> does; the message also says what the function is. For generated code.</summary>
    /// <param name="expected">The number of positional arguments.</param>
    /// <param name="description">The function, as messages name it: <c>the C# delegate 'onToken' of 'IWeather.SummarizeAsync'</c>.</param>
    /// <inheritdoc cref="ThrowIfNotOf(int)" path="/exception"/>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void ThrowIfNotOf(int expected, string description)
    {
        if (KeywordCount > 0 || Count != expected)
        {
            throw NotOf(expected, $": it is {description}");
        }
    }

    /// <summary>Gets the positional arguments, each borrowed for the call.</summary>
    internal ReadOnlySpan<nint> Positional =>
        // SAFETY: CPython passes Count pointers, which live as long as the call.
        new(_frame.Arguments, Count);

    internal BorrowedReference KeywordName(int index) => CPython.PyTuple_GetItem(_frame.KeywordNames, index);

    internal BorrowedReference KeywordValue(int index) =>
        // SAFETY: CPython passes Count + KeywordCount pointers, each borrowed for the call.
        new(_frame.Arguments[Count + index]);

    internal T Keyword<T>(string name, BorrowedReference value, PyConverter<T> converter)
    {
        try
        {
            return converter.FromReference(value);
        }
        catch (PythonTypeErrorException e)
        {
            throw new PythonTypeErrorException($"{Callable.Name}() argument '{name}': {e.Message}");
        }
        catch (PythonOverflowException e)
        {
            throw new PythonOverflowException($"{Callable.Name}() argument '{name}': {e.Message}");
        }
    }

    internal BorrowedReference Borrow(int index) =>
        (uint)index < (uint)Count
            // SAFETY: CPython passes Count pointers, each borrowed for the call.
            ? new BorrowedReference(_frame.Arguments[index])
            : throw new PythonTypeErrorException($"{Callable.Name}() takes at least {index + 1} arguments ({Count} given)");

    private PythonTypeErrorException NotOf(int expected, string description)
    {
        string takes = KeywordCount > 0 ? "no keyword arguments"
            : (expected switch { 0 => "no arguments", 1 => "exactly one argument", _ => $"exactly {expected} arguments" }) + $" ({Count} given)";
        return new PythonTypeErrorException($"{Callable.Name}() takes {takes}{description}");
    }
}
