using System.Diagnostics.CodeAnalysis;
using PyAsync.Interop;

namespace PyAsync;

/// <summary>
/// Starts, on a loop's thread, what requests ask for: in the way that costs least, among those that this Python has and that this loop's
/// owner allows. However it is started, a coroutine runs in a real <c>asyncio.Task</c> to everybody who looks.
/// </summary>
/// <remarks>
/// Python 3.12 and newer: a task with <c>eager_start=True</c> for each. Before: <see cref="ShellTask"/>, which makes a task only for a
/// coroutine that suspends. In debug mode, and where the loop has a task factory: a task for each, the ordinary way.
/// </remarks>
internal sealed class CoroutineStarter(PythonEventLoop loop)
{
    private readonly ShellTask? _shell = ShellTask.IsSupported ? new ShellTask(loop) : null;
    private bool _mayUseShell;

    /// <summary>Whether the first step of a coroutine is being made.</summary>
    public bool IsBusy { get; private set; }

    /// <summary>
    /// Looks at what the loop's owner wants; a change counts from the next drain on, one of debug mode from the next task that is made. On the loop's
    /// thread.
    /// </summary>
    public void BeginDrain()
    {
        if (_shell is not null)
        {
            _mayUseShell = _shell.BeginDrain();
        }
    }

    /// <summary>Starts a request; whatever goes wrong is the request's failure.</summary>
    public void Start(IAwaiter request)
    {
        // Code that a first step calls might run the loop, and so this, once more (nest_asyncio): there is one shell.
        if (_mayUseShell && !IsBusy)
        {
            IsBusy = true;
            try
            {
                _shell!.Start(request);
            }
            finally
            {
                IsBusy = false;
            }

            return;
        }

        StartInTask(request);
    }

    /// <summary>Starts a request in a task that is made for it.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Every failure is the awaiter's.")]
    public void StartInTask(IAwaiter request)
    {
        RequestScope scope;
        try
        {
            scope = RequestScope.Enter(request.Context, request.RunsCode);
        }
        catch (Exception e)
        {
            request.Abandon(e);
            return;
        }

        try
        {
            bool mayBeValue = request.MayBeValue;
            using NewReference awaitable = request.CreateAwaitable();
            Await(awaitable.Borrow(), request, mayBeValue);
        }
        catch (Exception e)
        {
            request.Fail(e);
        }
        finally
        {
            scope.Exit();
        }
    }

    /// <summary>Whether a task, one of the shell's that has been adopted, will end as cancelled although its coroutine has returned.</summary>
    public static bool WillBeCancelled(BorrowedReference task) => AdoptedTask.MustCancel(task);

    /// <summary>The loop is closed or closing.</summary>
    public void Close() => _shell?.Close();

    /// <summary>Awaits an object that a request has made; a value that is no awaitable may be its outcome.</summary>
    internal void Await(BorrowedReference awaitable, IAwaiter request, bool mayBeValue)
    {
        if (mayBeValue && AwaitableKind.Of(awaitable) == AwaitableKind.Kind.None)
        {
            request.OnReturned(awaitable);
        }
        else
        {
            loop.Await(awaitable, request);
        }
    }
}
