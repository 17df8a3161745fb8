using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using PyAsync.Interop;

namespace PyAsync;

/// <summary>
/// A real <c>asyncio.Task</c> that is the current task of one coroutine after another, as long as each finishes in its first step and
/// leaves no trace on it. A coroutine that suspends keeps it: the task goes on with it as with any other, and the next one gets a new
/// task.
/// </summary>
/// <remarks>
/// <para>For Python 3.10 and 3.11, which have no eager tasks. The task is made for a <see cref="CoroutineProxy"/>, and its first step is
/// kept back (<see cref="CallSoonCapture"/>). While a coroutine makes its first step, the task is entered in asyncio's books
/// (<see cref="TaskRegistry"/>).</para>
/// <para>It is used again only if nobody can tell: no further reference to it, no weak one, no callback, no cancellation, no change to
/// its context variables. Every coroutine finds another name on it.</para>
/// <para>There is none in debug mode. A task that is at hand when somebody turns debug mode on was made before that, and like every such
/// task does not know where.</para>
/// <para>Every member on the loop's thread, with the GIL held.</para>
/// </remarks>
internal sealed class ShellTask(PythonEventLoop loop)
{
    private readonly TaskRegistry _registry = new();
    private readonly CallSoonCapture _capture = new();
    private readonly TaskName _name = new();
    private readonly ObjectMemory _memory = new();
    private OwnedReference _owner;
    private bool? _isAccepted;

    // The context variables of the drain, for requests that bring none along.
    private OwnedReference _drainContext;
    private nint _drainVariables;

    private OwnedReference _task;
    private OwnedReference _proxy;
    private OwnedReference _step;
    private OwnedReference _entry;
    private int _uses;
    private bool _isListed;

    // The task's context, the variables that it started from, and the ExecutionContext that was put into it.
    private OwnedReference _context;
    private nint _variables;
    private OwnedReference _source;
    private nint _sourceVariables;
    private ExecutionContext? _carried;

    /// <summary>Whether this Python is one that it is for, and is as this expects it to be.</summary>
    public static bool IsSupported => !AsyncioObjects.HasEagerStart && TaskRegistry.IsSupported && ContextIdentity.IsSupported;

    /// <summary>Whether the shell may be used in this drain: the loop has no task factory, and takes attributes.</summary>
    public bool BeginDrain()
    {
        _isAccepted ??= LoopFeatures.TakesCallSoon(loop.Reference);
        if (_isAccepted is false || !LoopFeatures.MakesTasksAsUsual(loop.Reference))
        {
            return false;
        }

        // Mostly the same as the last time.
        BorrowedReference here = RunningThread.Current.Context;
        if (here.IsNull || _drainContext.IsNull || CPython.PyContext_Variables(here) != _drainVariables)
        {
            _drainContext.Set(CPython.PyContext_CopyCurrent().OrThrow());
            _drainVariables = CPython.PyContext_Variables(_drainContext.Borrow());
        }

        return true;
    }

    /// <summary>Starts a request: makes its awaitable and, if that is a coroutine, makes the coroutine's first step.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Every failure is the awaiter's.")]
    public void Start(IAwaiter request)
    {
        try
        {
            if (!TryPrepare(request.Context))
            {
                loop.Starter.StartInTask(request);
                return;
            }
        }
        catch (Exception e)
        {
            request.Abandon(e);
            return;
        }

        RequestScope scope = default;
        NewReference awaitable = default;
        try
        {
            StartPrepared(request, ref scope, ref awaitable);
        }
        catch (Exception e)
        {
            request.Fail(e);
        }
        finally
        {
            End(ref scope, ref awaitable);
        }
    }

    /// <summary>The loop is closed or closing.</summary>
    public void Close()
    {
        _isAccepted = false;
        Forget();
        _drainContext.Clear();
        _owner.Clear();
        _name.Clear();
        _capture.Dispose();
    }

