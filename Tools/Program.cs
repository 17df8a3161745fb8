using System.CommandLine;
using System.CommandLine.Parsing;

namespace PyAsync.Tool;

internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        // Arguments after -- belong to another program. Before it, an unknown argument is an error.
        int end = Array.IndexOf(args, "--");
        string[] own = end < 0 ? args : args[..end], further = end < 0 ? [] : args[(end + 1)..];
        var root = new RootCommand("C# from Python's type hints; and Python modules written in C#: builds their wheels, and installs them while you work on them.")
        {
            new BindCommand(),
            new BuildCommand(further),
            new DevelopCommand(further),
            new StubCommand(),
            new PythonFilesCommand(),
        };
        try
        {
            ParseResult parsed = root.Parse(own);
            ThrowIfUnknownOption(parsed);
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false }).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ToolException or IOException or UnauthorizedAccessException)
        {
            // In MSBuild's format, so that the build reports it as an error.
            await Console.Error.WriteLineAsync($"pyasync : error : {e.Message}").ConfigureAwait(false);
            return 1;
        }
    }

    /// <summary>Refuses unknown options, which the parser would take for the project, or for a superfluous argument.</summary>
    /// <exception cref="ToolException">There is an option that the command does not have.</exception>
    private static void ThrowIfUnknownOption(ParseResult parsed)
    {
        IEnumerable<string> arguments = parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(static argument => argument.Tokens).Select(static token => token.Value);
        if (arguments.Concat(parsed.UnmatchedTokens).FirstOrDefault(static argument => argument.StartsWith('-')) is { } unknown)
        {
            string options = string.Join(", ", parsed.CommandResult.Command.Options.Where(static option => !option.Hidden).Select(static option => option.Name));
            string further = parsed.CommandResult.Command is ModuleCommand ? "; arguments of dotnet publish follow after --" : "";
            throw new ToolException($"Unknown option {unknown}. The options are {options}{further}.");
        }
    }
}
