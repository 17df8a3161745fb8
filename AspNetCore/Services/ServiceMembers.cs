using PyAsync.Interop;

namespace PyAsync.Services;

/// <summary>The members of a C# service for Python.</summary>
/// <param name="Methods">A dictionary of functions by their Python names. The first argument of each is the service.</param>
/// <param name="Properties">Another one of functions that read properties.</param>
/// <param name="Hidden">A dictionary that has, for each property that Python cannot read, the reason.</param>
internal sealed record ServiceMembers(PyObject Methods, PyObject Properties, PyObject Hidden);