    /// <summary>Has a task whose context variables are those that the request starts from, and which carries its ExecutionContext.</summary>
    private bool TryPrepare(EventLoopContext context)
    {
        BorrowedReference source = context.ContextVariables is { } given ? given.Reference : _drainContext.Borrow();
        nint variables = context.ContextVariables is null ? _drainVariables : CPython.PyContext_Variables(source);
        if (_task.IsNull || variables != _sourceVariables || !_memory.IsThatOf(_task.Borrow()))
        {
            Forget();
            if (LoopFeatures.IsInDebugMode(loop.Reference) || !TryCreate(source))
            {
                return false;
            }
        }

        if (_carried != context.ExecutionContext)
        {
            PythonErrors.ThrowIfNegative(CPython.PyContext_Enter(_context.Borrow()));
            PythonInterpreter.Current.Carry(context.ExecutionContext);
            PythonErrors.ThrowIfNegative(CPython.PyContext_Exit(_context.Borrow()));
            _carried = context.ExecutionContext;
            _variables = CPython.PyContext_Variables(_context.Borrow());
        }

        return true;
    }

    private bool TryCreate(BorrowedReference source)
    {
        if (_owner.IsNull)
        {
            _owner.Set(ManagedObject.Wrap(loop));
        }

        // A copy, since the address of a map means something only while the map is alive.
        _source.Set(CPython.PyContext_Copy(source).OrThrow());
        _sourceVariables = CPython.PyContext_Variables(_source.Borrow());
        _proxy.Set(CoroutineProxy.New(_owner.Borrow()));
        PythonErrors.ThrowIfNegative(CPython.PyContext_Enter(_source.Borrow()));
        _capture.Begin(loop.Reference);
        NewReference task = PythonInterpreter.Current.Objects.TaskType.CallWithKeywords(_proxy.Borrow(), AsyncioObjects.Current.LoopKeyword, loop.Reference);
        _capture.End(loop.Reference, out NewReference step, out NewReference context);
        _ = CPython.PyContext_Exit(_source.Borrow());
        _task.Set(task.OrThrow());
        if (step.IsNull)
        {
            // A task that is written in Python: its step is in the loop's queue, and finds a coroutine that has ended.
            CoroutineProxy.TakeReturned(_proxy.Borrow(), default, default);
            _isAccepted = false;
            Forget();
            return false;
        }

        _step.Set(step);
        _context.Set(context);
        _variables = _sourceVariables;
        _uses = 1;
        _isListed = true; // asyncio has done it.
        WarnIfDestroyed(false);
        _memory.Take(_task.Borrow());
        return true;
    }

    // Not inlined into a try block, where each call into CPython would set up a frame of its own for .NET's collector: here all share one.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void StartPrepared(IAwaiter request, ref RequestScope scope, ref NewReference awaitable)
    {
        if (!scope.TryEnterPrepared(_context.Borrow(), request.Context.ExecutionContext))
        {
            request.Abandon(PythonErrors.Take()); // Nothing of it has begun: it gives back what it holds.
            return;
        }

        bool mayBeValue = request.MayBeValue;
        awaitable = request.CreateAwaitable();
        if (!awaitable.Borrow().IsInstanceOfExactly(PythonInterpreter.Current.Objects.CoroutineType))
        {
            loop.Starter.Await(awaitable.Borrow(), request, mayBeValue);
            return;
        }

        Enlist();
        if (!_registry.TryEnter(loop.Reference, _task.Borrow()))
        {
            // A task is current, within which somebody's code runs the loop once more (nest_asyncio).
            Delist();
            loop.Await(awaitable.Borrow(), request);
            return;
        }

        NewReference value = CoroutineProxy.FirstStep(awaitable.Borrow(), out CPython.PySendResult outcome);
        NewReference error = outcome == CPython.PySendResult.PYGEN_ERROR ? CPython.PyErr_GetRaisedException() : default;
        _registry.Leave(loop.Reference);
        if (outcome == CPython.PySendResult.PYGEN_RETURN && _memory.IsThatOf(_task.Borrow()))
        {
            // Nobody can tell that it was there.
            Delist();
            request.OnReturned(value.Borrow());
            value.Dispose();
            End(ref scope, ref awaitable);
        }
        else
        {
            GoOn(awaitable.Borrow(), outcome, value, error, request);
        }
    }

