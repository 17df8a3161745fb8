using PyAsync.Interop;
using PyAsync.Modules;

namespace PyAsync.Functions;

/// <summary>Explains a call that Python refuses, because the parameters of the function are not those of the C# method.</summary>
internal static class RefusedArguments
{
    /// <summary>Throws if the current Python error says that a function does not take the arguments. Needs the GIL.</summary>
    /// <param name="target">The function's names.</param>
    /// <param name="function">The function.</param>
    /// <param name="arguments">The arguments.</param>
    /// <exception cref="PythonTypeErrorException">The function does not take the arguments.</exception>
    public static void ThrowIfRefused(CallTarget target, BorrowedReference function, in ArgumentWriter arguments)
    {
        if (!PythonErrors.IsCurrent("TypeError"))
        {
            return;
        }

        // CPython binds the arguments before the function has a frame: the error of a function that has begun has a traceback.
        using NewReference error = CPython.PyErr_GetRaisedException();
        using NewReference traceback = error.Borrow().GetAttr(WellKnownNames.Current["__traceback__"]);
        bool isRefusal = !traceback.IsNull && traceback.Borrow().IsNone;
        CPython.PyErr_SetRaisedException(NewReference.From(error.Borrow()));
        if (!isRefusal)
        {
            return;
        }

        Exception refusal = PythonErrors.Take();
        if (refusal is not PythonException { Error.Message: var message })
        {
            throw refusal;
        }

        string signature = Signature(function) is { } known ? $" Python's signature is {known}." : "";
        throw new PythonTypeErrorException(
            $"Python refused the call of {target.Description}: {message}.{signature} The call passed {arguments.Describe(arguments.KeywordNames())}. "
            + "Correct the method of the interface; [PyName], [PyPositional] and [PyKeyword] change how an argument is passed.",
            refusal);
    }

    /// <summary>Gets <c>inspect.signature(function)</c> as text; null if the function has none.</summary>
    private static string? Signature(BorrowedReference function)
    {
        try
        {
            using PyObject inspect = PyObject.Import("inspect");
            using PyObject owned = PyObject.FromBorrowed(function);
            using PyObject signature = inspect.CallMethod("signature", [owned]);
            return signature.ToString();
        }
        catch (PythonException)
        {
            return null;
        }
    }
}
