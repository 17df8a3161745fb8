using System.Diagnostics.CodeAnalysis;

namespace PyAsync;

internal sealed partial class PythonEventLoop
{
    /// <summary>A posted action.</summary>
    private sealed class CallbackItem(Action<object?> callback, object? state) : IInboxItem
    {
        private readonly ExecutionContext? _context = ExecutionContext.Capture();

        public IInboxItem? Next { get; set; }

        [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Goes to the exception handler: the loop goes on.")]
        public bool Run(PythonEventLoop loop)
        {
            try
            {
                if (_context is null)
                {
                    callback(state);
                }
                else
                {
                    ExecutionContext.Run(_context, new ContextCallback(callback), state);
                }
            }
            catch (Exception e)
            {
                loop.ReportUnobserved("A callback posted to the event loop failed.", e);
            }

            return true;
        }

        public void Abandon(Exception reason)
        {
        }
    }

    /// <summary>Work of a lane's, which brings its context along and fails, if it does, by itself. It is never lost: without the loop the pool does it.</summary>
    private sealed class WorkItem(Action<object?> work, object? state) : IInboxItem
    {
        public IInboxItem? Next { get; set; }

        public bool Run(PythonEventLoop loop)
        {
            work(state);
            return true;
        }

        public void Abandon(Exception reason) => ThreadPool.UnsafeQueueUserWorkItem(work, state, preferLocal: false);
    }
}
