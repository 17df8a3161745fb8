using System.Diagnostics.CodeAnalysis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using PyAsync.Generators;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>The input that the module generator accepts and refuses, and the caching of its work.</summary>
public sealed partial class PyModuleTests
{
    [Theory]
    [InlineData("internal static int A() => 1;")]
    [InlineData("public static Task A() => Task.CompletedTask;")]
    [InlineData("public static async ValueTask<string?> A() => await Task.FromResult(\"\");")]
    [InlineData("internal static void A(params string[] rest) { }")]
    [InlineData("public static (int, string) A((int X, string Y) pair, Dictionary<string, List<int>> map, HashSet<byte[]> set) => pair;")]
    [InlineData("public static object? A(object? any, PyObject obj) => any;")]
    [InlineData("public static Task A(IRuntime runtime, EventLoopContext context, CancellationToken cancellationToken) => Task.CompletedTask;")]
    [InlineData("public static void A(float f = float.NaN, double d = double.NegativeInfinity, decimal m = 1.5m, char c = '\\'', ulong u = ulong.MaxValue, long? l = -1, string s = \"'\\n\\u00e9\") { }")]
    [InlineData("public static void A(Guid id = default, TimeSpan? pause = null, DayOfWeek day = (DayOfWeek)(-1)) { }")]
    [InlineData("public static void A(string @event, string PyConvert, string call, string arguments, string inline, string self) { }")]
    [InlineData("[Obsolete(\"Old.\")] public static void A() { }")]
    public void Generate_EveryShapeThatIsAllowed_Compiles(string method) => Run(Module($"[PyFunction] {method}")).Diagnostics.ShouldBeEmpty();

    [Fact]
    public void Generate_NullablePartOfAType_TakesNone()
    {
        (Dictionary<string, string> files, string[] diagnostics) = Run(Module("[PyFunction] public static Dictionary<string, byte[]?> A(List<string?> texts, List<string> names) => [];"));

        diagnostics.ShouldBeEmpty();
        string code = string.Concat(files.Values);
        code.ShouldContain("PyConvert.List(PyConvert.OrNull(PyConvert.String))");
        code.ShouldContain("PyConvert.List(PyConvert.String)");
        code.ShouldContain("PyConvert.Dictionary(PyConvert.String, PyConvert.OrNull(PyConvert.Bytes))");
        code.ShouldContain("texts: list[str | None], names: list[str]) -> dict[str, bytes | None]");
    }

