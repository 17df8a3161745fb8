using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace PyAsync.Tool.Environments;

/// <summary>
/// Installs a wheel as pip does (the format's "Installing a wheel", PEP 376, PEP 610), in an environment that need not have pip. pip can list and
/// uninstall it afterwards.
/// </summary>
internal static class Installer
{
    /// <summary>Installs the wheel, and replaces an earlier version if there is one.</summary>
    /// <exception cref="ToolException">The files are in use, or may not be written.</exception>
    public static void Install(Wheel wheel, PythonEnvironment environment, string projectFolder)
    {
        try
        {
            foreach (string folder in (string[])[environment.PureFolder, environment.PlatformFolder])
            {
                Uninstall(wheel.Name, folder);
            }

            using var archive = new MemoryStream();
            wheel.Write(archive);
            archive.Position = 0;
            string target = wheel.IsPure ? environment.PureFolder : environment.PlatformFolder;
            using (var zip = new ZipArchive(archive))
            {
                zip.ExtractToDirectory(target, overwriteFiles: true);
            }

            Sign(Path.Combine(target, wheel.DistInfo), wheel.DistInfo, projectFolder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ToolException($"{wheel.Name} could not be installed: {e.Message} A Python that has it imported may have to end first.");
        }
    }

    /// <summary>Records the installer and the source, and lists these files too.</summary>
    private static void Sign(string folder, string name, string projectFolder)
    {
        (string File, string Text)[] signs =
        [
            ("INSTALLER", "pyasync\n"),
            ("direct_url.json", JsonSerializer.Serialize(new { url = new Uri(projectFolder).AbsoluteUri, dir_info = new { } })),
        ];
        foreach ((string file, string text) in signs)
        {
            File.WriteAllText(Path.Combine(folder, file), text);
            byte[] content = Encoding.UTF8.GetBytes(text);
            File.AppendAllText(Path.Combine(folder, "RECORD"), $"{name}/{file},sha256={WheelWriter.Hash(content)},{content.Length}\n");
        }
    }

    /// <summary>
    /// Deletes the files in an earlier version's RECORD. Files are deleted, never overwritten: a process that has the old library open keeps it.
    /// </summary>
    private static void Uninstall(string name, string folder)
    {
        string[] installed = Directory.Exists(folder)
            ? [.. Directory.GetDirectories(folder, "*.dist-info").Where(path => IsOf(name, path))]
            : [];
        foreach (string distInfo in installed)
        {
            string root = Path.GetFullPath(folder) + Path.DirectorySeparatorChar;
            string record = Path.Combine(distInfo, "RECORD");
            foreach (string path in File.Exists(record) ? File.ReadLines(record).Select(RecordedPath).ToArray() : [])
            {
                string file = Path.GetFullPath(Path.Combine(folder, path));
                if (file.StartsWith(root, StringComparison.Ordinal))
                {
                    File.Delete(file);
                    DeleteIfEmpty(Path.GetDirectoryName(file)!, root);
                }
            }

            if (Directory.Exists(distInfo))
            {
                Directory.Delete(distInfo, recursive: true);
            }
        }
    }

    private static bool IsOf(string name, string distInfo) =>
        WheelMetadata.Normalise(Path.GetFileName(distInfo).Split('-')[0]) == WheelMetadata.Normalise(name);

    private static string RecordedPath(string line) =>
        line.StartsWith('"') ? line[1..line.LastIndexOf('"')].Replace("\"\"", "\"", StringComparison.Ordinal) : line.Split(',')[0];

    private static void DeleteIfEmpty(string folder, string root)
    {
        while (folder.Length >= root.Length && Directory.Exists(folder))
        {
            string cache = Path.Combine(folder, "__pycache__");
            if (Directory.Exists(cache))
            {
                Directory.Delete(cache, recursive: true);
            }

            if (Directory.EnumerateFileSystemEntries(folder).Any())
            {
                return;
            }

            Directory.Delete(folder);
            folder = Path.GetDirectoryName(folder)!;
        }
    }
}
