namespace PyAsync.Objects;

/// <summary>The attribute and method names that the bridge looks up often, interned once per interpreter.</summary>
internal sealed class WellKnownNames
{
    private static WellKnownNames? s_current;

    private readonly Dictionary<string, PyName> _others = [];

    /// <summary>Gets the names of the running interpreter.</summary>
    /// <exception cref="InvalidOperationException">No interpreter has been started.</exception>
    public static WellKnownNames Current => s_current ?? InterpreterState.Current.Attachment<WellKnownNames>();

    /// <summary>Creates the names of an interpreter that has just been initialised or joined.</summary>
    public static void Begin() => s_current = InterpreterState.Current.Attachment<WellKnownNames>();

    /// <summary>Gets any other name, interned at first use. The GIL guards the table.</summary>
    public PyName this[string text]
    {
        get
        {
            if (!_others.TryGetValue(text, out PyName? name))
            {
                name = new PyName(text);
                _others[text] = name;
            }

            return name;
        }
    }

    public PyName AddDoneCallback { get; } = new("add_done_callback");

    public PyName AddNote { get; } = new("add_note");

    public PyName AsyncioFutureBlocking { get; } = new("_asyncio_future_blocking");

    public PyName BaseEventLoop { get; } = new("BaseEventLoop");

    public PyName BaseEvents { get; } = new("asyncio.base_events");

    public PyName CallSoon { get; } = new("call_soon");

    public PyName Cancel { get; } = new("cancel");

    public PyName Cancelling { get; } = new("cancelling");

    public PyName Clear { get; } = new("clear");

    public PyName Close { get; } = new("close");

    public PyName Done { get; } = new("done");

    public PyName DotNetStackTrace { get; } = new("stack_trace");

    public PyName DotNetType { get; } = new("dotnet_type");

    public PyName Exception { get; } = new("exception");

    public PyName Exceptions { get; } = new("exceptions");

    public PyName GetDebug { get; } = new("get_debug");

    public PyName GetLoop { get; } = new("get_loop");

    public PyName GetTaskFactory { get; } = new("get_task_factory");

    public PyName HasDotNetNote { get; } = new("__dotnet_note__");

    public PyName IsClosed { get; } = new("is_closed");

    public PyName Loop { get; } = new("loop");

    public PyName ManagedException { get; } = new("__dotnet_exception__");

    public PyName Module { get; } = new("__module__");

    public PyName Mro { get; } = new("__mro__");

    public PyName Name { get; } = new("__name__");

    public PyName QualName { get; } = new("__qualname__");

    public PyName Ready { get; } = new("_ready");

    public PyName Result { get; } = new("result");

    public PyName TaskFactory { get; } = new("_task_factory");

    public PyName TracebackFrame { get; } = new("tb_frame");

    public PyName TracebackNext { get; } = new("tb_next");

    public PyName Cause { get; } = new("__cause__");

    public PyName Code { get; } = new("code");
}
