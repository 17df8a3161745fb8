using System.ComponentModel;
using PyAsync.Interop;

namespace PyAsync.Modules;

/// <summary>
/// Collects the converted arguments of one call: positional ones first, then those by keyword. An argument after an omitted one is passed by keyword. For generated code.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public unsafe ref struct ArgumentWriter
{
    /// <summary>The number of arguments up to which a call allocates no memory for them.</summary>
    internal const int StackLimit = 8;

    // The first slot is free for the callee, as the offset flag of a vectorcall promises. Each filled slot, and each name, owns its reference.
    private Span<nint> _slots;
    private Span<nint> _names;
    private int _count;
    private int _keywords;
    private bool _hasOmitted;

    internal ArgumentWriter(Span<nint> slots, Span<nint> names)
    {
        _slots = slots;
        _names = names;
        Current = "";
    }

    /// <summary>Gets the name of the argument that is being converted.</summary>
    internal string Current { get; private set; }

    /// <summary>Adds an argument: a positional one, or one by keyword if an earlier one was omitted.</summary>
    /// <param name="name">The parameter's name in Python.</param>
    /// <param name="value">The value.</param>
    /// <param name="converter">Converts it.</param>
    /// <param name="isHeld">True for a Python object or proxy that the call keeps alive, also if its owner has disposed it.</param>
    public void Add<T>(string name, T value, PyConverter<T> converter, bool isHeld = false)
    {
        if (_hasOmitted)
        {
            AddKeyword(name, value, converter, isHeld);
        }
        else
        {
            AddPositional(name, value, converter, isHeld);
        }
    }

    /// <summary>Adds an argument that Python takes by position only.</summary>
    /// <inheritdoc cref="Add" path="/param"/>
    /// <exception cref="ArgumentException">An earlier argument was omitted, so that this one has no position.</exception>
    public void AddPositional<T>(string name, T value, PyConverter<T> converter, bool isHeld = false)
    {
        Current = name;
        if (_hasOmitted)
        {
            throw new ArgumentException($"The argument '{name}' is passed by position, and an argument before it is not given: give that one too.", name);
        }

        Add(Convert(value, converter, isHeld));
    }

    /// <summary>Adds an argument by keyword.</summary>
    /// <inheritdoc cref="Add" path="/param"/>
    public void AddKeyword<T>(string name, T value, PyConverter<T> converter, bool isHeld = false)
    {
        Current = name;
        Add(Convert(value, converter, isHeld));
        AddName(NewReference.From(WellKnownNames.Current[name].Reference));
    }

    /// <summary>Adds the items of a <c>params</c> array, which Python takes as <c>*args</c>.</summary>
    /// <inheritdoc cref="AddPositional" path="/param|/exception"/>
    public void AddRest<T>(string name, T[]? value, PyConverter<T> converter, bool isHeld = false)
    {
        foreach (T item in value ?? [])
        {
            AddPositional(name, item, converter, isHeld);
        }
    }

    /// <summary>Adds the items of a dictionary, each by keyword, which Python takes as <c>**kwargs</c>.</summary>
    /// <inheritdoc cref="Add" path="/param"/>
    public void AddKeywords<T>(string name, IEnumerable<KeyValuePair<string, T>>? value, PyConverter<T> converter)
    {
        foreach (KeyValuePair<string, T> item in value ?? [])
        {
            Current = $"{name}[{item.Key}]";
            Add(converter.ToReference(item.Value));
            AddName(PyText.FromString(item.Key));
        }
    }

    /// <summary>Adds an argument that has been converted.</summary>
    /// <param name="value">The argument, which then belongs to the writer.</param>
    /// <param name="name">The keyword; null for a positional argument.</param>
    internal void AddConverted(NewReference value, string? name)
    {
        Add(value);
        if (name is not null)
        {
            AddName(PyText.FromString(name));
        }
    }

    /// <summary>Omits an argument, so that Python's default applies.</summary>
    public void Omit() => _hasOmitted = true;

    /// <summary>
    /// Calls a function with the arguments, and returns a new reference; NULL, with the Python error set, if it raises an exception. An address: the compiler assumes that a
    /// reference struct which this one returns refers to its slots.
    /// </summary>
    internal readonly nint Call(BorrowedReference function)
    {
        using NewReference names = Names();
        nuint positional = (nuint)(_count - _keywords);

        // SAFETY: the slots live for the call, and the first one is free.
        fixed (nint* slots = _slots)
        {
            return ForkedChild.Checked(CPython.PyObject_Vectorcall(function, slots + 1, positional | CPython.PY_VECTORCALL_ARGUMENTS_OFFSET, names.Borrow())).Take();
        }
    }

    /// <summary>Describes the passed arguments: <c>2 by position, days by keyword</c>.</summary>
    internal readonly string Describe(IEnumerable<string> keywords)
    {
        string byName = string.Join(", ", keywords);
        int positional = _count - _keywords;
        return (positional, byName.Length) switch
        {
            (0, 0) => "no argument",
            (_, 0) => $"{positional} by position",
            (0, _) => $"{byName} by keyword",
            _ => $"{positional} by position, {byName} by keyword",
        };
    }

    internal void Dispose()
    {
        for (int i = 1; i <= _count; i++)
        {
            new NewReference(_slots[i]).Dispose();
        }

        for (int i = 0; i < _keywords; i++)
        {
            new NewReference(_names[i]).Dispose();
        }

        _count = 0;
        _keywords = 0;
    }

    /// <summary>Gets the names of the arguments by keyword.</summary>
    internal readonly string[] KeywordNames()
    {
        var names = new string[_keywords];
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = PyText.Describe(new BorrowedReference(_names[i]));
        }

        return names;
    }

    private readonly NewReference Names()
    {
        if (_keywords == 0)
        {
            return default;
        }

        using NewReference names = CPython.PyTuple_New(_keywords).OrThrow();
        for (int i = 0; i < _keywords; i++)
        {
            PyTuple.Set(names.Borrow(), i, NewReference.From(new BorrowedReference(_names[i])));
        }

        return NewReference.From(names.Borrow());
    }

    private static NewReference Convert<T>(T value, PyConverter<T> converter, bool isHeld) => isHeld && PyArgument.Unwrapped(value) is { } o
        ? NewReference.From(o.ReferenceInUse)
        : converter.ToReference(value);

    private void Add(NewReference value)
    {
        if (_count + 1 == _slots.Length)
        {
            _slots = Grown(_slots);
        }

        _slots[++_count] = value.Take();
    }

    private void AddName(NewReference name)
    {
        if (_keywords == _names.Length)
        {
            _names = Grown(_names);
        }

        _names[_keywords++] = name.Take();
    }

    private static Span<nint> Grown(Span<nint> full)
    {
        var grown = new nint[Math.Max(StackLimit, full.Length * 2)];
        full.CopyTo(grown);
        return grown;
    }
}
