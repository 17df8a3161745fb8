using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace PyAsync.Lanes;

/// <summary>Names .NET work after the method that its delegate calls, for messages.</summary>
internal static class WorkName
{
    /// <summary>Gets a name such as <c>Shop.Worker.RunAsync</c>; for a lambda that of the method that contains it.</summary>
    public static string Of(Delegate work)
    {
        // Null where the method's name was trimmed.
        if (DiagnosticMethodInfo.Create(work) is not { } method)
        {
            return "a method without a name";
        }

        if (method.DeclaringAssemblyName.StartsWith("PyAsync.", StringComparison.Ordinal) && Wrapped(work) is { } inner)
        {
            return Of(inner);
        }

        return FullName(method.DeclaringTypeName ?? "", method.Name);
    }

    /// <summary>Gets the name of the <c>async</c> method that runs as a Task; null if the Task is of another kind, or the name was trimmed.</summary>
    public static string? OfAsyncMethod(Task work)
    {
        // The Task of an async method has the compiler's state machine as its last type argument: <RunAsync>d__1.
        if (work.GetType().GenericTypeArguments is not [.., { } machine] || machine is not { Name: var name, DeclaringType.FullName: { } type } || !name.StartsWith('<') || name.LastIndexOf(">d", StringComparison.Ordinal) is not (> 0 and int end))
        {
            return null;
        }

        return machine.Assembly == typeof(WorkName).Assembly ? null : FullName(type, name[1..end]);
    }

    private static string FullName(string type, string method)
    {
        int generated = type.IndexOf("+<", StringComparison.Ordinal);
        type = (generated < 0 ? type : type[..generated]).Replace('+', '.');
        string name = Name(method);
        return type.Length == 0 ? name : $"{type}.{name}";
    }

    /// <summary>Gets the caller's delegate that a lambda of this library calls; null if it has none.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "Where the field was trimmed, the name is that of the lambda.")]
    private static Delegate? Wrapped(Delegate work)
    {
        foreach (FieldInfo field in work.Target?.GetType().GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic) ?? [])
        {
            if (field.GetValue(work.Target) is Delegate inner && inner != work)
            {
                return inner;
            }
        }

        return null;
    }

    /// <summary>Undoes the compiler's renaming: <c>&lt;Run&gt;b__0</c> is a lambda in Run, <c>&lt;Run&gt;g__Work|0_1</c> is the local function Work.</summary>
    private static string Name(string name)
    {
        int local = name.LastIndexOf("g__", StringComparison.Ordinal);
        if (local > 0 && name.IndexOf('|', local) is > 0 and int end)
        {
            return name[(local + "g__".Length)..end];
        }

        if (!name.StartsWith('<'))
        {
            return name;
        }

        int close = name.LastIndexOf(">b__", StringComparison.Ordinal);
        string outer = (close < 0 ? name : name[1..close]).Trim('<', '>', '$');
        int last = outer.LastIndexOf('>');
        return $"{(last < 0 ? outer : outer[(last + 1)..])} (lambda)";
    }
}
