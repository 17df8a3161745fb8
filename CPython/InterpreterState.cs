using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace PyAsync;

/// <summary>
/// The state of the process's one interpreter that the lowest layer needs: objects without a lookup, the main thread, and whether the interpreter has ended.
/// </summary>
internal sealed class InterpreterState
{
    // The only static field: a second one with an initialiser would make each access to this one check whether the initialiser has run.
    private static InterpreterState? s_current;

    private readonly nint _none = CPython.Static("_Py_NoneStruct").Pointer;
    private readonly nint _true = CPython.Static("_Py_TrueStruct").Pointer;
    private readonly nint _false = CPython.Static("_Py_FalseStruct").Pointer;
    private readonly Lock _attachmentsLock = new();
    private object?[] _attachments = [];
    private volatile bool _isEnding;
    private volatile bool _hasEnded;

    private InterpreterState()
    {
    }

    /// <summary>Gets the state of the running interpreter.</summary>
    /// <exception cref="InvalidOperationException">No interpreter has been started.</exception>
    public static InterpreterState Current => s_current ?? ThrowNotStarted();

    /// <summary>True if an interpreter runs in this process and has not ended.</summary>
    public static bool IsRunning => s_current is { _hasEnded: false };

    /// <summary>True once the process has begun to end, and Python with it. Never throws.</summary>
    public static bool IsEnding => s_current is { _isEnding: true };

    public BorrowedReference None => new(_none);

    public BorrowedReference True => new(_true);

    public BorrowedReference False => new(_false);

    /// <summary>Gets or sets Python's identity of its main thread; 0 until <c>threading</c> is imported.</summary>
    public nuint MainThread { get; set; }

    /// <summary>True once the interpreter has ended, or is left to end with the process.</summary>
    public bool HasEnded => _hasEnded;

    /// <summary>Creates the state of an interpreter that has just been initialised or joined. The library is bound.</summary>
    public static InterpreterState Begin() => s_current = new InterpreterState();

    /// <summary>Discards the state of an interpreter whose start failed.</summary>
    public static void Forget() => s_current = null;

    public void BeginEnd() => _isEnding = true;

    public void End() => _hasEnded = true;

    /// <summary>Gets the object that an upper layer keeps for this interpreter: one object of each type, created at first use.</summary>
    public T Attachment<T>()
        where T : class, new()
    {
        object?[] attachments = Volatile.Read(ref _attachments);
        int index = AttachmentSlot<T>.Index;
        return index < attachments.Length && attachments[index] is { } found ? Unsafe.As<T>(found) : Attach<T>(index);
    }

    /// <summary>Gets the same object if it has been created; else null.</summary>
    public T? FindAttachment<T>()
        where T : class
    {
        object?[] attachments = Volatile.Read(ref _attachments);
        int index = AttachmentSlot<T>.Index;
        return index < attachments.Length ? Unsafe.As<T?>(attachments[index]) : null;
    }

    private T Attach<T>(int index)
        where T : class, new()
    {
        // Created outside the lock, because the constructor may need the GIL, whose holder may want the lock. The first object wins.
        T created = Create<T>();
        lock (_attachmentsLock)
        {
            object?[] attachments = _attachments;
            if (index < attachments.Length && attachments[index] is { } found)
            {
                return (T)found;
            }

            object?[] grown = new object?[Math.Max(index + 1, attachments.Length)];
            attachments.CopyTo(grown, 0);
            grown[index] = created;
            Volatile.Write(ref _attachments, grown);
            return created;
        }
    }

    private static T Create<T>()
        where T : class, new()
    {
        try
        {
            return new T();
        }
        catch (TargetInvocationException e) when (e.InnerException is not null)
        {
            ExceptionDispatchInfo.Throw(e.InnerException); // new T() wraps the constructor's exceptions.
            throw;
        }
    }

    [DoesNotReturn]
    private static InterpreterState ThrowNotStarted() => throw new InvalidOperationException(
        "Python is not running yet. Start a runtime first (AddPyAsync and a host, IRuntime.StartAsync, IRuntime.RunUntilComplete, PyAsyncApp.Run), or call PythonInterpreter.Start.");
}
