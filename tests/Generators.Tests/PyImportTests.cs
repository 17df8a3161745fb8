using Microsoft.CodeAnalysis;
using PyAsync.Generators;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>The interfaces of modules and objects that the generator accepts and refuses, and the code that it writes.</summary>
public sealed class PyImportTests
{
    [Theory]
    [InlineData("Task<int> A();")]
    [InlineData("Task A(CancellationToken cancellationToken = default);")]
    [InlineData("ValueTask<string?> A(string? x = null); ValueTask B();")]
    [InlineData("int A(int x, int y = 2); void B(double d = double.NaN, string s = \"a\\\"b\", DayOfWeek day = DayOfWeek.Friday, decimal m = 1.5m, Guid id = default);")]
    [InlineData("IAsyncEnumerable<int> A(int n); IAsyncEnumerable<string?> B(CancellationToken cancellationToken = default);")]
    [InlineData("Task A(params int[] rest); Task B(string a, int b = 1, params object?[] rest);")]
    [InlineData("Task A([PyPositional] int a = 1, [PyPositional] int b = 2, int c = 3, [PyKeyword] int d = 4, params int[] rest);")]
    [InlineData("Task A([PyKwargs] IReadOnlyDictionary<string, object?>? options = null, CancellationToken cancellationToken = default);")]
    [InlineData("Task A(PyOptional<string?> unit = default, [PyKeyword] PyOptional<int> n = default);")]
    [InlineData("Task A(Func<string, CancellationToken, Task> a, Action b, Func<int, Task<int>> c, Func<int, ValueTask> d, Func<List<int>, string?>? e = null);")]
    [InlineData("delegate Task<bool> Filter(string name, int n, CancellationToken token); Task A(Filter filter, List<Func<int, int>> all);")]
    [InlineData("Task<IItem> A(); Task<List<IItem>> B(); Task<IItem?> C(); IAsyncEnumerable<IItem> D(IItem a, PyObject b, IItem? c = null); Task E(Func<IItem, Task<IItem>> f);")]
    [InlineData("Task A(Task a, Task<int> b, ValueTask<string?> c, IAsyncEnumerable<IItem> d, List<Task<int>> e, IAsyncEnumerable<int>? f = null);")]
    [InlineData("Task<List<Task<IItem>>> A(); Task<IAsyncEnumerable<int>> B();")]
    [InlineData("Task A(Func<Task<int>, IAsyncEnumerable<int>, Task> a, Func<IAsyncEnumerable<int>> b);")]
    [InlineData("string Version { get; } int Level { get; set; } double Rate { set; }")]
    [InlineData("Task A(string @event, string target, string arguments, string Write);")]
    [InlineData("[PyName(\"Client.from_url\")] Task<IItem> ConnectAsync([PyName(\"URL\")] string url);")]
    [InlineData("Task A(int x); Task A(string x); static int Own() => 1; int Twice(int x) => 2 * x; Task<(int, string)> Pair();")]
    public void Generate_EveryShapeOfAModule_Compiles(string members) => Run(Module(members)).Diagnostics.ShouldBeEmpty();

    [Theory]
    [InlineData("[PyProxy] public partial interface P { Task A(int x); int Count { get; } string this[int i] { get; set; } }")]
    [InlineData("[PyProxy] public partial interface P { [PyName(\"count\")] int Count { get; } object? this[string key] { get; } }")]
    [InlineData("[PyProxy] public interface P : IDisposable, IAsyncEnumerable<P>, IEnumerable<int> { }")]
    [InlineData("[PyProxy] public partial interface P : B { int Own(); } [PyProxy] public partial interface B { string Base(); }")]
    [InlineData("public partial class O { internal partial record struct R { [PyProxy] internal partial interface P { Task<P> A(); } } }")]
    [InlineData("namespace N.M { [PyProxy] internal partial interface P; }")]
    [InlineData("[PyProxy] public partial interface P { Task UsingAsync(Func<P, CancellationToken, Task> body, CancellationToken cancellationToken = default); Task<TResult?> UsingAsync<TResult>(Func<P, CancellationToken, Task<TResult>> body, CancellationToken cancellationToken = default); }")]
    [InlineData("[PyProxy] public partial interface P { Task<TResult> UsingAsync<TResult>(Func<int, CancellationToken, Task<TResult>> body, CancellationToken token); }")]
    public void Generate_EveryShapeOfAProxy_Compiles(string source) => Run(source).Diagnostics.ShouldBeEmpty();

