using Microsoft.CodeAnalysis;

namespace PyAsync.Generators;

/// <summary>The diagnostics of the generators. Each message names the error and the correction; docs/diagnostics.md has the details.</summary>
internal static class Diagnostics
{
    private const string Category = "PyAsync";

    public static readonly DiagnosticDescriptor MainNotStatic = Error(
        "PYASYNC001", "The main method has to be static", "'{0}' is marked [PyAsyncMain] and has to be static: add 'static'");

    public static readonly DiagnosticDescriptor MainReturnType = Error(
        "PYASYNC002", "The main method has to return Task or Task<int>", "'{0}' is marked [PyAsyncMain] and returns {1}: let it be 'async Task', or 'async Task<int>' for an exit code");

    public static readonly DiagnosticDescriptor MainParameter = Error(
        "PYASYNC003", "The parameter of the main method is not supported", "Parameter '{0}' of '{1}' has the type {2}: [PyAsyncMain] supports string[], IRuntime and CancellationToken, each at most once");

    public static readonly DiagnosticDescriptor MainNotReachable = Error(
        "PYASYNC004", "The main method has to be accessible", "'{0}' is marked [PyAsyncMain] and {1}: let it be a method, it and the types around it internal or public, and not generic");

    public static readonly DiagnosticDescriptor MainIsEntryPoint = Error(
        "PYASYNC005", "The main method must not be an entry point itself", "'{0}' is itself an entry point by its name and parameters, beside the one that [PyAsyncMain] generates: name it MainAsync");

    public static readonly DiagnosticDescriptor SecondMain = Error(
        "PYASYNC006", "A program has one main method", "'{0}' is marked [PyAsyncMain], and so is '{1}': remove one of the attributes");

    public static readonly DiagnosticDescriptor OtherEntryPoint = Error(
        "PYASYNC007", "The program has an entry point already", "[PyAsyncMain] generates an entry point for '{0}', and the program has one, {1}: remove that, or call PyAsyncApp.Run from there instead of using the attribute");

    public static readonly DiagnosticDescriptor NotAName = Error(
        "PYASYNC020", "A name in Python has to be an identifier", "'{0}' (of '{1}') is not a name in Python: use ASCII letters, digits and underscores, and no keyword");

    public static readonly DiagnosticDescriptor ModuleNotStatic = Error(
        "PYASYNC021", "A module has to be a static class", "'{0}' is marked [PyModule] and has to be static: add 'static' (or 'abstract', to name it as in AddModule<{0}>()), or use [PyClass] for a class that Python creates objects of");

    public static readonly DiagnosticDescriptor ModuleNotReachable = Error(
        "PYASYNC022", "A module has to be accessible", "'{0}' {1}: make it, and the types around it, internal or public and not generic");

    public static readonly DiagnosticDescriptor FunctionNotReachable = Error(
        "PYASYNC023", "A function has to be accessible", "'{0}' {1}: make it an ordinary method, internal or public and not generic");

    public static readonly DiagnosticDescriptor NoConverter = Error(
        "PYASYNC024", "There is no converter for the type", "The type of {0} is {1}, which has no converter to and from Python: use a type that has one, a [PyRecord], a [PyClass], or PyObject and convert it yourself (a delegate with FunctionIntoPy or PyFunction.Create, a task with FutureIntoPy, a stream with AsyncEnumerableIntoPy)");

    public static readonly DiagnosticDescriptor AsyncVoid = Error(
        "PYASYNC025", "An asynchronous function has to return Task", "'{0}' is 'async void', so it cannot be awaited, and its failure is lost: let it return Task");

    public static readonly DiagnosticDescriptor ByReference = Error(
        "PYASYNC026", "Parameters have to be passed by value", "Parameter '{0}' of '{1}' is passed by reference, which Python cannot do: pass it by value, and return the new value");

    public static readonly DiagnosticDescriptor ParameterTwice = Error(
        "PYASYNC027", "A parameter that .NET supplies is allowed once", "Parameter '{0}' of '{1}' is a second {2}: remove it");

    public static readonly DiagnosticDescriptor TokenOfSynchronous = Error(
        "PYASYNC028", "Only an asynchronous function takes a token", "Parameter '{0}' of '{1}' is a CancellationToken, and the method is not asynchronous, so that no code could fire it: let it return a Task, or remove the parameter");

    public static readonly DiagnosticDescriptor SettingOfSynchronous = Error(
        "PYASYNC029", "The setting needs a method that returns Task", "'{0}' is marked {1}, and does not return a Task: let it return one, or remove the setting");

    public static readonly DiagnosticDescriptor SameName = Error(
        "PYASYNC030", "A name in Python has to be unique", "'{0}' occurs twice in '{1}': give one of them another name, such as with [PyFunction(\"name\")]");

    public static readonly DiagnosticDescriptor SameModule = Error(
        "PYASYNC030", "A name in Python has to be unique", "'{0}' is the name of two modules of the assembly: give '{1}' another one, [PyModule(\"name\")]");

    public static readonly DiagnosticDescriptor InitShape = Error(
        "PYASYNC031", "The signature of the initialisation is not supported", "'{0}' is marked [PyModuleInit] and has to be static void, internal or public, and to take nothing but a PyObject (the module) and an IRuntime");

    public static readonly DiagnosticDescriptor ClassShape = Error(
        "PYASYNC032", "A class has to be accessible and instantiable", "'{0}' is marked [PyClass] and {1}: make it, and the types around it, internal or public, neither static nor generic");

    public static readonly DiagnosticDescriptor SeveralConstructors = Error(
        "PYASYNC033", "A class has one constructor in Python", "'{0}' has {1}, and Python has one __init__, the public constructor: mark the others [PyIgnore], or replace them by static methods with other names");

