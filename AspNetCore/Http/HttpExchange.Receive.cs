using PyAsync.Interop;

namespace PyAsync.Http;

// The loop's side: the messages to the application.
internal sealed partial class HttpExchange
{
    // The calls that wait for a message, and for room. The loop's thread alone uses them.
    private readonly Waiters _receives = new();
    private readonly Waiters _sends = new();
    private bool _isRequestComplete;
    private bool _isDisconnected;

    /// <summary>The application's call of <c>receive</c>.</summary>
    private NewReference Receive()
    {
        if (_isDisconnected || HasEnded || _response == ResponseState.Complete)
        {
            return AsgiMessage.Finished(Application, Application.Message("http.disconnect"));
        }

        if (_isRequestComplete)
        {
            Notify(Work.WatchClient);
        }
        else if (_receives.IsEmpty)
        {
            NewReference message = TakeBody();
            if (!message.IsNull)
            {
                return AsgiMessage.Finished(Application, message);
            }

            Notify(Work.ReadBody);
        }

        return _receives.Add(Loop);
    }

    public override void OnSignals(int flags)
    {
        var signals = (Signals)flags;
        ReleaseSent();
        if ((signals & Signals.ClientLeft) != 0 && !_isDisconnected)
        {
            // The application is notified, and not cancelled.
            _isDisconnected = true;
            EndWaits();
        }

        if ((signals & Signals.BodyRead) != 0)
        {
            DeliverBody();
        }

        while ((signals & Signals.Flushed) != 0 && _sends.HasWaiting())
        {
            _sends.Complete(Loop, NewReference.From(InterpreterState.Current.None));
        }
    }

    /// <summary>Gives a part of the body that was read to the first call that waits.</summary>
    private void DeliverBody()
    {
        while (!_isRequestComplete && _receives.HasWaiting())
        {
            NewReference message = TakeBody();
            if (message.IsNull)
            {
                return;
            }

            _receives.Complete(Loop, message);
        }

        if (_isRequestComplete && _receives.HasWaiting())
        {
            Notify(Work.WatchClient);
        }
    }

    /// <summary>Ends the calls that wait: <c>receive</c> returns, <c>send</c> raises an exception if the client has left.</summary>
    private void EndWaits()
    {
        while (_receives.HasWaiting())
        {
            _receives.Complete(Loop, Application.Message("http.disconnect"));
        }

        while (_sends.HasWaiting())
        {
            if (_isDisconnected)
            {
                _sends.Fail(Loop);
            }
            else
            {
                _sends.Complete(Loop, NewReference.From(InterpreterState.Current.None));
            }
        }
    }
}
