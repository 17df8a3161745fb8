using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using PyAsync.Generators.Modules;
using PyAsync.Interop;

namespace PyAsync.Services;

/// <summary>A C# service that Python code can ask for.</summary>
/// <param name="Name">The name in Python.</param>
/// <param name="Type">The type that the services are asked for.</param>
/// <param name="CreateMembers">Makes its methods and properties. On a thread with the GIL.</param>
internal sealed record ExposedService(string Name, Type Type, Func<IRuntime, ServiceMembers> CreateMembers)
{
    [RequiresDynamicCode(ServiceMethod.Message)]
    [RequiresUnreferencedCode(ServiceMethod.Message)]
    public static ExposedService Of(Type type, string name) => new(name, type, runtime => CreateMembersOf(type, runtime));

    [RequiresDynamicCode(ServiceMethod.Message)]
    [RequiresUnreferencedCode(ServiceMethod.Message)]
    private static ServiceMembers CreateMembersOf(Type type, IRuntime runtime)
    {
        Type[] declaring = [type, .. type.IsInterface ? type.GetInterfaces() : []];
        (PyObject properties, PyObject hidden) = CreateProperties(declaring, runtime);
        return new ServiceMembers(CreateMethods(declaring, runtime), properties, hidden);
    }

    [RequiresDynamicCode(ServiceMethod.Message)]
    [RequiresUnreferencedCode(ServiceMethod.Message)]
    private static PyObject CreateMethods(Type[] declaring, IRuntime runtime)
    {
        using NewReference methods = CPython.PyDict_New().OrThrow();
        IEnumerable<MethodInfo> all = declaring.SelectMany(static type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance))
            .Where(static method => !method.IsSpecialName && !method.IsGenericMethodDefinition && method.DeclaringType != typeof(object));

        // Of overloads, the one with the most parameters: Python passes some of them by their names.
        foreach (var overloads in all.OrderByDescending(static method => method.GetParameters().Length).GroupBy(static method => PythonNames.OfMethod(method.Name)))
        {
            MethodInfo method = overloads.First();
            try
            {
                using PyObject function = new ServiceMethod(method, overloads.Key).Create(runtime);
                Set(methods.Borrow(), overloads.Key, function);
            }
            catch (Exception e) when (Refusal(e) is { } refusal)
            {
                throw new NotSupportedException($"{method.DeclaringType}.{method.Name} cannot be exposed to Python: {refusal.Message}", refusal);
            }
        }

        return PyObject.FromBorrowed(methods.Borrow());
    }

    /// <summary>Makes the functions that read the properties. A property whose type has no converter is hidden: an error says why when Python reads it.</summary>
    [RequiresDynamicCode(ServiceMethod.Message)]
    [RequiresUnreferencedCode(ServiceMethod.Message)]
    private static (PyObject Properties, PyObject Hidden) CreateProperties(Type[] declaring, IRuntime runtime)
    {
        using NewReference properties = CPython.PyDict_New().OrThrow();
        using NewReference hidden = CPython.PyDict_New().OrThrow();
        foreach (PropertyInfo property in declaring.SelectMany(static type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)).Where(static property => property.GetIndexParameters().Length == 0))
        {
            string name = PythonNames.Of(property.Name);
            if (property.GetMethod is not { IsPublic: true } getter)
            {
                Hide(hidden.Borrow(), name, $"property '{property.Name}' cannot be read");
                continue;
            }

            try
            {
                using PyObject function = new ServiceMethod(getter, name).Create(runtime);
                Set(properties.Borrow(), name, function);
            }
            catch (Exception e) when (Refusal(e) is { } refusal)
            {
                Hide(hidden.Borrow(), name, $"property '{property.Name}' cannot be exposed to Python: {refusal.Message}");
            }
        }

        return (PyObject.FromBorrowed(properties.Borrow()), PyObject.FromBorrowed(hidden.Borrow()));
    }

    /// <summary>Gets the exception of a member that Python cannot have; null for another exception.</summary>
    private static NotSupportedException? Refusal(Exception e) => (e is TargetInvocationException ? e.InnerException : e) as NotSupportedException;

    private static void Hide(BorrowedReference hidden, string name, string reason)
    {
        using PyObject text = PyObject.From(reason, PyConvert.String);
        Set(hidden, name, text);
    }

    private static void Set(BorrowedReference dictionary, string name, PyObject value) =>
        PythonErrors.ThrowIfNegative(CPython.PyDict_SetItem(dictionary, WellKnownNames.Current[name].Reference, value.Reference));
}
