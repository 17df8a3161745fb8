using System.ComponentModel;

namespace PyAsync.Modules;

/// <summary>The body of a function: reads the arguments, calls the C# method, converts its result.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public delegate PyResult ModuleFunctionCode(FunctionCall call);
