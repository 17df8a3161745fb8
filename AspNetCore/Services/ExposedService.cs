using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using PyAsync.Interop;

namespace PyAsync.Services;

/// <summary>A C# service that Python code can ask for.</summary>
/// <param name="Name">The name in Python.</param>
/// <param name="Type">The type that the services are asked for.</param>
/// <param name="CreateMethods">Makes a dictionary of its methods by their Python names. On a thread with the GIL.</param>
internal sealed record ExposedService(string Name, Type Type, Func<IRuntime, PyObject> CreateMethods)
{
    [RequiresDynamicCode(ServiceMethod.Message)]
    [RequiresUnreferencedCode(ServiceMethod.Message)]
    public static ExposedService Of(Type type, string name) => new(name, type, runtime => CreateMethodsOf(type, runtime));

    [RequiresDynamicCode(ServiceMethod.Message)]
    [RequiresUnreferencedCode(ServiceMethod.Message)]
    private static PyObject CreateMethodsOf(Type type, IRuntime runtime)
    {
        using NewReference methods = CPython.PyDict_New().OrThrow();
        IEnumerable<MethodInfo> all = new[] { type }.Concat(type.IsInterface ? type.GetInterfaces() : [])
            .SelectMany(static declared => declared.GetMethods(BindingFlags.Public | BindingFlags.Instance))
            .Where(static method => !method.IsSpecialName && !method.IsGenericMethodDefinition && method.DeclaringType != typeof(object));

        // Of overloads, the one with the most parameters: Python passes some of them by their names.
        foreach (IGrouping<string, ServiceMethod> overloads in all.OrderByDescending(static method => method.GetParameters().Length).Select(static method => new ServiceMethod(method)).GroupBy(static method => method.Name))
        {
            using PyObject function = overloads.First().Create(runtime);
            PythonErrors.ThrowIfNegative(CPython.PyDict_SetItem(methods.Borrow(), WellKnownNames.Current[overloads.Key].Reference, function.Reference));
        }

        return PyObject.FromBorrowed(methods.Borrow());
    }
}
