using Microsoft.CodeAnalysis;

namespace PyAsync.Generators.Modules;

/// <summary>Reads a method that Python can call. Errors are added to the problems.</summary>
/// <param name="owner">The Python class that the methods belong to; null for a module.</param>
/// <param name="problems">The errors.</param>
/// <param name="cancellationToken">Cancels.</param>
internal sealed class FunctionReader(string? owner, List<DiagnosticInfo> problems, CancellationToken cancellationToken)
{
    internal const string FunctionAttribute = "PyAsync.PyFunctionAttribute";

    /// <param name="method">The method.</param>
    /// <param name="call">The expression that calls it.</param>
    /// <param name="defaultName">Its name in Python, unless the attribute sets another.</param>
    public FunctionModel? Read(IMethodSymbol method, string call, string defaultName)
    {
        AttributeData? attribute = MemberNames.Find(method, FunctionAttribute);
        string display = MemberNames.Display(method);
        string name = attribute?.ConstructorArguments.FirstOrDefault().Value as string ?? defaultName;
        int before = problems.Count;
        if (!PythonNames.IsIdentifier(name))
        {
            problems.Add(DiagnosticInfo.Create(Diagnostics.NotAName, method, name, display));
        }

        if (WhyUnreachable(method) is { } why)
        {
            problems.Add(DiagnosticInfo.Create(Diagnostics.FunctionNotReachable, method, display, why));
        }

        ResultModel? result = method.MethodKind == MethodKind.Constructor ? new ResultModel(ResultKind.Self, null) : ReadResult(method, display);
        List<ParameterModel> parameters = ReadParameters(method, display, result);
        bool scheduled = Setting(attribute, "Start") is 1;
        bool isCoroutine = Setting(attribute, "Returns") is 1;
        int? cancelSetting = Setting(attribute, "Cancel");
        if (result is not { Kind: ResultKind.Task })
        {
            if (scheduled)
            {
                problems.Add(DiagnosticInfo.Create(Diagnostics.SettingOfSynchronous, method, display, "Start = PyStart.Scheduled"));
            }

            if (isCoroutine)
            {
                problems.Add(DiagnosticInfo.Create(Diagnostics.SettingOfSynchronous, method, display, "Returns = PyAwaitable.Coroutine"));
            }

            if (cancelSetting is not null)
            {
                problems.Add(DiagnosticInfo.Create(Diagnostics.SettingOfSynchronous, method, display, "Cancel"));
            }
        }

        if (problems.Count > before || result is null)
        {
            return null;
        }

        bool takesToken = parameters.Any(static parameter => parameter.Kind == ParameterKind.Token);
        string cancel = cancelSetting switch
        {
            0 => "Wait",
            1 => "Abandon",
            _ => takesToken ? "Wait" : "Abandon",
        };
        string? self = method.IsStatic ? null : MemberNames.FullName(method.ContainingType);
        return new FunctionModel(name, owner, self, call, display, parameters.ToEquatableArray(), result, scheduled, isCoroutine, cancel, DocComment.OfMethod(method, parameters, cancellationToken));
    }

    private static string? WhyUnreachable(IMethodSymbol method) =>
        method.MethodKind is not (MethodKind.Ordinary or MethodKind.Constructor or MethodKind.ExplicitInterfaceImplementation) ? "cannot be called by its name"
        : method.IsGenericMethod ? "is generic"
        : method.IsHidden() ? "is private"
        : null;

    private static int? Setting(AttributeData? attribute, string name) =>
        attribute?.NamedArguments.FirstOrDefault(argument => argument.Key == name).Value.Value as int?;

