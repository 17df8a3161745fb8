using PyAsync.Interop;

namespace PyAsync.Http;

/// <summary>Reads the messages that applications send, and raises Python's errors. On the loop's thread.</summary>
internal static class AsgiMessage
{
    /// <summary>Gets the argument of <c>send</c>. Frameworks call <c>send(message=…)</c> too.</summary>
    public static BorrowedReference Argument(CallbackArguments arguments)
    {
        if (arguments.Count == 0 && arguments.KeywordCount == 1 && PyText.Utf8(arguments.KeywordName(0)).SequenceEqual("message"u8))
        {
            return arguments.KeywordValue(0);
        }

        arguments.ThrowIfNotOf(1);
        return arguments.Borrow(0);
    }

    /// <summary>Gets a value; NULL if the message has no such key.</summary>
    public static BorrowedReference Get(BorrowedReference message, PyName key)
    {
        BorrowedReference found = CPython.PyDict_GetItemWithError(message, key.Reference);
        if (found.IsNull)
        {
            PythonErrors.ThrowIfSet();
        }

        return found;
    }

    /// <summary>Gets the type in UTF-8; empty if there is none.</summary>
    public static ReadOnlySpan<byte> TypeOf(BorrowedReference message)
    {
        BorrowedReference type = Get(message, AsgiNames.Current.Type);
        return PyText.IsString(type) ? PyText.Utf8(type) : default;
    }

    /// <summary>Describes the type for an error.</summary>
    public static string Describe(BorrowedReference message)
    {
        BorrowedReference type = message.HasFeature(CPython.Py_TPFLAGS_DICT_SUBCLASS) ? Get(message, AsgiNames.Current.Type) : default;
        return type.IsNull ? "without a type" : $"'{PyText.Describe(type)}'";
    }

    /// <summary>Gets the truth of a value; false for NULL.</summary>
    public static bool IsTrue(BorrowedReference o) =>
        !o.IsNull && o != InterpreterState.Current.False && (o == InterpreterState.Current.True || PythonErrors.ThrowIfNegative(CPython.PyObject_IsTrue(o)) > 0);

    /// <summary>Makes a Python error the current one.</summary>
    /// <returns>NULL.</returns>
    public static NewReference Refuse(string error, string type = "RuntimeError")
    {
        PythonErrors.Set(type, error);
        return default;
    }

    /// <summary>Raises the error of <c>send</c> for a client that has left.</summary>
    /// <returns>NULL.</returns>
    public static NewReference Disconnected()
    {
        PythonErrors.Raise(NewDisconnected());
        return default;
    }

    /// <summary>Makes the exception of <c>send</c> for a client that has left.</summary>
    public static NewReference NewDisconnected()
    {
        using NewReference message = PyText.FromString("the client has closed the connection");
        return AsgiModule.Current.ClientDisconnected.Reference.Call(message.Borrow()).OrThrow();
    }

    /// <summary>Makes a future that is done with a message.</summary>
    public static NewReference Finished(AsgiApplication application, NewReference message) =>
        FutureObject.NewFinished(application.Loop.Reference, application.Loop.WeakReference, message);
}
