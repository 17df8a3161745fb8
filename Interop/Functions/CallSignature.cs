using System.ComponentModel;
using System.Runtime.InteropServices;
using PyAsync.Interop;

namespace PyAsync.Modules;

/// <summary>
/// The parameters of a function written in C#, and the binding of Python's arguments to them. A call that cannot be bound fails with CPython's message
/// for its own functions.
/// </summary>
/// <remarks>Created with the function, and lives as long as it.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class CallSignature
{
    private readonly CallParameter[] _parameters;
    private readonly PyName[] _names;
    private readonly int _required;
    private readonly bool _takesRest;

    /// <param name="function">The function's qualified name, for messages: <c>sleep</c>, <c>Counter.add</c>.</param>
    /// <param name="parameters">The parameters, without those that .NET supplies.</param>
    /// <param name="required">The number of leading parameters without a default.</param>
    /// <param name="takesRest">True if further positional arguments are accepted, as by <c>*args</c>.</param>
    public CallSignature(string function, IReadOnlyList<CallParameter> parameters, int required, bool takesRest = false)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Function = function;
        _parameters = [.. parameters];
        using AttachScope scope = PythonThread.Attach();
        _names = Array.ConvertAll(_parameters, static parameter => WellKnownNames.Current[parameter.Name]);
        _required = required;
        _takesRest = takesRest;
    }

    /// <summary>Gets the function's qualified name.</summary>
    public string Function { get; }

    /// <summary>Binds the arguments of a call.</summary>
    /// <param name="call">The arguments that Python passed.</param>
    /// <param name="slots">Space for one argument for each parameter.</param>
    /// <exception cref="PythonTypeErrorException">An argument is missing, or there are too many; Python sees a <c>TypeError</c>.</exception>
    public BoundArguments Bind(CallbackArguments call, Span<ArgumentSlot> slots)
    {
        int keywords = call.KeywordCount;
        if (keywords == 0 && call.Count == _parameters.Length)
        {
            return new BoundArguments(this, call, call.Positional); // The usual case.
        }

        slots = slots[.._parameters.Length];
        slots.Clear();
        Span<nint> bound = MemoryMarshal.Cast<ArgumentSlot, nint>(slots);
        call.Positional[..Math.Min(call.Count, bound.Length)].CopyTo(bound);
        for (int i = 0; i < keywords; i++)
        {
            BindKeyword(call.KeywordName(i), call.KeywordValue(i), bound);
        }

        if (call.Count > bound.Length && !_takesRest)
        {
            throw TooMany(call.Count);
        }

        if (bound[.._required].Contains(0))
        {
            throw Missing(bound);
        }

        return new BoundArguments(this, call, bound);
    }

    internal CallParameter Parameter(int index) => _parameters[index];

    private void BindKeyword(BorrowedReference name, BorrowedReference value, Span<nint> bound)
    {
        int index = IndexOf(name);
        if (index < 0)
        {
            throw new PythonTypeErrorException($"{Function}() got an unexpected keyword argument '{PyText.Describe(name)}'");
        }

        if (bound[index] != 0)
        {
            throw new PythonTypeErrorException($"{Function}() got multiple values for argument '{_parameters[index].Name}'");
        }

        bound[index] = value.Pointer;
    }

    private int IndexOf(BorrowedReference name)
    {
        // Names in source code are interned: the same text is the same object.
        for (int i = 0; i < _names.Length; i++)
        {
            if (_names[i].Reference == name)
            {
                return i;
            }
        }

        string text = PyText.ToString(name);
        return Array.FindIndex(_parameters, parameter => parameter.Name == text);
    }

    private PythonTypeErrorException TooMany(int given)
    {
        int most = _parameters.Length;
        bool plural = most != 1 || _required != most;
        string takes = _required == most ? $"{most}" : $"from {_required} to {most}";
        return new PythonTypeErrorException(
            $"{Function}() takes {takes} positional argument{(plural ? "s" : "")} but {given} {(given == 1 ? "was" : "were")} given");
    }

    private PythonTypeErrorException Missing(ReadOnlySpan<nint> bound)
    {
        List<string> names = [];
        for (int i = 0; i < _required; i++)
        {
            if (bound[i] == 0)
            {
                names.Add($"'{_parameters[i].Name}'");
            }
        }

        string list = names switch
        {
            [var only] => only,
            [var first, var second] => $"{first} and {second}",
            _ => string.Join(", ", names[..^1]) + ", and " + names[^1],
        };
        return new PythonTypeErrorException(
            $"{Function}() missing {names.Count} required positional argument{(names.Count == 1 ? "" : "s")}: {list}");
    }
}
