using System.Text.Json;

namespace PyAsync.Tool.Environments;

/// <summary>The Python that a module is installed into.</summary>
/// <param name="Executable">Its interpreter.</param>
/// <param name="PureFolder">The folder for packages without native code.</param>
/// <param name="PlatformFolder">The folder for packages with native code; usually the same.</param>
internal sealed record PythonEnvironment(string Executable, string PureFolder, string PlatformFolder)
{
    private const string Query =
        """
        import json, os, sys, sysconfig
        is_own = sys.prefix != sys.base_prefix or os.path.exists(os.path.join(sys.prefix, "conda-meta"))
        managed = not is_own and os.path.exists(os.path.join(sysconfig.get_path("stdlib"), "EXTERNALLY-MANAGED"))
        print(json.dumps([sys.executable, sysconfig.get_path("purelib"), sysconfig.get_path("platlib"), list(sys.version_info[:2]), managed]))
        """;

    /// <summary>Finds the named environment; else the active virtual or conda environment; else a <c>.venv</c> in or above the folder.</summary>
    /// <param name="python">An interpreter, or the folder of an environment.</param>
    /// <param name="folder">The folder in which the search for <c>.venv</c> begins.</param>
    /// <param name="cancellationToken">Cancels the call of the interpreter.</param>
    /// <exception cref="ToolException">There is no environment, it is too old, or it belongs to the system.</exception>
    public static async Task<PythonEnvironment> Find(string? python, string folder, CancellationToken cancellationToken)
    {
        string executable = python is not null ? (Directory.Exists(python) ? InterpreterOf(python) : python) : Active(folder);
        string json = await ProgramOutput.Read(executable, ["-c", Query], cancellationToken).ConfigureAwait(false);
        using JsonDocument answer = Parse(json) ?? throw new ToolException($"{executable} is not a Python: name an interpreter, or the folder of an environment.");
        JsonElement[] values = [.. answer.RootElement.EnumerateArray()];
        if (values[3][0].GetInt32() != 3 || values[3][1].GetInt32() < 11)
        {
            throw new ToolException($"{executable} is Python {values[3][0]}.{values[3][1]}; 3.11 or newer is needed.");
        }

        if (values[4].GetBoolean())
        {
            throw new ToolException($"{executable} belongs to the system, whose package manager manages it. Make an environment and activate it: {executable} -m venv .venv && . .venv/bin/activate");
        }

        return new PythonEnvironment(values[0].GetString()!, values[1].GetString()!, values[2].GetString()!);
    }

    private static JsonDocument? Parse(string json)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Finds the Python that the project's code runs on, to read hints with: also one of the system, or one on PATH.</summary>
    /// <param name="python">An interpreter, or the folder of an environment.</param>
    /// <param name="folder">The folder in which the search for <c>.venv</c> begins.</param>
    /// <exception cref="ToolException">PYASYNC_PYTHON names a path that does not exist, or there is no Python in the named environment.</exception>
    public static string FindToRead(string? python, string folder)
    {
        // As the runtime searches, so that both find the same Python.
        const string variable = "PYASYNC_PYTHON";
        string? named = python, source = null;
        if (named is null && Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value)
        {
            source = variable;
            named = !Path.IsPathFullyQualified(value) || Path.Exists(value)
                ? value
                : throw new ToolException($"{variable} names {value}, which does not exist: correct the variable, unset it, or name an interpreter with --python.");
        }

        return named is null ? ActiveOrNull(folder) ?? (OperatingSystem.IsWindows() ? "python" : "python3") : Directory.Exists(named) ? InterpreterOf(named, source) : named;
    }

    private static string Active(string folder) => ActiveOrNull(folder)
        ?? throw new ToolException("There is no active Python environment to install into. Activate one (python3 -m venv .venv && . .venv/bin/activate), or name an interpreter with --python.");

    private static string? ActiveOrNull(string folder)
    {
        foreach (string variable in (string[])["VIRTUAL_ENV", "CONDA_PREFIX"])
        {
            if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } prefix)
            {
                return InterpreterOf(prefix, variable);
            }
        }

        for (DirectoryInfo? parent = new(folder); parent is not null; parent = parent.Parent)
        {
            string prefix = Path.Combine(parent.FullName, ".venv");
            if (File.Exists(Path.Combine(prefix, "pyvenv.cfg")))
            {
                return InterpreterOf(prefix);
            }
        }

        return null;
    }

    /// <param name="prefix">The environment's folder.</param>
    /// <param name="variable">The environment variable that names it, or null.</param>
    private static string InterpreterOf(string prefix, string? variable = null)
    {
        string[] candidates = OperatingSystem.IsWindows() ? ["Scripts/python.exe", "python.exe"] : ["bin/python3", "bin/python"];
        return candidates.Select(path => Path.Combine(prefix, path)).FirstOrDefault(File.Exists)
            ?? throw new ToolException($"There is no Python in the environment {prefix}{(variable is null ? "" : $", which {variable} names")}.");
    }
}