    private ResultModel? ReadResult(IMethodSymbol method, string display)
    {
        if (method.ReturnsVoid)
        {
            if (!method.IsAsync)
            {
                return new ResultModel(ResultKind.Nothing, null);
            }

            problems.Add(DiagnosticInfo.Create(Diagnostics.AsyncVoid, method, display));
            return null;
        }

        bool isValueTask = method.ReturnType.Name == "ValueTask";
        (ResultKind kind, ITypeSymbol? type) = method.ReturnType switch
        {
            INamedTypeSymbol { IsGenericType: true } generic => generic.OriginalDefinition.ToDisplayString() switch
            {
                "System.Threading.Tasks.Task<TResult>" or "System.Threading.Tasks.ValueTask<TResult>" => (ResultKind.Task, generic.TypeArguments[0]),
                "System.Collections.Generic.IAsyncEnumerable<T>" => (ResultKind.Stream, generic.TypeArguments[0]),
                _ => (ResultKind.Value, generic),
            },
            var other => other.ToDisplayString() switch
            {
                "System.Threading.Tasks.Task" or "System.Threading.Tasks.ValueTask" => (ResultKind.Task, (ITypeSymbol?)null),
                _ => (ResultKind.Value, other),
            },
        };
        if (type is null)
        {
            return new ResultModel(kind, null, isValueTask);
        }

        if (method.RefKind == RefKind.None && TypeMapper.Map(type) is { } mapped)
        {
            bool isNullable = type.NullableAnnotation == NullableAnnotation.Annotated && type.IsReferenceType && mapped.Python != "Any";
            return new ResultModel(kind, isNullable ? mapped with { Python = mapped.Python + " | None" } : mapped, isValueTask);
        }

        problems.Add(DiagnosticInfo.Create(Diagnostics.NoConverter, method, $"the result of '{display}'", TypeMapper.Display(type)));
        return null;
    }

    private List<ParameterModel> ReadParameters(IMethodSymbol method, string display, ResultModel? result)
    {
        List<ParameterModel> parameters = [];
        foreach (IParameterSymbol parameter in method.Parameters)
        {
            if (ReadParameter(parameter, display) is not { } read)
            {
                continue;
            }

            bool again = !read.IsPythons && parameters.Any(other => other.Kind == read.Kind);
            if (again)
            {
                problems.Add(DiagnosticInfo.Create(Diagnostics.ParameterTwice, parameter, parameter.Name, display, parameter.Type.Name));
            }

            if (read.Kind == ParameterKind.Token && result is { Kind: not (ResultKind.Task or ResultKind.Stream) })
            {
                problems.Add(DiagnosticInfo.Create(Diagnostics.TokenOfSynchronous, parameter, parameter.Name, display));
            }

            if (parameters.Any(other => other.PythonName == read.PythonName))
            {
                problems.Add(DiagnosticInfo.Create(Diagnostics.SameName, parameter, read.PythonName, display));
            }

            parameters.Add(read);
        }

        return parameters;
    }

    private ParameterModel? ReadParameter(IParameterSymbol parameter, string display)
    {
        string name = MemberNames.Escaped(parameter.Name);
        string pythonName = PythonNames.Of(parameter.Name);
        if (parameter.RefKind != RefKind.None)
        {
            problems.Add(DiagnosticInfo.Create(Diagnostics.ByReference, parameter, parameter.Name, display));
            return null;
        }

        ParameterKind kind = parameter.Type.ToDisplayString() switch
        {
            "System.Threading.CancellationToken" => ParameterKind.Token,
            "PyAsync.IRuntime" => ParameterKind.Runtime,
            "PyAsync.EventLoopContext" => ParameterKind.Context,
            _ => parameter.IsParams ? ParameterKind.Rest : ParameterKind.Argument,
        };
        if (kind is not (ParameterKind.Argument or ParameterKind.Rest))
        {
            return new ParameterModel(name, pythonName, kind, null, AllowsNone: false, Default: null);
        }

        ITypeSymbol? type = kind == ParameterKind.Argument ? parameter.Type : (parameter.Type as IArrayTypeSymbol)?.ElementType;
        if (type is null || TypeMapper.Map(type) is not { } mapped)
        {
            problems.Add(DiagnosticInfo.Create(
                Diagnostics.NoConverter, parameter, $"parameter '{parameter.Name}' of '{display}'", TypeMapper.Display(parameter.Type)));
            return null;
        }

        // A parameter whose default is null accepts None too; PyObject and object accept every object.
        DefaultModel? defaultValue = DefaultValues.Of(parameter, mapped);
        bool any = mapped.Python == "Any";
        bool allowsNone = any || TypeMapper.IsNullable(type) || defaultValue is { Python: "None" };
        if (defaultValue is { IsStandIn: true } || (type.IsReferenceType && allowsNone && !any))
        {
            mapped = mapped with { Python = mapped.Python + " | None" };
        }

        return new ParameterModel(name, pythonName, kind, mapped, allowsNone, defaultValue);
    }
}