    [Fact]
    public void Generate_Proxy_MakesTheInterfaceDisposable() =>
        Run("[PyProxy] public partial interface P; public class C { public static void M(P p) => p.Dispose(); }").Diagnostics.ShouldBeEmpty();

    [Fact]
    public void Generate_Interfaces_CanBeTypeArgumentsAndFaked() =>
        Run(Module("Task<int> A();") + " public class Fake : IM { public Task<int> A() => Task.FromResult(1); public static List<IM> All = [new Fake()]; }").Diagnostics.ShouldBeEmpty();

    [Theory]
    [InlineData("Task<Version> A();", "PYASYNC042", "The type of the result of 'IM.A' is Version")]
    [InlineData("Task A(Version version);", "PYASYNC042", "parameter 'version' of 'IM.A' is Version")]
    [InlineData("Task<Func<int>> A();", "PYASYNC042", "a delegate can only be a parameter")]
    [InlineData("Task A(Func<Version, int> f);", "PYASYNC042", "parameter 'f'")]
    [InlineData("Task A(Task<Version> v);", "PYASYNC042", "parameter 'v'")]
    [InlineData("Version A { get; }", "PYASYNC042", "'IM.A' is Version")]
    [InlineData("Task A<T>(T x);", "PYASYNC041", "'IM.A' is generic")]
    [InlineData("event Action A;", "PYASYNC041", "'IM.A' is an event")]
    [InlineData("static abstract int A();", "PYASYNC041", "'IM.A' is static and abstract")]
    [InlineData("int A { get; init; }", "PYASYNC041", "use 'get' and 'set'")]
    [InlineData("int this[int i] { get; }", "PYASYNC041", "'IM.this' is an indexer")]
    [InlineData("Task A(ref int x);", "PYASYNC043", "Parameter 'x' of 'IM.A' is passed by reference")]
    [InlineData("int A(CancellationToken cancellationToken);", "PYASYNC043", "let it return a Task")]
    [InlineData("Task A(CancellationToken a, CancellationToken b);", "PYASYNC043", "'b' of 'IM.A' is a second CancellationToken")]
    [InlineData("Task A(int fooBar, int foo_bar);", "PYASYNC043", "is a second 'foo_bar' in Python")]
    [InlineData("Task A(int a, [PyPositional] int b);", "PYASYNC043", "follows one that is not")]
    [InlineData("Task A([PyPositional, PyKeyword] int b);", "PYASYNC043", "exclude each other")]
    [InlineData("Task A([PyKwargs] int b);", "PYASYNC043", "let it be an IReadOnlyDictionary<string, T>")]
    [InlineData("Task A(params List<int> b);", "PYASYNC043", "let it be an array")]
    [InlineData("Task A(Func<CancellationToken, int, Task> f);", "PYASYNC043", "Parameter 'f' of 'IM.A' is a delegate whose CancellationToken is not the last parameter: move it to the end")]
    [InlineData("Task A(Func<int, CancellationToken, bool> f);", "PYASYNC043", "Parameter 'f' of 'IM.A' is a delegate that takes a CancellationToken and is not asynchronous")]
    [InlineData("Task A(params Action<CancellationToken>[] f);", "PYASYNC043", "let it return a Task, or remove the token")]
    [InlineData("[PyName(\"a-b\")] Task A();", "PYASYNC020", "'a-b' (of 'IM.A')")]
    [InlineData("Task A([PyName(\"class\")] int b);", "PYASYNC020", "'class'")]
    [InlineData("[PyName(\"2\")] int A { get; }", "PYASYNC020", "'2'")]
    public void Generate_WrongMember_SaysWhatToDo(string members, string id, string message) => Refused(Module(members), id, message);