    [Theory]
    [InlineData("[PyFunction(\"2nd\")] public static void A() { }", "PYASYNC020", "'2nd' (of 'M.A()') is not a name in Python")]
    [InlineData("[PyFunction(\"class\")] public static void A() { }", "PYASYNC020", "no keyword")]
    [InlineData("[PyFunction] static void A() { }", "PYASYNC023", "is private")]
    [InlineData("[PyFunction] public static void A<T>() { }", "PYASYNC023", "is generic")]
    [InlineData("public static int A { [PyFunction] get => 1; }", "PYASYNC023", "cannot be called by its name: make it an ordinary method")]
    [InlineData("[PyFunction] public static void A(Version version) { }", "PYASYNC024", "parameter 'version' of 'M.A(Version)' is Version")]
    [InlineData("[PyFunction] public static Version A() => new();", "PYASYNC024", "the result of 'M.A()' is Version")]
    [InlineData("[PyFunction] public static Task<Version> A() => Task.FromResult(new Version());", "PYASYNC024", "the result of 'M.A()' is Version")]
    [InlineData("[PyFunction] public static int[,] A() => new int[0, 0];", "PYASYNC024", "int[,] (rank 2)")]
    [InlineData("[PyFunction] public static async void A() => await Task.Yield();", "PYASYNC025", "let it return Task")]
    [InlineData("[PyFunction] public static void A(ref int x) { }", "PYASYNC026", "pass it by value")]
    [InlineData("[PyFunction] public static void A(out int x) => x = 1;", "PYASYNC026", "Parameter 'x'")]
    [InlineData("[PyFunction] public static Task A(CancellationToken a, CancellationToken b) => Task.CompletedTask;", "PYASYNC027", "'b' of 'M.A(CancellationToken, CancellationToken)' is a second CancellationToken")]
    [InlineData("[PyFunction] public static void A(CancellationToken cancellationToken) { }", "PYASYNC028", "no code could fire it")]
    [InlineData("[PyFunction(Returns = PyAwaitable.Coroutine)] public static int A() => 1;", "PYASYNC029", "is marked Returns = PyAwaitable.Coroutine, and does not return a Task: let it return one, or remove the setting")]
    [InlineData("[PyFunction(Start = PyStart.Scheduled)] public static void A() { }", "PYASYNC029", "is marked Start = PyStart.Scheduled, and does not return a Task: let it return one, or remove the setting")]
    [InlineData("[PyFunction(Cancel = CancelBehavior.Wait)] public static void A() { }", "PYASYNC029", "'M.A()' is marked Cancel, and")]
    [InlineData("[PyFunction(Cancel = CancelBehavior.Abandon)] public static IAsyncEnumerable<int> A() => throw new();", "PYASYNC029", "'M.A()' is marked Cancel, and")]
    [InlineData("[PyFunction] public static void A() { } [PyFunction] public static void A(int x) { }", "PYASYNC030", "'a' occurs twice in 'M'")]
    [InlineData("[PyFunction] public static void A() { } [PyFunction(\"a\")] public static void B() { }", "PYASYNC030", "[PyFunction(\"name\")]")]
    [InlineData("[PyFunction] public static void A(int fooBar, int foo_bar) { }", "PYASYNC030", "'foo_bar'")]
    [InlineData("[PyModuleInit] public static void A(int x) { }", "PYASYNC031", "has to be static void")]
    [InlineData("[PyModuleInit] public static Task A() => Task.CompletedTask;", "PYASYNC031", "has to be static void")]
    [InlineData("[PyModuleInit] public static void A() { } [PyModuleInit] public static void B() { }", "PYASYNC037", "'B' is marked [PyModuleInit], and so is 'A'")]
    [InlineData("[PyConstant(\"my-version\")] public const int A = 1;", "PYASYNC020", "'my-version' (of 'M.A')")]
    [InlineData("[PyConstant] public static Version A => new();", "PYASYNC024", "constant 'M.A' is Version")]
    [InlineData("[PyConstant] public const int A = 1; [PyFunction(\"A\")] public static void B() { }", "PYASYNC030", "'A' occurs twice in 'M'")]
    [InlineData("[PyClass(\"DayOfWeek\")] public class D { } [PyFunction] public static DayOfWeek A() => default;", "PYASYNC030", "'DayOfWeek' occurs twice in 'M'")]
    [InlineData("public class C { public enum E { } } public class D { public enum E { } } [PyFunction] public static void A(C.E c, D.E d) { }", "PYASYNC030", "'E' occurs twice in 'M'")]
    [InlineData("[PyConstant] public const int C = 1; [PyClass] public class C_ { } [PyClass(\"C\")] public class D { }", "PYASYNC030", "'C' occurs twice in 'M'")]
    [InlineData("[PyConstant] const int A = 1;", "PYASYNC039", "'M.A' is marked [PyConstant] and has to be a field or a property with a getter, static, internal or public")]
    [InlineData("[PyConstant] public static int A { private get; set; }", "PYASYNC039", "with a getter")]
    [InlineData("[PyClass] public class C { [PyConstant] public const int A = 1; }", "PYASYNC036", "'M.C.A' is marked [PyConstant] and is in 'M.C'")]
    [InlineData("public static void A() { B(); [PyFunction] void B() { } }", "PYASYNC036", "'B()' is marked [PyFunction] and is in another method")]
    [InlineData("public static class N { [PyFunction] public static void A() { } }", "PYASYNC036", "'M.N.A()' is marked [PyFunction] and is in 'M.N'")]
    [InlineData("[PyClass] public class C { [PyModuleInit] public static void A() { } }", "PYASYNC036", "put it into a [PyModule] class")]
    public void Generate_WrongFunction_SaysWhatToDo(string member, string id, string message) => Refused(Module(member), id, message);

    [Theory]
    [InlineData("[PyModule(\"my-module\")] public static class M { }", "PYASYNC020", "'my-module' (of 'M')")]
    [InlineData("[PyModule(\"m\")] public class M { }", "PYASYNC021", "add 'static' (or 'abstract', to name it as in AddModule<M>()), or use [PyClass]")]
    [InlineData("public class O { [PyModule(\"m\")] private static class M { } }", "PYASYNC022", "is private")]
    [InlineData("public class O { [PyModule(\"m\")] private protected static class M { } }", "PYASYNC022", "is private")]
    [InlineData("public class O<T> { [PyModule(\"m\")] public static class M { } }", "PYASYNC022", "is in the generic type O")]
    [InlineData("[PyModule(\"a.m\")] public static class M { } [PyModule(\"b.m\")] public static class N { }", "PYASYNC030", "'m' is the name of two modules of the assembly: give 'N' another one, [PyModule")]
    [InlineData("[PyClass] public class C { }", "PYASYNC034", "there is no [PyModule] class in the project: nest it")]
    [InlineData("[PyClass] public class C { } [PyModule(\"m\")] public static class M { } [PyModule(\"n\")] public static class N { }", "PYASYNC034", "several modules")]
    [InlineData("public class C { [PyFunction] public static void A() { } }", "PYASYNC036", "'C.A()' is marked [PyFunction] and is in 'C', where Python does not see it: put it into a [PyModule] or [PyClass] class")]
    [InlineData("public interface I { [PyFunction] void A(); }", "PYASYNC036", "is in 'I'")]
    [InlineData("public static class C { [PyModuleInit] public static void A() { } }", "PYASYNC036", "'C.A()' is marked [PyModuleInit] and is in 'C'")]
    public void Generate_WrongModule_SaysWhatToDo(string source, string id, string message) => Refused(source, id, message);

