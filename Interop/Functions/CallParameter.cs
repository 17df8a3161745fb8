using System.ComponentModel;
using PyAsync.Interop;

namespace PyAsync.Modules;

/// <summary>A parameter of a function written in C#, as Python code and error messages see it.</summary>
/// <param name="Name">Its name, by which it can be passed.</param>
/// <param name="Type">The Python type that it takes: <c>float</c>, <c>list[int]</c>.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record CallParameter(string Name, string Type);
