using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using PyAsync.Generators;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>Interfaces and records of unusual shapes: their code compiles without a warning.</summary>
public sealed class UnusualShapesTests
{
    [Theory]
    [InlineData("namespace @class.@event { [PyImport(\"m\")] public interface @interface { Task<@object> @class(@object @ref, int @int = 3); string @return { get; set; } } [PyProxy] public partial interface @object { int @this { get; } } }")]
    [InlineData("namespace A.B.C { namespace D { public partial class O<T> { } public static partial class @static { public partial struct S { [PyImport(\"a.b.c\")] internal partial interface I { Task A(); } } } } }")]
    [InlineData("[PyImport(\"m\")] public interface A { Task X(); } [PyImport(\"m\")] public interface B { Task X(); }")]
    [InlineData("namespace A { [PyImport(\"m\")] public interface B_C { Task X(); } } namespace A_B { [PyImport(\"m\")] public interface C { Task X(); } } namespace A.B { [PyImport(\"m\")] public interface C { } } [PyImport(\"m\")] public interface A_B_C { }")]
    [InlineData("namespace A { [PyProxy] public partial interface B_C { } } namespace A_B { [PyProxy] public partial interface C { } }")]
    [InlineData("public interface L { int X(); int P { get; } } public interface R { int X(); int P { get; } } [PyImport(\"m\")] public interface I : L, R { new int X(); new int P { get; } }")]
    [InlineData("public interface G<T> { Task<T> Get(T x); T this[int i] { get; } } [PyProxy] public partial interface I : G<int>, G<string> { }")]
    [InlineData("public interface G<T> { Task<T> Get(T x); } [PyImport(\"m\")] public interface I : G<string?>, G<(int a, int? b)> { }")]
    [InlineData("[PyImport(\"m\")] public interface I { Task A(int x); Task A(long x); Task A(params string[] all); Task AAsync(int x); [PyName(\"a\")] int Now(int x); }")]
    [InlineData("[PyImport(\"m\")] public interface IПогода { [PyName(\"forecast\")] Task<string> ПрогнозAsync([PyName(\"city\")] string città, [PyName(\"day\")] int 日 = 3); [PyName(\"x\")] int Été { get; } } [PyProxy] public partial interface Größe { }")]
    [InlineData("[PyImport(\"m\")] public interface I { Task A(int größe); }", "PYASYNC020")]
    [InlineData("[PyImport(\"m\")] public interface I { Task A(CancellationToken first, int x, CancellationToken[]? y = null); }", "PYASYNC042")]
    [InlineData("[PyImport(\"m\")] public interface I { Task A(CancellationToken token, int x, params int[] rest); Task B(int x, CancellationToken token, int y = 1); IAsyncEnumerable<int> C(CancellationToken token, params string?[] rest); }")]
    [InlineData("[PyImport(\"m\")] public interface I { const int C = 1; static int S { get; set; } class N { } enum E { A } Task A(E e = E.A, E? f = E.A, E? g = null); private int Own() => 1; sealed int Also() => 2; }")]
    [InlineData("[PyImport(\"m\")] public interface I { internal Task A(); protected internal Task B(); internal int C { get; } }")]
    [InlineData("[PyImport(\"m\")] public interface I { Task<object?> A(object? x = null); List<object?> C(Dictionary<string, object?> x); }")]
    [InlineData("[PyImport(\"m\")] public interface I { Task A(dynamic x); }", "PYASYNC042")]
    [InlineData("[PyImport(\"m\")] public interface I { Task<(int a, string? b)> A((int, string?) x); Task<(int c, string? d)> B(); List<(int e, string? f)[]> C((int, (int, (int x, int y))) z); }")]
    [InlineData("[PyImport(\"m\")] public interface I { Task<string?[]?> A(int?[] x, int[][]? y, List<Dictionary<string, int?[]>?>? z = null); }")]
    [InlineData("[PyRecord] public record struct P(int X); [PyImport(\"m\")] public interface I { Task<P?> A(P? x = null, P y = default, P[]? z = null); IAsyncEnumerable<P?> B(); Task C(Func<P?, P, Task<P?>> f); }")]
    [InlineData("public delegate Task<bool> D(string @event, int? n, CancellationToken token); public delegate void V(params int[] all); [PyImport(\"m\")] public interface I { Task A(D d, V v, Predicate<string> p, Action<string?, int> a, Func<ValueTask<int>> f, D? g = null); }")]
    [InlineData("[PyImport(\"m\")] public interface I { Task A(Func<Func<int>, Task> f); }", "PYASYNC042")]
    [InlineData("[PyImport(\"m\")] public interface I { Task A(EventHandler f); }", "PYASYNC042")]
    [InlineData("public delegate void D(ref int x); [PyImport(\"m\")] public interface I { Task A(D f); }", "PYASYNC042")]
    [InlineData("public delegate T D<T>(T x); [PyImport(\"m\")] public interface I { Task A(D<int> f, D<string?> g, D<Task<int>> h); }")]
    [InlineData("[PyImport(\"m\")] public interface I { Task A(Func<Func<int, Task<string>>> f, Func<List<Action>> g); }")]
    [InlineData("[PyImport(\"m\")] public interface I { Task A(Func<List<Action>, Task> f); }", "PYASYNC042")]
    [InlineData("public delegate T D<T>(int x); [PyImport(\"m\")] public interface I { Task A(D<int> f, D<string?> g, D<Task<int>> h); }")]
    [InlineData("[PyImport(\"m\")] file interface I { Task A(); }", "PYASYNC040")]
    [InlineData("file record R(int X); [PyImport(\"m\")] public interface I { Task A(int[,] x); }", "PYASYNC042")]
    [InlineData("file class O { [PyProxy] public partial interface I { Task A(); } }", "PYASYNC040")]
    [InlineData("[PyImport(\"m\")] public interface I { Task A(in int x); }", "PYASYNC043")]
    [InlineData("[PyImport(\"m\")] public interface I { void A(out int x); }", "PYASYNC043")]
    [InlineData("[PyImport(\"m\")] public interface I { ref int A(); }", "PYASYNC041")]
    [InlineData("[PyImport(\"m\")] public interface I { ref int A { get; } }", "PYASYNC041")]
    [InlineData("[PyImport(\"m\")] public interface I { Span<int> A(); }", "PYASYNC042")]
    [InlineData("[PyImport(\"m\")] public interface I { unsafe int* A(); }", "PYASYNC042")]
    [InlineData("[PyImport(\"m\")] public interface I { void A(params ReadOnlySpan<int> x); }", "PYASYNC043")]
    [InlineData("[PyImport(\"\")] public interface I { }", "PYASYNC020")]
    [InlineData("[PyImport(\"a..b\")] public interface I { }", "PYASYNC020")]
    [InlineData("[PyImport(null!)] public interface I { }", "PYASYNC020")]
    [InlineData("[PyImport(\"m\")] public interface I { [PyName(\"\")] Task A(); }", "PYASYNC020")]
    [InlineData("[PyProxy] public partial interface I : IList<int> { }", "PYASYNC045")]
    [InlineData("[PyProxy] public partial interface I { Task A<T>(); string this[int a, int b] { get; } event Action E; }", "PYASYNC041")]
    [InlineData("[PyProxy] public partial interface I { string this[int a] { get; } string this[string a] { set; } [PyName(\"x\")] int Value { get; } int Runtime { get; } int Count { get; set; } string ToString(); int GetHashCode(); }")]
    [InlineData("[PyProxy] public partial interface I { new void Dispose(); Task DisposeAsync(); }")]
    [InlineData("[PyProxy] public partial interface P { } [PyImport(\"m\")] public interface I { Task A(params PyObject[] all); Task B(PyOptional<PyObject?> x = default, PyOptional<P> y = default, params P?[] rest); IAsyncEnumerable<int> C(PyList<int> a, PyDictionary<string, int>? b = null, params PyList<int>[] c); void D(PyObject x, params object?[] y); void E(params P[]? x); }")]
    [InlineData("#nullable disable\n[PyImport(\"m\")] public interface I { Task<string> A(string x, string[] y = null, Func<string, Task<string>> f = null); List<string> B { get; set; } } [PyProxy] public partial interface P : IEnumerable<string> { string this[string x] { get; set; } Task<T> UsingAsync<T>(Func<P, CancellationToken, Task<T>> body, CancellationToken token); }")]
    [InlineData("namespace N { [PyImport(\"m\")] public interface IAb { Task X(); } [PyImport(\"m\")] public interface IAB { Task X(); } [PyImport(\"m\")] public interface Iab { Task X(); } [PyProxy] public partial interface P1 { } [PyProxy] public partial interface p1 { } }")]
    public void Generate_Interface_CompilesOrIsRefused(string source, string? id = null) => Check(new PyImportGenerator(), source, id);

