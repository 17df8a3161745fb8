using System.Runtime.InteropServices;

namespace PyAsync.Interop;

/// <summary>
/// The parameters of a function that is written in C#, and how what Python passes is bound to them. A call that cannot be bound fails in
/// the very words that CPython has for its own functions.
/// </summary>
/// <remarks>Made with the function, and as long-lived as it.</remarks>
public sealed class CallSignature
{
    private readonly CallParameter[] _parameters;
    private readonly PyName[] _names;
    private readonly int _required;
    private readonly bool _takesRest;

    /// <param name="function">The function's qualified name, for messages: <c>sleep</c>, <c>Counter.add</c>.</param>
    /// <param name="parameters">The parameters, without those that .NET fills in.</param>
    /// <param name="required">How many of them, from the first, have no default.</param>
    /// <param name="takesRest">Whether further positional arguments are taken, as by <c>*args</c>.</param>
    public CallSignature(string function, IReadOnlyList<CallParameter> parameters, int required, bool takesRest = false)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Function = function;
        _parameters = [.. parameters];
        _names = [.. parameters.Select(static parameter => PythonInterpreter.Current.Names[parameter.Name])];
        _required = required;
        _takesRest = takesRest;
    }

    /// <summary>The function's qualified name.</summary>
    public string Function { get; }

    /// <summary>Binds the arguments of a call.</summary>
    /// <param name="call">What Python passed.</param>
    /// <param name="slots">Room for as many arguments as there are parameters.</param>
    /// <exception cref="PythonTypeErrorException">One is missing, or too many; Python sees a <c>TypeError</c>.</exception>
    public BoundArguments Bind(CallbackArguments call, Span<ArgumentSlot> slots)
    {
        int keywords = call.KeywordCount;
        if (keywords == 0 && call.Count == _parameters.Length)
        {
            return new BoundArguments(this, call, call.Positional); // As nearly all calls are.
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
        bool plural = most != 1;
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
            _ => string.Join(", ", names.Take(names.Count - 1)) + ", and " + names[^1],
        };
        return new PythonTypeErrorException(
            $"{Function}() missing {names.Count} required positional argument{(names.Count == 1 ? "" : "s")}: {list}");
    }
}
