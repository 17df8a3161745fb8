using System.ComponentModel;

namespace PyAsync.Modules;

/// <summary>The function that a typed call calls, and its names for messages. For generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class CallTarget
{
    private protected CallTarget(string function, string member)
    {
        Function = function;
        Member = member;
        WithoutArguments = new NoArguments(this);
    }

    /// <summary>Gets the name in Python: <c>weather.forecast</c>.</summary>
    public string Function { get; }

    /// <summary>Gets the member of the interface: <c>IWeather.ForecastAsync</c>.</summary>
    public string Member { get; }

    /// <summary>Gets the call without arguments.</summary>
    internal TypedCall WithoutArguments { get; }

    /// <summary>Gets both names, for messages.</summary>
    internal string Description => $"{Function} ({Member})";

    /// <summary>Gets or sets a value that is true once Python has accepted the arguments of a call.</summary>
    internal bool IsProven { get; set; }

    /// <summary>Finds the function. Needs the GIL.</summary>
    /// <param name="given">The object that the call was given; <c>None</c> if the target finds the object itself.</param>
    internal abstract NewReference Resolve(BorrowedReference given);
}