    [Theory]
    [InlineData("namespace A { [PyRecord] public record B_C(int X); } namespace A_B { [PyRecord] public record C(int X); } namespace A.B { [PyRecord] public record C(int X); } namespace A_ { [PyRecord] public record B(int X); } namespace A { [PyRecord] public record _B(int X); }")]
    [InlineData("namespace @class { [PyRecord] public record @event(int @int, string @string = \"\", @event? @ref = null); [PyEnum(PyEnumForm.Name)] public enum @enum { @if, @else } }")]
    [InlineData("#nullable disable\n[PyRecord] public record R(string A, R B, List<string> C) { public string D { get; init; } public R E { get; set; } }")]
    [InlineData("[PyRecord] file record R(int X);", "PYASYNC060")]
    [InlineData("[PyRecord] public record B(int X); [PyRecord] public record D(int X, int Y) : B(X); [PyRecord] public record E(int X, int Y, int Z) : D(X, Y) { public override string ToString() => \"\"; }")]
    [InlineData("public abstract record B { public abstract int X { get; init; } public virtual int Y { get; set; } } [PyRecord] public record D : B { public override int X { get; init; } public override int Y { get; set; } }")]
    [InlineData("[PyRecord] public record struct R() { public required int X { get; init; } public int Y { get; init; } = 5; }")]
    [InlineData("[PyRecord] public struct R { public int X { get; init; } public int Y { get; set; } }")]
    [InlineData("[PyRecord] public class R { private R(int x) { } public R() { } public int X { get; private set; } public int Y { get; protected set; } public int Z { private get; set; } }")]
    [InlineData("[PyRecord] public struct R { public int X; }", "PYASYNC066")]
    [InlineData("[PyRecord] public class R { public required string X; public int Y { get; set; } }", "PYASYNC060")]
    [InlineData("[PyRecord] public class R { [System.Text.Json.Serialization.JsonIgnore] public int X; public const int C = 1; public static int S; private int _own; internal readonly int Own = 3; public int Y { get => _own; set => _own = value; } }")]
    [InlineData("[PyRecord] public record R(params int[] All);")]
    [InlineData("[PyRecord] public record R((int a, int b) B, List<(int x, int y)> C, List<(int, int)> D);")]
    [InlineData("[PyRecord] public record R(byte A = 1, sbyte B = -1, short C = -2, ushort D = 3, int E = int.MinValue, uint F = uint.MaxValue, long G = long.MinValue, ulong H = ulong.MaxValue, char I = '\\'', char J = '\\ud800', string K = \"\\ud800\\0\\n\\\"\\\\\", bool L = true);")]
    [InlineData("[PyRecord] public record R(float A = float.NaN, float B = float.NegativeInfinity, float C = float.Epsilon, double D = double.MinValue, double E = -0.0, decimal F = decimal.MinValue, decimal G = 1.10m, decimal H = -0.5m, float? I = 1.5f, decimal? J = 2m, int? K = 5, char? L = 'x', bool? M = false, DateTime N = default, Guid O = new(), string? P = default, long? Q = null);")]
    [InlineData("public enum B : byte { X = 200 } public enum U : ulong { X = ulong.MaxValue } public enum S : sbyte { X = -3 } [PyRecord] public record R(B A = B.X, U C = U.X, S D = S.X, S? E = S.X, B F = (B)7, DayOfWeek G = DayOfWeek.Friday);")]
    [InlineData("[PyRecord] public record Order(int X); [PyRecord] public record ORDER(int X); namespace A { [PyEnum] public enum E1 { X } [PyEnum] public enum e1 { X } }")]
    [InlineData("[PyRecord] public record R(PyObject A, PyObject? B = null, PyList<int>? C = null) { public PyDictionary<string, int>? D { get; set; } public PyObject? E { get; init; } public required PyObject F { get; init; } }")]
    public void Generate_Record_CompilesOrIsRefused(string source, string? id = null) => Check(new PyRecordGenerator(), source, id);

