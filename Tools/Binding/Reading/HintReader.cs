using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace PyAsync.Tool.Binding.Reading;

/// <summary>Runs the reader, a Python program that is part of this one, in the project's Python.</summary>
internal static class HintReader
{
    private const string Package = "pyasync_hint_reader";

    // Without the current folder in sys.path: a file of the project may have the name of a module of the standard library.
    private const string Start =
        $$"""
        import sys
        folder = sys.argv[1]
        if sys.version_info < (3, 11):
            print('{"error": "%s is Python %d.%d; 3.11 or newer is needed."}' % ((sys.executable.replace("\\", "/"),) + tuple(sys.version_info[:2])))
            sys.exit()
        sys.path[:] = [folder] + [path for path in sys.path if path]
        sys.dont_write_bytecode = True
        from {{Package}}.__main__ import main
        sys.path.remove(folder)
        main()
        """;

    private static readonly string[] s_files = ["__init__.py", "__main__.py", "classes.py", "docs.py", "hints.py", "imported.py", "members.py", "scopes.py", "sources.py"];

    /// <summary>Reads the hints of modules.</summary>
    /// <param name="python">The interpreter.</param>
    /// <param name="modules">The modules.</param>
    /// <param name="folders">Folders that are searched before Python's own.</param>
    /// <param name="import">True imports the modules: hints that exist at run time only are found too.</param>
    /// <param name="cancellationToken">Cancels the run.</param>
    /// <exception cref="ToolException">Python could not be run, or a module could not be read.</exception>
    public static async Task<PythonProgram> Read(string python, ReaderModule[] modules, string[] folders, bool import, CancellationToken cancellationToken)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("pyasync-bind");
        try
        {
            DirectoryInfo package = folder.CreateSubdirectory(Package);
            foreach (string file in s_files)
            {
                await File.WriteAllTextAsync(Path.Combine(package.FullName, file), Resources.Text($"reader/{file}"), cancellationToken).ConfigureAwait(false);
            }

            string request = JsonSerializer.Serialize(new ReaderRequest(modules, folders, import), ReaderJson.Default.ReaderRequest);
            string answer = await Run(python, folder.FullName, request, cancellationToken).ConfigureAwait(false);
            return Parse(python, answer);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static PythonProgram Parse(string python, string answer)
    {
        try
        {
            PythonProgram program = JsonSerializer.Deserialize(answer, ReaderJson.Default.PythonProgram)!;
            return program.Error is null ? program : throw new ToolException(program.Error);
        }
        catch (JsonException)
        {
            throw new ToolException($"{python} is not a Python: name an interpreter, or the folder of an environment.");
        }
    }

    private static async Task<string> Run(string python, string folder, string request, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(python, ["-X", "utf8", "-c", Start, folder])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
        };
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken), errors = process.StandardError.ReadToEndAsync(cancellationToken);
            try
            {
                await process.StandardInput.WriteAsync(request.AsMemory(), cancellationToken).ConfigureAwait(false);
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // The program does not read its input: its output says why.
            }

            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            return process.ExitCode == 0
                ? await output.ConfigureAwait(false)
                : throw new ToolException($"{python} could not read the hints:\n{await errors.ConfigureAwait(false)}");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new ToolException($"{python} could not be run: {e.Message}");
        }
    }
}
