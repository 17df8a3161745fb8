using System.Diagnostics.CodeAnalysis;
using PyAsync.Services;

namespace PyAsync;

/// <summary>The settings of one ASGI application, which the callback of <c>MapAsgi</c> changes. Later changes have no defined effect.</summary>
public sealed class AsgiOptions
{
    /// <summary>Gets or sets the key of the runtime that runs the application.</summary>
    /// <value>A key of <c>AddKeyedPyAsync</c>; an unknown one fails the host's start. Default: null, the runtime of <c>AddPyAsync</c>.</value>
    public string? RuntimeKey { get; set; }

    /// <summary>Gets or sets the folder that Python searches first for the application's module. It becomes the first entry of <c>sys.path</c>.</summary>
    /// <value>A path, relative to the host's content root. Default: the content root.</value>
    public string? ApplicationDirectory { get; set; }

    /// <summary>Gets or sets a value that indicates whether the named attribute is a function without parameters that returns the application.</summary>
    /// <value>Default: false.</value>
    public bool IsFactory { get; set; }

    /// <summary>Gets or sets the use of the application's lifespan.</summary>
    /// <value>Default: <see cref="AsgiLifespan.Auto"/>.</value>
    public AsgiLifespan Lifespan { get; set; } = AsgiLifespan.Auto;

    /// <summary>
    /// Gets or sets a value that indicates whether <c>scope["path"]</c> begins with <c>scope["root_path"]</c>, as ASGI specifies.
    /// </summary>
    /// <value>
    /// Default: null, which is true except for applications of a Starlette before 0.33 (and a FastAPI on it), whose routes expect the path without it.
    /// </value>
    public bool? PathIncludesRootPath { get; set; }

    /// <summary>
    /// Gets or sets a value that indicates whether an exception of the application goes to ASP.NET Core's exception handlers and pages also if the application has sent a
    /// response with status 500 for it, as Starlette and FastAPI do before they raise it again. Its response is not sent then.
    /// </summary>
    /// <value>
    /// If true, such a response waits until the application has ended, unless its body comes in several parts. Default: false: the application's response is sent, and the
    /// exception is logged.
    /// </value>
    public bool UseExceptionHandlers { get; set; }

    /// <summary>Gets or sets the number of unsent bytes of a response from which on <c>send()</c> waits until the client has read some.</summary>
    /// <value>Bytes, at least 1. Default: 65,536.</value>
    public int SendBufferSize { get; set; } = 64 * 1024;

    /// <summary>Gets or sets the maximum size of a message that a WebSocket receives. A larger one closes the connection with code 1009.</summary>
    /// <value>Bytes, at least 1. Default: 16,777,216.</value>
    public int MaxWebSocketMessageSize { get; set; } = 16 * 1024 * 1024;

    /// <summary>
    /// Gets or sets the time that a client has, after the application has closed a WebSocket or has ended, to read what was sent and to send its close frame. Then the
    /// connection is aborted.
    /// </summary>
    /// <value>More than zero, at most 24 days. Default: 10 seconds.</value>
    public TimeSpan WebSocketCloseTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets the services that Python code can ask for.</summary>
    internal List<ExposedService> ExposedServices { get; } = [];

    /// <summary>
    /// Lets Python endpoints use a C# service of the request's scope: <c>Depends(dotnet("IOrders"))</c> in FastAPI, <c>get_service(scope, "IOrders")</c> elsewhere, both from
    /// <c>pyasync.web</c>. Its methods have Python's names (<c>GetOrderAsync</c> is <c>get_order</c>); those that return a Task are awaited, and run on the runtime's backend.
    /// </summary>
    /// <typeparam name="TService">The type that is registered with the host's services.</typeparam>
    /// <param name="name">The name in Python; null for the type's name.</param>
    /// <returns>These settings.</returns>
    /// <remarks>
    /// <para>The service lives as long as the request: until the response is complete. Methods that return no Task run on the loop's thread, with the GIL.</para>
    /// <para>The host's start fails with a <see cref="NotSupportedException"/> for a method that has a parameter by reference, or a type that has no converter. In Python, a name that
    /// is not exposed and a service that is not registered raise a <c>KeyError</c>.</para>
    /// </remarks>
    [RequiresDynamicCode(ServiceMethod.Message)]
    [RequiresUnreferencedCode(ServiceMethod.Message)]
    public AsgiOptions ExposeService<TService>(string? name = null)
        where TService : class
    {
        ExposedServices.Add(ExposedService.Of(typeof(TService), name ?? typeof(TService).Name));
        return this;
    }

    /// <summary>Throws if a setting is out of its range.</summary>
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(SendBufferSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxWebSocketMessageSize);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(WebSocketCloseTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(WebSocketCloseTimeout, TimeSpan.FromDays(24)); // A timer's limit.
        if (!Enum.IsDefined(Lifespan))
        {
            throw new ArgumentOutOfRangeException(nameof(Lifespan), Lifespan, "Lifespan must be Auto, On or Off.");
        }
    }
}