    [Fact]
    public void Generate_RecordOf300Members_Compiles() =>
        Check(new PyRecordGenerator(), $"[PyRecord] public record R({string.Join(", ", Enumerable.Range(0, 300).Select(static i => $"int? M{i} = null"))});", null);

    [Fact]
    public void Generate_InterfaceOf300Methods_Compiles() =>
        Check(new PyImportGenerator(), $"[PyImport(\"m\")] public interface I {{ {string.Concat(Enumerable.Range(0, 300).Select(static i => $"Task M{i}(int x, string y = \"\"); "))} }}", null);

    [Fact]
    public void Generate_FloatDefaults_KeepTheirValue()
    {
        (Dictionary<string, string> files, _) = GeneratorDriverHelper.Run(
            new PyRecordGenerator(), OutputKind.DynamicallyLinkedLibrary, "[PyRecord] public record R(float A = float.NaN, float B = float.NegativeInfinity, float C = float.PositiveInfinity);");

        files.Values.Single().ShouldSatisfyAllConditions(
            static code => code.ShouldContain("given0 : float.NaN;"),
            static code => code.ShouldContain("given1 : float.NegativeInfinity;"),
            static code => code.ShouldContain("given2 : float.PositiveInfinity;"));
    }

    [Fact]
    public void Generate_TypesThatDifferInCaseOnly_HaveSeparateFiles()
    {
        (Dictionary<string, string> files, string[] diagnostics) = GeneratorDriverHelper.Run(
            new PyModuleGenerator(),
            OutputKind.DynamicallyLinkedLibrary,
            "[PyModule(\"shop\")] public static class M { [PyClass] public class Item { } [PyClass] public class ITEM { } } [PyModule(\"Shop\")] public static class N { [PyFunction] public static void A() { } }");

        diagnostics.ShouldBeEmpty();
        files.Keys.Order(StringComparer.Ordinal).ShouldBe(
        [
            "PyInit_Shop.Manifest.g.cs", "PyInit_Shop.g.cs", "PyInit_shop-2.g.cs", "PyInit_shop.ITEMClass.g.cs", "PyInit_shop.ItemClass-2.g.cs", "PyInit_shop.Manifest-2.g.cs",
        ]);
        files["PyInit_Shop.g.cs"].ShouldContain("class PyInit_Shop");
        files["PyInit_shop-2.g.cs"].ShouldContain("class PyInit_shop");
    }

    private static void Check(IIncrementalGenerator generator, string source, string? id)
    {
        string[] diagnostics = GeneratorDriverHelper.Run(generator, OutputKind.DynamicallyLinkedLibrary, source).Diagnostics;
        if (id is null)
        {
            diagnostics.ShouldBeEmpty();
        }
        else
        {
            diagnostics.ShouldContain(diagnostic => diagnostic.StartsWith(id), string.Join('\n', diagnostics));
        }
    }
}
