using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PyAsync.Generators;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

public sealed class ExampleTests
{
    // Not in a project that refers to PyAsync.PythonNet.
    private const string UsingsOfPackages = "global using PyAsync; global using PyAsync.Interop;";

    private const string ImplicitUsings = """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
        global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;
        """;

    // Read once: compilations that share their references share the symbols of the metadata too.
    private static readonly MetadataReference[] s_references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(static path => !Path.GetFileName(path).StartsWith("example-"))
            .Select(static path => MetadataReference.CreateFromFile(path)),
    ];

    public static TheoryData<string, int> Programs => [.. Blocks.Where(IsCode).Select(block => (block.Page, block.Line))];

    public static TheoryData<string, int> Quotations => [.. Blocks.Where(block => Source(block) is not null).Select(block => (block.Page, block.Line))];

    private static IEnumerable<Block> Blocks => MarkdownExamples.Pages().SelectMany(MarkdownExamples.Of);

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Example_CompilesAndRuns(string page, int line)
    {
        Block[] blocks = [.. MarkdownExamples.Of(page)];
        int i = Array.FindIndex(blocks, block => block.Line == line);
        string assembly = Compile(blocks[i]);
        if (Runs(blocks[i], out string needs))
        {
            Require(needs);
            foreach (Block file in blocks.Where(block => block.Directive.StartsWith("file: ")))
            {
                await File.WriteAllTextAsync(Path.Combine(AppContext.BaseDirectory, file.Directive["file: ".Length..]), file.Text);
            }

            string output = await Run(assembly, blocks[i]);
            if (i + 1 < blocks.Length && blocks[i + 1].Language == "text")
            {
                output.Trim().ShouldBeText(blocks[i + 1].Text.Trim(), $"{page}:{line}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Quotations))]
    public void Quotation_IsWhatTheFileSays(string page, int line)
    {
        Block block = MarkdownExamples.Of(page).Single(block => block.Line == line);

        Repository.Read(Source(block)!).ReplaceLineEndings("\n").ShouldContain(block.Text.TrimEnd(), Case.Sensitive, $"{page}:{line}");
    }

    [Fact]
    public void Links_LeadToFilesAndHeadingsThatAreThere()
    {
        List<string> broken = [];
        foreach (string page in Repository.Files("*.md"))
        {
            foreach (Match link in Regex.Matches(Repository.Read(page), @"\]\((?!https?:)(?<file>[^)#]*)(#(?<heading>[^)]*))?\)"))
            {
                string file = link.Groups["file"].Value is { Length: > 0 } relative
                    ? Path.GetRelativePath(Repository.Root, Path.Combine(Repository.Root, Path.GetDirectoryName(page)!, relative)).Replace('\\', '/')
                    : page;
                bool isThere = Path.Exists(Path.Combine(Repository.Root, file))
                    && (!link.Groups["heading"].Success || Headings(file).Contains(link.Groups["heading"].Value, StringComparer.OrdinalIgnoreCase));
                if (!isThere)
                {
                    broken.Add($"{page}: {link.Value}");
                }
            }
        }

        broken.ShouldBeEmpty();
    }

    /// <summary>Gets the anchors of a page's headings, except for the case: hyphens for spaces, otherwise only letters and digits.</summary>
    private static IEnumerable<string> Headings(string page) =>
        Regex.Matches(Regex.Replace(Repository.Read(page), "^```.*?^```", "", RegexOptions.Multiline | RegexOptions.Singleline), "^#+ (?<text>.+)$", RegexOptions.Multiline)
            .Select(heading => Regex.Replace(heading.Groups["text"].Value.Trim(), @"[^\w\- ]", "").Replace(' ', '-'));

    private static bool IsCode(Block block) => block.Language == "csharp" && Source(block) is null;

    private static string? Source(Block block) => block.Directive.StartsWith("from: ") ? block.Directive["from: ".Length..] : null;

    private static bool Runs(Block block, out string needs)
    {
        const string Needs = "run, needs ";
        needs = block.Directive.StartsWith(Needs) ? block.Directive[Needs.Length..] : "";
        return block.Directive == "run" || needs.Length > 0;
    }

    private static void Require(string module)
    {
        if (module.Length > 0)
        {
            string python = Environment.GetEnvironmentVariable("PYASYNC_PYTHON") is { Length: > 0 } named ? named : "python3";
            using var import = Process.Start(new ProcessStartInfo(python, ["-c", $"import {module}"]) { RedirectStandardError = true })!;
            import.WaitForExit();
            Assert.SkipWhen(import.ExitCode != 0, $"{module} is not installed in {python}. On Debian type: apt-get install python3-{module}");
        }
    }

    private static string Compile(Block block)
    {
        string name = $"example-{Path.GetFileNameWithoutExtension(block.Page)}-{block.Line}";
        SyntaxTree tree = CSharpSyntaxTree.ParseText(block.Text, path: block.Page);
        bool isProgram = tree.GetRoot().ChildNodes().OfType<GlobalStatementSyntax>().Any() || block.Text.Contains("[PyAsyncMain");
        var compilation = CSharpCompilation.Create(
            name,
            [tree, CSharpSyntaxTree.ParseText(block.Page.EndsWith("pythonnet.md", StringComparison.Ordinal) ? ImplicitUsings : ImplicitUsings + UsingsOfPackages)],
            s_references,
            new CSharpCompilationOptions(isProgram ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        string output = Path.Combine(AppContext.BaseDirectory, name + ".dll");
        CSharpGeneratorDriver.Create(new PyAsyncMainGenerator(), new PyModuleGenerator(), new PyRecordGenerator(), new PyImportGenerator()).RunGeneratorsAndUpdateCompilation(compilation, out Compilation complete, out var problems);
        problems.Concat(complete.Emit(output).Diagnostics)
            .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning)
            .Select(diagnostic => $"{block.Page}:{block.Line + diagnostic.Location.GetLineSpan().StartLinePosition.Line + 1}: {diagnostic.GetMessage()}")
            .ShouldBeEmpty();
        return output;
    }

    /// <summary>Runs it in a separate process, with this one's dependencies.</summary>
    private static async Task<string> Run(string assembly, Block block)
    {
        string own = Path.Combine(AppContext.BaseDirectory, "Docs.Tests");
        using var process = Process.Start(new ProcessStartInfo(
            "dotnet", ["exec", "--depsfile", own + ".deps.json", "--runtimeconfig", own + ".runtimeconfig.json", assembly])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["Logging__LogLevel__Default"] = "Warning" },
        })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using var cts = new CancellationTokenSource(TimeSpan.FromMinutes(4));
        await process.WaitForExitAsync(cts.Token);
        (await errors).ShouldBeEmpty($"{block.Page}:{block.Line}");
        process.ExitCode.ShouldBe(0, $"{block.Page}:{block.Line}");
        return await output;
    }
}
