namespace PyAsync.Tool;

/// <summary>A project that makes a Python module, and how it is published.</summary>
internal sealed class ModuleProject
{
    private readonly string _path;
    private readonly ProjectProperties _properties;

    private ModuleProject(string path, ProjectProperties properties)
    {
        _path = path;
        _properties = properties;
    }

    /// <summary>What the project itself says: PublishAot makes it a native module.</summary>
    public ModuleForm Form => _properties.IsTrue("PublishAot") ? ModuleForm.Aot : ModuleForm.Hosted;

    public string Folder => Path.GetDirectoryName(_path)!;

    /// <param name="path">A project file, or a folder with one.</param>
    /// <param name="ct">Ends the evaluation.</param>
    /// <exception cref="ToolException">There is none, or there are several.</exception>
    public static async Task<ModuleProject> Open(string path, CancellationToken ct)
    {
        string project = Find(path);
        string json = await Dotnet.Read(
            ["msbuild", project, "-nologo", "-getProperty:TargetFramework,TargetFrameworks,PublishAot,NETCoreSdkPortableRuntimeIdentifier"], ct).ConfigureAwait(false);
        return new(project, ProjectProperties.Parse(json));
    }

    /// <summary>Publishes it into a folder of its own, so that nothing of an earlier time is in it.</summary>
    /// <exception cref="ToolException">The build failed, or this is no module.</exception>
    public async Task<PublishedModule> Publish(PublishOptions options, CancellationToken ct)
    {
        string folder = Directory.CreateTempSubdirectory("pyasync-publish").FullName;
        try
        {
            string result = Path.Combine(folder, "properties.json"), output = Path.Combine(folder, "output");
            await Dotnet.Run(Arguments(options, output, result), ct).ConfigureAwait(false);
            var properties = ProjectProperties.Parse(await File.ReadAllTextAsync(result, ct).ConfigureAwait(false));
            if (!properties.IsTrue("PyModule"))
            {
                throw new ToolException($"{Path.GetFileName(_path)} is no Python module: dotnet add package PyAsync.Modules.");
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
        // Only where the project says otherwise: given here, it holds for the projects that this one refers to, too.
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

        string[] projects = Directory.Exists(path) ? Directory.GetFiles(path, "*.csproj") : throw new ToolException($"There is no project {path}.");
        return projects switch
        {
            [string one] => Path.GetFullPath(one),
            [] => throw new ToolException($"There is no project in {Path.GetFullPath(path)}. Name one, or start with: dotnet new pyasync-module."),
            _ => throw new ToolException($"There are several projects in {Path.GetFullPath(path)}. Name one of {string.Join(", ", projects.Select(Path.GetFileName).Order())}."),
        };
    }
}
