namespace PyAsync.Interpreter.Locating;

/// <summary>
/// Finds the Python to load. A Python that the application or the user has named is used or refused, never silently replaced. If none is named, the
/// search continues with the environment beside the application, PATH and the usual folders, in this order.
/// </summary>
internal sealed class PythonLocator
{
    internal const string EnvironmentVariable = "PYASYNC_PYTHON";
    internal const string Option = "the Python option";

    private static readonly string[] s_environmentVariables = [EnvironmentVariable, "VIRTUAL_ENV", "CONDA_PREFIX"];

    private readonly Func<string, string?> _environment;
    private readonly ApplicationFolders _folders;

    /// <param name="environment">Reads an environment variable; tests set another one.</param>
    /// <param name="applicationFolder">The application's folder; tests set another one.</param>
    public PythonLocator(Func<string, string?>? environment = null, string? applicationFolder = null)
    {
        _environment = environment ?? Environment.GetEnvironmentVariable;
        _folders = new ApplicationFolders(applicationFolder ?? AppContext.BaseDirectory);
    }

    /// <exception cref="PythonNotFoundException">There is no usable Python; the message lists what was tried and the install command.</exception>
    public PythonInstallation Locate(string? named)
    {
        var candidates = new CandidateCheck();
        return Find(named, candidates) ?? throw candidates.NotFound();
    }

    private PythonInstallation? Find(string? option, CandidateCheck candidates)
    {
        var named = new NamedPython(candidates, _environment);
        if (!string.IsNullOrWhiteSpace(option))
        {
            return named.Find(option, Option, [.. _folders.UpToTheProject()]);
        }

        foreach (string variable in s_environmentVariables)
        {
            if (_environment(variable) is { Length: > 0 } value)
            {
                return named.Find(value, variable, CurrentFolder.Find() is { } folder ? [folder] : []);
            }
        }

        if (_folders.VirtualEnvironment() is { } environment)
        {
            return named.Find(environment, "the application's virtual environment", []);
        }

        return CommandSearch.All(_environment).Select(command => candidates.FromExecutable(command.Path, $"{command.Name} on PATH"))
            .Concat(UsualLibraries.All(_environment).Where(File.Exists).Select(library => candidates.FromLibrary(library, "usual library folder")))
            .FirstOrDefault(found => found is not null || candidates.IsEnvironmentAtFault);
    }
}
