using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using PyAsync.Interop;

namespace PyAsync;

/// <summary>
/// A Python async generator that takes values: its <c>yield</c> returns what C# sends. Made by
/// <see cref="FlowExtensions.IntoAsyncGenerator{TSend, T}(IRuntime, Func{PyObject}, PyConverter{TSend}, PyConverter{T})"/>.
/// </summary>
/// <remarks>
/// The generator runs in lock step: only while C# awaits a step. All steps run in one task and one context, so that the generator may hold an
/// <c>asyncio.timeout</c>, a TaskGroup or a lock across its yields. Steps may be made from any thread, one at a time, and take no GIL.
/// </remarks>
/// <typeparam name="TSend">The type of the values that C# sends.</typeparam>
/// <typeparam name="T">The type of the items that the generator yields.</typeparam>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "It is disposable, asynchronously.")]
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "Python's name of it.")]
public sealed class PythonGenerator<TSend, T> : IAsyncEnumerator<T>
{
    private readonly IRuntime _runtime;
    private readonly Func<PyObject> _source;
    private readonly PyConverter<TSend> _sendConverter;
    private readonly PyConverter<T> _converter;

    /// <summary>The outcome of the running step; null if none runs.</summary>
    private TaskCompletionSource<bool>? _running;
    private PyObject? _conversation;
    private Task? _run;

    /// <summary>The exception that the generator ended with while no step ran: with its loop, or by its disposal. The next step sees it, or the disposal.</summary>
    private Exception? _failure;
    private volatile bool _hasEnded;
    private int _number;
    private bool _isDisposed;
    private T? _current;

    internal PythonGenerator(IRuntime runtime, Func<PyObject> source, PyConverter<TSend> sendConverter, PyConverter<T> converter)
    {
        _runtime = runtime;
        _source = source;
        _sendConverter = sendConverter;
        _converter = converter;
    }

    /// <summary>Gets the item that the latest step yielded.</summary>
    public T Current => _current!;

    /// <summary>Resumes the generator up to its next item, as <c>anext(generator)</c>.</summary>
    /// <inheritdoc cref="SendAsync" path="/returns|/exception"/>
    public ValueTask<bool> MoveNextAsync() => new(MakeAsync(default, null, CancellationToken.None));

    /// <summary>Resumes the generator up to its next item, as <c>generator.asend(value)</c>: its <c>yield</c> returns the value.</summary>
    /// <param name="value">The value. The first step only starts the generator: make it with <see cref="MoveNextAsync"/>.</param>
    /// <param name="cancellationToken">
    /// Cancels the step, as <c>task.cancel()</c>; unless the generator swallows that, it has ended. A step that has not begun is not made, and the generator
    /// stays where it is.
    /// </param>
    /// <returns>True if the generator yielded <see cref="Current"/>; false if it has ended.</returns>
    /// <exception cref="PythonException">The generator raised it, and has ended; <c>TypeError</c> if the first step sends a value.</exception>
    /// <exception cref="InvalidOperationException">A step is running.</exception>
    /// <exception cref="EventLoopClosedException">The loop is closed.</exception>
    /// <exception cref="ObjectDisposedException">The generator was disposed, or the runtime has ended.</exception>
    public Task<bool> SendAsync(TSend value, CancellationToken cancellationToken = default) =>
        MakeAsync(() => _sendConverter.ToPython(value), null, cancellationToken);

    /// <summary>Raises an exception in the generator where it has yielded, as <c>generator.athrow(exception)</c>, and resumes it up to its next item.</summary>
    /// <param name="exception">The exception. Python sees it converted: its own one, if it came from Python.</param>
    /// <param name="cancellationToken">
    /// Cancels the step, as <c>task.cancel()</c>; unless the generator swallows that, it has ended. A step that has not begun is not made, and the generator
    /// stays where it is.
    /// </param>
    /// <returns>True if the generator caught the exception and yielded <see cref="Current"/>; false if it caught it and ended.</returns>
    /// <inheritdoc cref="SendAsync" path="/exception"/>
    public Task<bool> ThrowAsync(Exception exception, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return MakeAsync(null, exception, cancellationToken);
    }