    [Theory]
    [InlineData("[PyClass(\"1\")] public class C { }", "PYASYNC020", "'1' (of 'M.C')")]
    [InlineData("[PyClass] public static class C { }", "PYASYNC032", "'M.C' is marked [PyClass] and is static")]
    [InlineData("[PyClass] public class C<T> { }", "PYASYNC032", "is generic")]
    [InlineData("[PyClass] public class C { public C() { } public C(int x) { } }", "PYASYNC033", "'M.C' has several public constructors, and Python has one __init__, the public constructor: mark the others [PyIgnore]")]
    [InlineData("[PyClass] public class C { [PyFunction(\"__init__\")] public void A() { } }", "PYASYNC033", "'M.C' has a method __init__")]
    [InlineData("[PyClass] public class C(int x) { [PyFunction(\"__new__\")] public static int A() => 1; public int X => x; }", "PYASYNC033", "'M.C' has a method __new__")]
    [InlineData("[PyClass] public class C { public required int X { get; set; } }", "PYASYNC038", "'M.C' has the required member 'X', which Python's __init__ does not set")]
    [InlineData("public class B { public required int X; } [PyClass] public class C : B { }", "PYASYNC038", "'M.C' has the required member 'X'")]
    [InlineData("[PyClass] public class C { [PyFunction] private protected void A() { } }", "PYASYNC023", "'M.C.A()' is private")]
    [InlineData("[PyClass] public class C { [PyFunction(\"__add__\")] public static C operator +(C a, C b) => a; }", "PYASYNC023", "cannot be called by its name")]
    [InlineData("[PyClass] public class C { public Version V => new(); }", "PYASYNC024", "property 'V' of 'M.C' is Version")]
    [InlineData("[PyClass] public class C { public int A() => 1; public int A(int x) => x; }", "PYASYNC030", "'a' occurs twice in 'M.C'")]
    [InlineData("[PyClass] public class C { public int Value => 1; [PyFunction(\"value\")] public int A() => 1; }", "PYASYNC030", "'value' occurs twice in 'M.C'")]
    [InlineData("[PyClass(\"f\")] public class C { } [PyFunction] public static void F() { }", "PYASYNC030", "'f' occurs twice in 'M'")]
    [InlineData("[PyClass(\"C\")] public class A { } [PyClass] public class C { }", "PYASYNC030", "'C' occurs twice in 'M'")]
    [InlineData("[PyClass] public abstract class C : IAsyncEnumerable<Version> { public abstract IAsyncEnumerator<Version> GetAsyncEnumerator(CancellationToken cancellationToken); }", "PYASYNC024", "the items of 'M.C' is Version")]
    public void Generate_WrongClass_SaysWhatToDo(string member, string id, string message) => Refused(Module(member), id, message);

    [Theory]
    [InlineData("other", "true", true)]
    [InlineData("m", "true", false)]
    [InlineData("other", "false", false)]
    public void Generate_FileOfAnotherName_IsRefusedAheadOfTime(string file, string publishAot, bool isRefused)
    {
        var options = new BuildProperties(new() { ["build_property.PyModuleName"] = file, ["build_property.PublishAot"] = publishAot });
        GeneratorDriver driver = CSharpGeneratorDriver.Create([new PyModuleGenerator().AsSourceGenerator()], optionsProvider: options)
            .RunGenerators(GeneratorDriverHelper.Compilation(OutputKind.DynamicallyLinkedLibrary, "[PyModule(\"a.m\")] public static class M { }"));

        GeneratorDriverRunResult result = driver.GetRunResult();
        result.GeneratedTrees.IsEmpty.ShouldBe(isRefused);
        result.Diagnostics.Select(static diagnostic => $"{diagnostic.Id}: {diagnostic.GetMessage()}").ShouldBe(isRefused
            ? ["PYASYNC035: The module 'm' would be in a file that is named after 'other', where Python does not search for it: set <AssemblyName>m</AssemblyName> in the project"]
            : []);
    }

