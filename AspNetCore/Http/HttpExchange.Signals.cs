using System.Runtime.InteropServices;

namespace PyAsync.Http;

// The signals of the server's side to the loop's side.
internal sealed partial class HttpExchange
{
    [Flags]
    private enum Signals
    {
        None = 0,

        /// <summary>A part of the body was read.</summary>
        BodyRead = 1,

        /// <summary>The client has left.</summary>
        ClientLeft = 2,

        /// <summary>The client has read so much that <c>send</c> need not wait any more.</summary>
        Flushed = 4,

        /// <summary>Parts of the body can be released.</summary>
        Sent = 8,
    }

    /// <summary>Notifies the loop's side. From any thread.</summary>
    private void Signal(Signals signals) => LoopSignals.Set((int)signals);

    /// <summary>Called when what was taken has been written, or will not be written because the client has left.</summary>
    private void NoteSent()
    {
        Signals signals = Signals.None;
        lock (_gate)
        {
            foreach (HeldBytes part in CollectionsMarshal.AsSpan(_writing))
            {
                _unsent -= part.Length;
                _sentBytes += part.Length;
            }

            _sent.AddRange(_writing);
            _writing.Clear();
            if (_senderWaits && _unsent <= Application.Options.SendBufferSize / 4)
            {
                _senderWaits = false;
                signals = Signals.Flushed;
            }
            else if (_sentBytes > MaxUnflushed)
            {
                signals = Signals.Sent;
            }
        }

        if (signals != Signals.None)
        {
            Signal(signals);
        }
    }

    /// <summary>Releases what the server's side has sent. On the loop's thread.</summary>
    private void ReleaseSent()
    {
        lock (_gate)
        {
            _sentBytes = 0;
            ReleaseAll(_sent);
        }
    }
}
