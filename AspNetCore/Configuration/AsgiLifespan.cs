namespace PyAsync;

/// <summary>Specifies whether an ASGI application takes part in the host's start and stop, by the lifespan protocol.</summary>
public enum AsgiLifespan
{
    /// <summary>The application is started and stopped if it supports the protocol. If it raises an exception instead, the host starts without it.</summary>
    Auto,

    /// <summary>The application must support the protocol: an exception in its start fails the host's start.</summary>
    On,

    /// <summary>The protocol is not used.</summary>
    Off,
}