    [Theory]
    [InlineData("[PyFunction(Start = PyStart.Scheduled)] public static async Task<string> A(IRuntime runtime, EventLoopContext context, CancellationToken cancellationToken) { await Task.Yield(); return runtime.Name; }")]
    [InlineData("")]
    [InlineData("[PyModuleInit] public static void A() { }")]
    public void Generate_RareModules_Compile(string member) => Run(Module(member)).Diagnostics.ShouldBeEmpty();

    [Fact]
    public void Generate_AttributeOnAClass_IsReportedByTheCompilerOnly() =>
        Run("[PyFunction] public static class C { }").Diagnostics.ShouldHaveSingleItem().ShouldStartWith("CS0592");

    [Fact]
    public void Generate_AbstractModule_IsAccepted() => Run("[PyModule(\"m\")] public abstract class M { [PyFunction] public static void A() { } }").Diagnostics.ShouldBeEmpty();

    [Fact]
    public void Generate_ClassBeforeItsBase_AddsTheBaseFirst()
    {
        (Dictionary<string, string> files, string[] diagnostics) = Run(Module("[PyClass] public class Derived : Base { } [PyClass] public class Base { public int A() => 1; }"));

        diagnostics.ShouldBeEmpty();
        string code = files["PyInit_m.g.cs"];
        code.IndexOf("\"Base\"").ShouldBeInRange(0, code.IndexOf("\"Derived\""));
        files["PyInit_m.DerivedClass.g.cs"].ShouldNotContain("@a"); // Inherited in Python.
        files["PyInit_m.Manifest.g.cs"].ShouldContain("class Derived(Base):");
    }

    [Theory]
    [InlineData("public class B { [PyFunction(\"b\")] internal void A() { } } [PyClass] public class C : B { }")]
    [InlineData("public class B<T> { [PyFunction(\"b\")] internal void A() { } } [PyClass] public class C : B<int> { }")]
    [InlineData("public abstract class B { [PyFunction(\"b\")] internal void A() { } } [PyClass] public class C { }")]
    [InlineData("[PyClass] public class C { [System.Diagnostics.CodeAnalysis.SetsRequiredMembers] public C(int x) => X = x; public required int X { get; set; } }")]
    [InlineData("[PyClass] public class C { private C() { } public required int X { get; set; } }")]
    [InlineData("[PyClass] public class C { [PyFunction] protected internal void A() { } }")]
    public void Generate_EveryClassThatIsAllowed_Compiles(string member) => Run(Module(member)).Diagnostics.ShouldBeEmpty();

    [Theory]
    [InlineData("__aenter__", "AsyncExit", "AsyncEnter Enter Exit")]
    [InlineData("__aexit__", "AsyncEnter", "AsyncExit Enter Exit")]
    [InlineData("__enter__", "Exit", "Enter AsyncEnter AsyncExit")]
    [InlineData("__exit__", "Enter", "Exit AsyncEnter AsyncExit")]
    public void Generate_OneHalfOfWithByName_AddsTheOtherAlone(string name, string added, string absent)
    {
        string disposable = name.StartsWith("__a") ? "IAsyncDisposable { public ValueTask DisposeAsync() => default;" : "IDisposable { public void Dispose() { }";
        (Dictionary<string, string> files, string[] diagnostics) = Run(Module(
            $"[PyClass] public class C : {disposable} [PyFunction(\"{name}\")] public Task A(object? type = null, object? value = null, object? traceback = null) => Task.CompletedTask; }}"));

        diagnostics.ShouldBeEmpty();
        string code = files["PyInit_m.CClass.g.cs"];
        code.ShouldContain($"type.{added}();");
        absent.Split(' ').ShouldAllBe(half => !code.Contains($"type.{half}();"));
        files["PyInit_m.Manifest.g.cs"].Split($"def {name}(").Length.ShouldBe(2); // Once.
    }

    [Fact]
    public void Generate_NamesOfTheProjectsOwn_AreNotMistaken() => Run(
        Module("[PyFunction] public static async Task<int> A(int x) { await Task.Yield(); return x; } [PyClass] public class C { public int Value { get; set; } public int GetValue() => Value; public void SetValue(int value) => Value = value; }"),
        "global using Mine; namespace Mine { public class PyConvert; public class PyResult; public class ModuleBuilder; public class InlineCall; }").Diagnostics.ShouldBeEmpty();

    [Fact]
    public void Generate_WithoutTheAttributes_MakesNothing() => Run("public static class M { public static void A() { } }").Files.ShouldBeEmpty();

