using System.Reflection;
using PyAsync.Testing;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>The names of public members: a member that returns a Task ends in Async, and a token is called <c>cancellationToken</c>.</summary>
public sealed class NamingTests
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    // Names that the guide of the Rust system gives, and its readers look for; and a property of .NET's channels.
    private static readonly string[] s_withoutSuffix = ["IntoFuture", "Spawn", "SpawnBlocking", "SpawnPinned", "get_Completion"];

    private static readonly Type[] s_tasks = [typeof(Task), typeof(Task<>), typeof(ValueTask), typeof(ValueTask<>)];

    public static TheoryData<string> Packages => [.. Repository.Packages.Select(package => package.Id)];

    [Theory]
    [MemberData(nameof(Packages))]
    public void MethodsThatReturnATask_EndInAsync(string assembly) =>
        Methods(assembly)
            .Where(static method => IsTask(method.ReturnType) && !method.Name.EndsWith("Async", StringComparison.Ordinal))
            .Where(static method => !s_withoutSuffix.Contains(method.Name) && !method.IsSpecialName) // A property such as TaskCompletionSource.Task has a noun as its name.
            .Where(static method => !method.GetCustomAttributes<FactAttribute>().Any()) // The name of a conformance test is a sentence.
            .Select(Describe)
            .ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Packages))]
    public void Tokens_AreCalledCancellationToken(string assembly) =>
        Methods(assembly)
            .Where(static method => method.GetParameters().Any(static p => p.ParameterType == typeof(CancellationToken) && p.Name != "cancellationToken"))
            .Select(Describe)
            .ShouldBeEmpty();

    private static IEnumerable<MethodInfo> Methods(string assembly) =>
        Assembly.Load(assembly).GetExportedTypes()
            .Where(static type => !typeof(Delegate).IsAssignableFrom(type))
            .SelectMany(static type => type.GetMethods(Declared))
            .Where(static method => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly);

    private static bool IsTask(Type type) => s_tasks.Contains(type.IsGenericType ? type.GetGenericTypeDefinition() : type);

    private static string Describe(MethodInfo method) => $"{method.DeclaringType}.{method.Name}";
}
