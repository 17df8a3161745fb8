namespace PyAsync.Tool.Projects;

/// <summary>A project of a Python module, and how it is published.</summary>
internal sealed class ModuleProject
{
    private readonly string _path;
    private readonly ProjectProperties _properties;

    private ModuleProject(string path, ProjectProperties properties)
    {
        _path = path;
        _properties = properties;
    }

    /// <summary>Gets the form that the project sets: PublishAot makes it a native module.</summary>
    public ModuleForm Form => _properties.IsTrue("PublishAot") ? ModuleForm.Aot : ModuleForm.Hosted;

    public string Folder => Path.GetDirectoryName(_path)!;

    /// <param name="path">A project file, or a folder with one.</param>
    /// <param name="cancellationToken">Cancels the evaluation.</param>
    /// <exception cref="ToolException">There is no project, or there are several.</exception>
    public static async Task<ModuleProject> Open(string path, CancellationToken cancellationToken)
    {
        string project = Find(path);
        string json = await Dotnet.Read(
            ["msbuild", project, "-nologo", "-getProperty:TargetFramework,TargetFrameworks,PublishAot,NETCoreSdkPortableRuntimeIdentifier"], cancellationToken).ConfigureAwait(false);
        return new(project, ProjectProperties.Parse(json));
    }

    /// <summary>Publishes it into a new folder, so that it contains no files of an earlier run.</summary>
    /// <exception cref="ToolException">The build failed, or the project is not a module.</exception>
    public async Task<PublishedModule> Publish(PublishOptions options, CancellationToken cancellationToken)
    {
        string folder = Directory.CreateTempSubdirectory("pyasync-publish").FullName;
        try
        {
            string result = Path.Combine(folder, "properties.json"), output = Path.Combine(folder, "output");
            await Dotnet.Run(Arguments(options, output, result), cancellationToken).ConfigureAwait(false);
            var properties = ProjectProperties.Parse(await File.ReadAllTextAsync(result, cancellationToken).ConfigureAwait(false));
            if (!properties.IsTrue("PyModule"))
            {
                throw new ToolException($"{Path.GetFileName(_path)} is not a Python module: dotnet add package PyAsync.Modules.");
            }

            return new PublishedModule(properties, options.Form, folder, output);
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    private List<string> Arguments(PublishOptions options, string output, string result)
    {
        bool isAot = options.Form == ModuleForm.Aot;
        List<string> arguments =
        [
            "publish", _path, "-nologo", "-v", "quiet", "-c", options.Configuration, "-o", output,
            $"-getProperty:{string.Join(',', ProjectProperties.Names)}", $"-getResultOutputFile:{result}",
        ];
        // Only if the project sets another value: a property on the command line applies to the referenced projects too.
        if (options.Form != Form)
        {
            arguments.Add($"-p:PublishAot={(isAot ? "true" : "false")}");
        }

        // A project for several frameworks is published for one: the first, unless another is named.
        if ((options.Framework ?? _properties["TargetFrameworks"]?.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)[0]) is string framework)
        {
            arguments.AddRange(["-f", framework]);
        }

        if ((options.RuntimeIdentifier ?? (isAot ? _properties["NETCoreSdkPortableRuntimeIdentifier"] : null)) is string rid)
        {
            arguments.AddRange(["-r", rid, "--self-contained", isAot ? "true" : "false"]);
        }

        arguments.AddRange(options.Further);
        return arguments;
    }

    private static string Find(string path)
    {
        if (File.Exists(path))
        {
            return Path.GetFullPath(path);
        }

        string[] projects = Directory.Exists(path) ? Directory.GetFiles(path, "*.csproj") : throw new ToolException($"There is no project {(path.Length == 0 ? "with an empty name" : path)}.");
        return projects switch
        {
            [string one] => Path.GetFullPath(one),
            [] => throw new ToolException($"There is no project in {Path.GetFullPath(path)}. Name one, or start with: dotnet new pyasync-module."),
            _ => throw new ToolException($"There are several projects in {Path.GetFullPath(path)}. Name one of {string.Join(", ", projects.Select(Path.GetFileName).Order())}."),
        };
    }
}