    /// <summary>
    /// Ends the generator, as <c>generator.aclose()</c>: its <c>finally</c> blocks run and are waited for. A step that runs is cancelled. Further calls wait too, and
    /// throw nothing.
    /// </summary>
    /// <returns>A Task that fails with the exception that a <c>finally</c> block raises, unless a step that ran has failed with it.</returns>
    public async ValueTask DisposeAsync()
    {
        bool isFirst = !Interlocked.Exchange(ref _isDisposed, true);
        if (_run is not null)
        {
            if (isFirst)
            {
                _ = Post(static conversation => conversation.CallMethod("end").Dispose());
            }

            await _run.ConfigureAwait(false);
        }

        if (!isFirst)
        {
            return;
        }

        // Posted, because posts before it may still use the conversation.
        if (!Post(static conversation => conversation.Dispose()))
        {
            _conversation?.Dispose();
        }

        // The end of the loop is no failure of the generator.
        if (Interlocked.Exchange(ref _failure, null) is { } failure and not (OperationCanceledException or EventLoopClosedException or ObjectDisposedException))
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    private async Task<bool> MakeAsync(Func<PyObject>? value, Exception? exception, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        cancellationToken.ThrowIfCancellationRequested();
        var outcome = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Interlocked.CompareExchange(ref _running, outcome, null) is not null)
        {
            throw new InvalidOperationException("A step of the generator is running: await it before the next one.");
        }

        // The end sets the flag, then takes the running step: one of the two completes it.
        if (_hasEnded && Interlocked.CompareExchange(ref _running, null, outcome) == outcome)
        {
            return Interlocked.Exchange(ref _failure, null) is { } failure ? throw failure : false; // As an exhausted generator of Python.
        }

        int number = ++_number;
        if (_run is null)
        {
            _run = RunAsync(() => Make(number, value, exception));
        }
        else
        {
            _ = Post(_ => Make(number, value, exception));
        }

        using CancellationTokenRegistration cancel = cancellationToken.UnsafeRegister(
            static state => ((Func<bool>)state!)(), () => Post(conversation => conversation.CallMethod("cancel", [number]).Dispose()));
        try
        {
            return await outcome.Task.ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
    }

    /// <summary>Runs code with the conversation on the loop's thread. If the loop is closed, the conversation ends with it.</summary>
    /// <returns>False if the loop is closed.</returns>
    private bool Post(Action<PyObject> onLoop)
    {
        try
        {
            _runtime.GetCurrentLoop().Post(() =>
            {
                if (_conversation is not null)
                {
                    onLoop(_conversation);
                }
            });
            return true;
        }
        catch (EventLoopClosedException)
        {
            return false;
        }
    }

    /// <summary>Makes a step. On the loop's thread. A value that does not convert fails the step, and the generator does not see it.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "The step sees it.")]
    private void Make(int number, Func<PyObject>? value, Exception? exception)
    {
        try
        {
            using PyObject? sent = value?.Invoke();
            using PyObject? raised = exception is null ? null : ExceptionToPython.Convert(exception).ToPyObject();
            _conversation!.CallMethod("make", [number, raised, sent]).Dispose();
        }
        catch (Exception e)
        {
            Interlocked.Exchange(ref _running, null)?.TrySetException(e);
        }
    }

    /// <summary>Runs the conversation. Does not fail: its failure is the outcome of the running step.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "The step sees it.")]
    private async Task RunAsync(Action firstStep)
    {
        try
        {
            await _runtime.IntoFuture(() => Start(firstStep), PyConvert.None).ConfigureAwait(false);
            End(null);
        }
        catch (Exception e)
        {
            End(e);
        }
    }

    private void End(Exception? failure)
    {
        _failure = failure;
        _hasEnded = true;
        if (Interlocked.Exchange(ref _running, null) is not { } outcome)
        {
            return;
        }

        _failure = null;
        if (failure is null)
        {
            outcome.TrySetResult(false);
        }
        else
        {
            outcome.TrySetException(failure);
        }
    }

    /// <summary>Starts the conversation. On the loop's thread.</summary>
    private PyObject Start(Action firstStep)
    {
        using PyObject generator = _source() ?? throw new InvalidOperationException("The source of a generator returned null; it must return an async generator.");
        using PyObject type = FlowModules.Current["generators", "Conversation"];
        using PyObject reply = PyFunction.Create("reply", Reply);
        using PyObject skip = PyFunction.Create("skip", () => Interlocked.Exchange(ref _running, null)?.TrySetCanceled());
        _conversation = type.Call([generator]);
        firstStep();
        return _conversation.CallMethod("run", [reply, skip]);
    }

    private PyObject? Reply(CallbackArguments arguments)
    {
        try
        {
            _current = _converter.FromReference(arguments.Borrow(0));
        }
        catch (Exception e) when (ConversionErrors.At(e, $"item {_number - 1} of the generator"))
        {
            throw;
        }

        Interlocked.Exchange(ref _running, null)?.TrySetResult(true);
        return null;
    }
}