    /// <summary>The task is somebody's from here on: of the coroutine that has suspended, or of who has looked at it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void GoOn(BorrowedReference coroutine, CPython.PySendResult outcome, NewReference value, NewReference error, IAwaiter request)
    {
        if (outcome == CPython.PySendResult.PYGEN_NEXT)
        {
            WarnIfDestroyed(true);
            CoroutineProxy.TakeOver(_proxy.Borrow(), coroutine, value, loop.Awaits.Add(request));
            request.OnStarted(_task.Borrow());
            MakeStep();
            return;
        }

        if (outcome == CPython.PySendResult.PYGEN_RETURN)
        {
            CoroutineProxy.TakeReturned(_proxy.Borrow(), coroutine, value);
        }
        else
        {
            CoroutineProxy.TakeRaised(_proxy.Borrow(), coroutine, error);
        }

        Finish(request);
    }

    /// <summary>The request has been started, or could not be. Done twice, it is done once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void End(ref RequestScope scope, ref NewReference awaitable)
    {
        awaitable.Dispose();
        scope.Exit();
        if (_isListed)
        {
            Delist(); // It was no coroutine, or none could be made.
        }

        if (!_context.IsNull && CPython.PyContext_Variables(_context.Borrow()) != _variables)
        {
            Forget(); // Its context is not what the next one is to start from.
        }
    }

    /// <summary>The coroutine has ended, and somebody may look at its task: the task ends as if it had driven it.</summary>
    private void Finish(IAwaiter request)
    {
        using NewReference task = NewReference.From(_task.Borrow());
        MakeStep();
        request.OnDone(task.Borrow());
    }

    /// <summary>Makes the step that was kept back, by which the task goes on by itself; it is not the shell's any more.</summary>
    private void MakeStep()
    {
        using NewReference step = _step.Take();
        using NewReference task = _task.Take();
        using NewReference context = _context.Take();
        ForgetTask();
        using NewReference result = step.Borrow().Call();
        if (result.IsNull)
        {
            InterruptedStep.GoOn(loop, task.Borrow(), step.Borrow(), context.Borrow());
        }
    }

    /// <summary>Enters the task in asyncio's books, under a name of its own.</summary>
    private void Enlist()
    {
        if (_isListed)
        {
            return;
        }

        _uses++;
        _isListed = true;
        _registry.Add(_entry.Borrow());
        if (_name.Set(_task.Borrow(), _uses))
        {
            _memory.Take(_task.Borrow());
        }
    }

    private void Delist()
    {
        _isListed = false;
        if (!_entry.IsNull)
        {
            _registry.Remove(_entry.Borrow());
            return;
        }

        _registry.Unregister(_task.Borrow());
        _entry.Set(_registry.Entry(_task.Borrow()));
        _name.Begin(_task.Borrow());
        _memory.Take(_task.Borrow());
    }

    private void WarnIfDestroyed(bool value) =>
        PythonErrors.ThrowIfNegative(CPython.PyObject_SetAttr(
            _task.Borrow(),
            PythonInterpreter.Current.Names.LogDestroyPending.Reference,
            value ? PythonInterpreter.Current.Objects.True : PythonInterpreter.Current.Objects.False));

    /// <summary>The next request gets a new task.</summary>
    private void Forget()
    {
        _step.Clear();
        ForgetTask();
    }

    private void ForgetTask()
    {
        _entry.Clear(); // Before the task: a weak reference that outlives it would be called back.
        _task.Clear();
        _proxy.Clear();
        _context.Clear();
        _source.Clear();
        _carried = null;
        _isListed = false;
    }
}
