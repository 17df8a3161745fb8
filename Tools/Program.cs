using System.CommandLine;

namespace PyAsync.Tool;

internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        var root = new RootCommand("Python modules written in C#: builds their wheels, and installs them while you work on them.")
        {
            new BuildCommand(),
            new DevelopCommand(),
            new PythonFilesCommand(),
        };
        try
        {
            return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false }).ConfigureAwait(false);
        }
        catch (ToolException e)
        {
            // In MSBuild's form, so that the build shows it as an error of its own.
            await Console.Error.WriteLineAsync($"pyasync : error : {e.Message}").ConfigureAwait(false);
            return 1;
        }
    }
}
