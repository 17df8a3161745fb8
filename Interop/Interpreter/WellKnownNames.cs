namespace PyAsync.Interop;

/// <summary>The attribute and method names that the bridge looks up all the time, interned once per interpreter.</summary>
internal sealed class WellKnownNames
{
    private readonly Dictionary<string, PyName> _others = [];

    /// <summary>Any other name, interned at first use. The GIL guards the table.</summary>
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

    public PyName Await { get; } = new("__await__");


    public PyName CallSoon { get; } = new("call_soon");

    public PyName Cancel { get; } = new("cancel");

    public PyName Cancelled { get; } = new("cancelled");

    public PyName Close { get; } = new("close");

    public PyName Done { get; } = new("done");

    public PyName DotNetStackTrace { get; } = new("stack_trace");

    public PyName DotNetType { get; } = new("dotnet_type");

    public PyName Exception { get; } = new("exception");

    public PyName Exceptions { get; } = new("exceptions");

    public PyName GetDebug { get; } = new("get_debug");

    public PyName GetLoop { get; } = new("get_loop");

    public PyName GetName { get; } = new("get_name");

    public PyName GetTaskFactory { get; } = new("get_task_factory");

    public PyName IsClosed { get; } = new("is_closed");

    public PyName IsRunning { get; } = new("is_running");

    public PyName LogDestroyPending { get; } = new("_log_destroy_pending");

    public PyName ManagedException { get; } = new("__dotnet_exception__");

    public PyName Module { get; } = new("__module__");

    public PyName Mro { get; } = new("__mro__");

    public PyName MustCancel { get; } = new("_must_cancel");

    public PyName Name { get; } = new("__name__");

    public PyName QualName { get; } = new("__qualname__");

    public PyName Result { get; } = new("result");

    public PyName SetName { get; } = new("set_name");

    public PyName Throw { get; } = new("throw");

    public PyName Cause { get; } = new("__cause__");

    public PyName Code { get; } = new("code");

    public PyName Value { get; } = new("value");
}
