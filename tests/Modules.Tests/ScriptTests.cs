using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>
/// A module as Python code sees it, tested by Python scripts: each function named test_… is a test. The tests of a script run in one Python, with warnings as errors.
/// </summary>
/// <param name="form">The form of the module that they import.</param>
public abstract partial class ScriptTests(Form form)
{
    public static TheoryData<string> Scripts => [.. Names];

    public static TheoryData<string, string> Tests => new(
        from script in Names
        from Match match in TestFunction().Matches(Source(script))
        select (script, match.Groups[1].Value));

    private static IEnumerable<string> Names =>
        Directory.EnumerateFiles(ScriptRun.Folder, "*.py").Select(path => Path.GetFileNameWithoutExtension(path)!)
            .Where(script => TestFunction().IsMatch(Source(script))).Order(StringComparer.Ordinal);

    [Theory]
    [MemberData(nameof(Tests))]
    public async Task Script(string script, string test)
    {
        ScriptRun run = await ScriptRun.Of(form, script);

        run.Tests.TryGetValue(test, out (string Outcome, string Reason) result).ShouldBeTrue($"The script did not reach it: it ended with {run.Code}.\n{run.Errors}");
        (string outcome, string reason) = result;
        Assert.SkipWhen(outcome == "skipped", reason.Trim());
        if (outcome != "passed")
        {
            Assert.Fail(reason);
        }
    }

    /// <summary>Messages that Python only prints: a coroutine that was never awaited, an exception in a destructor, a failure that no code retrieved.</summary>
    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task Script_EndsWellAndPythonHasNothingToSay(string script)
    {
        ScriptRun run = await ScriptRun.Of(form, script);

        run.Errors.ShouldBeText("");
        run.Code.ShouldBe(run.Tests.Values.Any(static test => test.Outcome == "failed") ? 1 : 0);
    }

    private static string Source(string script) => File.ReadAllText(Path.Combine(ScriptRun.Folder, script + ".py"));

    [GeneratedRegex(@"^(?:async )?def (test_\w+)\(", RegexOptions.Multiline)]
    private static partial Regex TestFunction();
}

/// <summary>The module compiled ahead of time.</summary>
public sealed class NativeFormTests() : ScriptTests(Form.Native)
{
    /// <summary>
    /// The tests' module uses nearly every part of the library, and much of .NET: buffers, with tensors, are 0.16 MB of it, scopes and queues 0.1 MB, records and JSON 0.5 MB. The benchmarks check the bound of 4 MB for a module that uses few parts.
    /// </summary>
    [Fact]
    public void TheLibrary_IsSmall() => new FileInfo(TestModules.NativeFile).Length.ShouldBeLessThan(5_600_000);
}

/// <summary>The module as assemblies, which an installed .NET runs.</summary>
public sealed class HostedFormTests() : ScriptTests(Form.Hosted);