    [Theory]
    [InlineData("[PyImport(\"my-module\")] public interface I { }", "PYASYNC020", "'my-module' (of 'I')")]
    [InlineData("[PyImport(\"m\")] public interface I<T> { }", "PYASYNC040", "is generic")]
    [InlineData("public class C { [PyImport(\"m\")] private interface I { } }", "PYASYNC040", "is private")]
    [InlineData("[PyImport(\"m\"), PyProxy] public partial interface I { }", "PYASYNC047", "remove one of them")]
    [InlineData("[PyImport(\"m\")] public interface I : IDisposable { }", "PYASYNC045", "'I' derives from IDisposable")]
    [InlineData("[PyProxy] public partial interface I : IAsyncDisposable { }", "PYASYNC045", "derives from IAsyncDisposable")]
    [InlineData("[PyProxy] public interface I { }", "PYASYNC044", "add 'partial'")]
    [InlineData("public class C { [PyProxy] public partial interface I { } }", "PYASYNC044", "'C' is not partial")]
    [InlineData("[PyProxy] public partial interface I { Task UsingAsync(Func<I, Task> body); }", "PYASYNC046", "'I.UsingAsync' is 'async with'")]
    [InlineData("[PyProxy] public partial interface I { int this[int a, int b] { get; } }", "PYASYNC041", "with one parameter")]
    [InlineData("[PyProxy] public partial interface I { [PyName(\"a.b\")] Task A(); }", "PYASYNC020", "'a.b'")]
    public void Generate_WrongInterface_SaysWhatToDo(string source, string id, string message) => Refused(source, id, message);

    [Fact]
    public void Generate_Arguments_OmitsWhatEqualsTheDefault()
    {
        string code = Code(Module("Task A(string city, int days = 3, [PyKeyword] string unit = \"C\");"));

        code.ShouldContain("arguments.Add(\"city\", a0, PyConvert.String);");
        code.ShouldContain("if (!global::System.Collections.Generic.EqualityComparer<int>.Default.Equals(a1, 3))");
        code.ShouldContain("arguments.Add(\"days\", a1, PyConvert.Int32);");
        code.ShouldContain("arguments.AddKeyword(\"unit\", a2, PyConvert.String);");
    }

    [Fact]
    public void Generate_Code_IsFreeOfReflectionAndStaticObjects()
    {
        string code = Code(Module("Task<List<IItem>> A(Func<IItem, Task> f); string B { get; }"));

        foreach (string word in (string[])["unsafe", "Reflection", "typeof(", "dynamic", "static PyObject", "static readonly PyObject"])
        {
            code.ShouldNotContain(word, Case.Sensitive);
        }
    }

    [Fact]
    public void Generate_AfterAnUnrelatedChange_IsCached()
    {
        Compilation before = GeneratorDriverHelper.Compilation(OutputKind.DynamicallyLinkedLibrary, Module("Task A();"), "class Unrelated { }");
        Compilation after = GeneratorDriverHelper.Compilation(OutputKind.DynamicallyLinkedLibrary, "\n" + Module("Task A();"), "class Unrelated { int changed; }");
        GeneratorDriver driver = GeneratorDriverHelper.Driver(new PyImportGenerator()).RunGenerators(before);

        GeneratorRunResult result = driver.RunGenerators(after).GetRunResult().Results.Single();

        result.TrackedSteps[PyImportGenerator.ModelsStep].SelectMany(static step => step.Outputs)
            .ShouldAllBe(static output => output.Reason == IncrementalStepRunReason.Cached || output.Reason == IncrementalStepRunReason.Unchanged);
    }

    internal static string Module(string members) =>
        $"[PyImport(\"m\")] public partial interface IM {{ {members} }} [PyProxy] public partial interface IItem {{ string Name {{ get; }} }}";

    internal static (Dictionary<string, string> Files, string[] Diagnostics) Run(string source) =>
        GeneratorDriverHelper.Run(new PyImportGenerator(), OutputKind.DynamicallyLinkedLibrary, source);

    private static string Code(string source)
    {
        (Dictionary<string, string> files, string[] diagnostics) = Run(source);
        diagnostics.ShouldBeEmpty();
        return string.Concat(files.Values);
    }

    private static void Refused(string source, string id, string message) =>
        Run(source).Diagnostics.ShouldContain(diagnostic => diagnostic.StartsWith(id) && diagnostic.Contains(message));
}
