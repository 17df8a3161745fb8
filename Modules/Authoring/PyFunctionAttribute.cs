namespace PyAsync;

/// <summary>
/// Makes a Python function of a static method of a <see cref="PyModuleAttribute"/> class, or sets options for a method of a
/// <see cref="PyClassAttribute"/> class.
/// </summary>
/// <remarks>
/// <para>A method that returns a <see cref="Task"/> or a <see cref="ValueTask"/> gives Python an awaitable, on the loop that runs where the method is
/// called; one that returns an <see cref="IAsyncEnumerable{T}"/> gives an async iterator; any other method runs synchronously.</para>
/// <para>Parameters of the types <see cref="CancellationToken"/>, <see cref="IRuntime"/> and <see cref="EventLoopContext"/> are supplied by .NET, and
/// are not parameters in Python.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PyFunctionAttribute : Attribute
{
    /// <summary>Derives the name in Python from the method's.</summary>
    public PyFunctionAttribute()
    {
    }

    /// <summary>Uses a given name.</summary>
    /// <param name="name">The name in Python; may be a special one, such as <c>__len__</c>.</param>
    public PyFunctionAttribute(string name) => Name = name;

    /// <summary>Gets the name in Python.</summary>
    /// <value>Default null: the method's name in Python's style, without <c>Async</c> at its end: <c>ReadLineAsync</c> is <c>read_line</c>.</value>
    public string? Name { get; }

    /// <summary>Gets or sets where an asynchronous method starts.</summary>
    /// <value>Default <see cref="PyStart.Inline"/>.</value>
    public PyStart Start { get; set; }

    /// <summary>Gets or sets the kind of awaitable that an asynchronous method returns to Python.</summary>
    /// <value>Default <see cref="PyAwaitable.Future"/>.</value>
    public PyAwaitable Returns { get; set; }

    /// <summary>Gets or sets how the awaitable reacts to a cancellation by Python.</summary>
    /// <value>Default: <see cref="CancelBehavior.Wait"/> for a method that takes a <see cref="CancellationToken"/>, else <see cref="CancelBehavior.Abandon"/>.</value>
    public CancelBehavior Cancel { get; set; }
}