    public static readonly DiagnosticDescriptor ClassWithoutModule = Error(
        "PYASYNC034", "A class belongs to a module", "'{0}' is marked [PyClass], and {1}: nest it in the [PyModule] class that it belongs to");

    public static readonly DiagnosticDescriptor FileName = Error(
        "PYASYNC035", "The assembly needs the name of the module", "The module '{0}' would be in a file that is named after '{1}', where Python does not search for it: set <AssemblyName>{0}</AssemblyName> in the project");

    public static readonly DiagnosticDescriptor Stray = Error(
        "PYASYNC036", "The attribute has no effect outside of a module or a class", "'{0}' is marked [{1}] and is in {2}, where Python does not see it: put it into a {3} class, or mark the class that it is in");

    public static readonly DiagnosticDescriptor SecondInit = Error(
        "PYASYNC037", "A module has one initialisation", "'{0}' is marked [PyModuleInit], and so is '{1}': combine them into one method");

    public static readonly DiagnosticDescriptor RequiredMember = Error(
        "PYASYNC038", "The constructor has to set the required members", "'{0}' has the required member '{1}', which Python's __init__ does not set: let the constructor set it and mark that [SetsRequiredMembers], or remove 'required'");

    public static readonly DiagnosticDescriptor ConstantShape = Error(
        "PYASYNC039", "A constant has to be readable", "'{0}' is marked [PyConstant] and has to be a field or a property with a getter, static, internal or public");

    public static readonly DiagnosticDescriptor ImportShape = Error(
        "PYASYNC040", "An interface of a module has to be accessible", "'{0}' {1}: make it, and the types around it, internal or public and not generic");

    public static readonly DiagnosticDescriptor ImportMember = Error(
        "PYASYNC041", "The member has no counterpart in Python", "'{0}' {1}");

    public static readonly DiagnosticDescriptor NoConverterInImport = Error(
        "PYASYNC042", "There is no converter for the type", "The type of {0} is {1}, which has no converter to and from Python: use a type that has one, a [PyRecord], an interface that is marked [PyProxy], or PyObject; a delegate can only be a parameter");

    public static readonly DiagnosticDescriptor ImportParameter = Error(
        "PYASYNC043", "The parameter cannot be passed to Python", "Parameter '{0}' of '{1}' {2}");

    public static readonly DiagnosticDescriptor ProxyNotPartial = Error(
        "PYASYNC044", "A proxy's interface has to be partial", "'{0}' is marked [PyProxy], and '{1}' is not partial: add 'partial', so that the generated code can make the interface disposable, or derive it from IDisposable");

    public static readonly DiagnosticDescriptor ImportBase = Error(
        "PYASYNC045", "The base interface is not supported", "'{0}' derives from {1}: an interface of a module may derive from other interfaces of the project, one that is marked [PyProxy] also from IDisposable, IAsyncEnumerable<T> and IEnumerable<T>");

    public static readonly DiagnosticDescriptor UsingShape = Error(
        "PYASYNC046", "The signature of UsingAsync is not supported", "'{0}' is 'async with', and has to be 'Task UsingAsync(Func<T, CancellationToken, Task> body, CancellationToken cancellationToken = default)', or 'Task<TResult?> UsingAsync<TResult>(Func<T, CancellationToken, Task<TResult>> body, CancellationToken cancellationToken = default)'");

    public static readonly DiagnosticDescriptor ImportAndProxy = Error(
        "PYASYNC047", "An interface is a module or an object", "'{0}' is marked [PyImport] and [PyProxy]: remove one of them");

    public static readonly DiagnosticDescriptor SynchronousCall = new(
        "PYASYNC048",
        "A synchronous call of Python waits for the GIL",
        "'{0}' calls Python on this thread, which waits for the GIL and blocks asynchronous code meanwhile: declare a method that returns a Task",
        Category,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor RecordShape = Error(
        "PYASYNC060", "A record or an enum has to be accessible", "'{0}' is marked [PyRecord] or [PyEnum], and {1}: make it, and the types around it, internal or public, neither abstract, static nor generic");

    public static readonly DiagnosticDescriptor RecordConstructor = Error(
        "PYASYNC061", "A record needs one constructor to create it", "'{0}' is marked [PyRecord] and has {1}: declare it with a parameter list, or mark one constructor, internal or public, [JsonConstructor]");

    public static readonly DiagnosticDescriptor RecordParameter = Error(
        "PYASYNC062", "A parameter of a record needs a property", "The constructor of '{0}' has the parameter '{1}', and there is no readable property of that name and type, which Python's field could be written from: add one, or remove the parameter");

    public static readonly DiagnosticDescriptor PythonClassShape = Error(
        "PYASYNC063", "The Python class of a record has to be a module and a name", "'{0}' has the PythonClass \"{1}\": write the module and the class, as in \"shop.models:Order\"");

    public static readonly DiagnosticDescriptor FlagsByName = Error(
        "PYASYNC064", "Flags have no single name", "'{0}' is marked [Flags], and a combination of its members has no name: use [PyEnum(PyEnumForm.Value)], or no [PyEnum]");

    public static readonly DiagnosticDescriptor MemberNameTwice = Error(
        "PYASYNC065", "A field has one member", "'{0}' is the name in Python of two members of '{1}': give one of them another with [PyName(\"name\")]");

    public static readonly DiagnosticDescriptor RecordField = Error(
        "PYASYNC066", "The members of a record are properties", "'{1}' is a public field of '{0}', which is marked [PyRecord]: make it a property, or mark it [JsonIgnore]");

    private static DiagnosticDescriptor Error(string id, string title, string message) =>
        new(id, title, message, Category, DiagnosticSeverity.Error, isEnabledByDefault: true);
}