    [Theory]
    [InlineData("TimeSpan x = default", "default(global::System.TimeSpan)", "datetime.timedelta | None")]
    [InlineData("(int, int) x = default", "default((int, int))", "tuple[int, int] | None")]
    [InlineData("decimal x = 1.5m", "(decimal)(1.5m)", "decimal.Decimal | None")]
    [InlineData("double x = double.NaN", "double.NaN", "float | None")]
    public void Generate_DefaultWithoutALiteral_IsPassedAsNone(string parameter, string value, string type)
    {
        (Dictionary<string, string> files, string[] diagnostics) = Run(Module($"[PyFunction] public static void A({parameter}) {{ }}"));

        diagnostics.ShouldBeEmpty();
        files["PyInit_m.g.cs"].ShouldContain("\"(x=None)\"");
        files["PyInit_m.g.cs"].ShouldContain($") : null) ?? {value};");
        files["PyInit_m.Manifest.g.cs"].ShouldContain($"def a(x: {type} = None) -> None");
    }

    [Fact]
    public void Docstring_LeavesOutWhatDotNetFillsIn()
    {
        const string Doc = """
            /// <summary>Does it.</summary>
            /// <param name="runtime">Filled in.</param>
            /// <param name="context">Filled in.</param>
            /// <param name="cancellationToken">Filled in.</param>
            """;
        (Dictionary<string, string> files, string[] diagnostics) = Run(Module($$"""
            {{Doc}}
            /// <param name="howOften">How often.</param>
            [PyFunction] public static Task A(IRuntime runtime, int howOften, EventLoopContext context, CancellationToken cancellationToken) => Task.CompletedTask;

            {{Doc}}
            [PyFunction] public static Task B(IRuntime runtime, EventLoopContext context, CancellationToken cancellationToken) => Task.CompletedTask;

            {{Doc}}
            /// <param name="size">How big.</param>
            [PyClass] public class Primary(IRuntime runtime, int size, EventLoopContext context) { public string Name => $"{runtime}{size}{context}"; }

            [PyClass] public class Ordinary {
                {{Doc}}
                /// <param name="size">How big.</param>
                public Ordinary(IRuntime runtime, int size) { }
            }
            """));

        diagnostics.ShouldBeEmpty();
        files.Values.ShouldAllBe(text => !text.Contains("Filled in"));
        files["PyInit_m.g.cs"].ShouldContain(@"""Does it.\n\nArgs:\n    how_often: How often.""");
        files["PyInit_m.g.cs"].ShouldContain(@"""Does it.""");
        files["PyInit_m.g.cs"].ShouldContain(@"""Does it.\n\nArgs:\n    size: How big.""");
        files["PyInit_m.OrdinaryClass.g.cs"].ShouldContain(@"""Does it.\n\nArgs:\n    size: How big.""");
        string stub = files["PyInit_m.Manifest.g.cs"];
        stub.ShouldContain("def a(how_often: int) -> Future[None]:");
        stub.ShouldContain("def b() -> Future[None]:");
        stub.ShouldContain("def __init__(self, size: int) -> None");
    }

    private const string Several = """
        // before
        [PyModule("first")]
        public static class First
        {
            [PyFunction] public static int A() => 1;

            [PyClass] public class One { private int _private; public int C() => _private; }

            [PyClass] public class Two { public int D() => 1; }
        }

        [PyModule("second")]
        public static class Second
        {
            [PyFunction] public static int B() => 1;
        }
        """;

    private static string Module(string members) => $"[PyModule(\"m\")] public static class M {{ {members} }}";

    private static (Dictionary<string, string> Files, string[] Diagnostics) Run(params string[] sources) =>
        GeneratorDriverHelper.Run(new PyModuleGenerator(), OutputKind.DynamicallyLinkedLibrary, sources);

    private static void Refused(string source, string id, string message)
    {
        (Dictionary<string, string> files, string[] diagnostics) = Run(source);

        files.ShouldBeEmpty();
        diagnostics.ShouldContain(diagnostic => diagnostic.StartsWith(id + " line 1") && diagnostic.Contains(message), string.Join('\n', diagnostics));
    }

    /// <summary>The properties that the build passes to the compiler.</summary>
    private sealed class BuildProperties(Dictionary<string, string> properties) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Options(properties);

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => GlobalOptions;

        private sealed class Options(Dictionary<string, string> properties) : AnalyzerConfigOptions
        {
            public override bool TryGetValue(string key, [NotNullWhen(true)] out string? value) => properties.TryGetValue(key, out value);
        }
    }
}
