namespace PyAsync;

/// <summary>
/// Makes a Python function of a static method of a <see cref="PyModuleAttribute"/> class, or says more of a method of a
/// <see cref="PyClassAttribute"/> class.
/// </summary>
/// <remarks>
/// <para>A method that returns a <see cref="Task"/> or a <see cref="ValueTask"/> gives Python something to await, on the loop that runs where
/// it is called; one that returns an <see cref="IAsyncEnumerable{T}"/> an async iterator; any other runs as a call does.</para>
/// <para>Parameters of the types <see cref="CancellationToken"/>, <see cref="IRuntime"/> and <see cref="EventLoopContext"/> are filled in and not
/// seen by Python.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PyFunctionAttribute : Attribute
{
    /// <summary>For a name of its own making.</summary>
    public PyFunctionAttribute()
    {
    }

    /// <summary>For a given name.</summary>
    /// <param name="name">The name in Python; may be a special one, such as <c>__len__</c>.</param>
    public PyFunctionAttribute(string name) => Name = name;

    /// <summary>The name in Python.</summary>
    /// <value>Default null: the method's name as Python writes it, without an <c>Async</c> at its end: <c>ReadLineAsync</c> is <c>read_line</c>.</value>
    public string? Name { get; }

    /// <summary>Where an asynchronous method starts.</summary>
    /// <value>Default <see cref="PyStart.Inline"/>.</value>
    public PyStart Start { get; set; }

    /// <summary>What becomes of the awaitable when Python cancels it.</summary>
    /// <value>Default: <see cref="CancelBehavior.Wait"/> for a method that takes a <see cref="CancellationToken"/>, else <see cref="CancelBehavior.Abandon"/>.</value>
    public CancelBehavior Cancel { get; set; }
}
