using System.Diagnostics;
using System.Reflection;
using Shouldly;

namespace PyAsync.Tests;

/// <summary>The forms in which the module under test is shipped.</summary>
public enum Form
{
    /// <summary>One library, compiled ahead of time.</summary>
    Native,

    /// <summary>Assemblies, which the .NET that is installed runs.</summary>
    Hosted,
}

/// <summary>
/// The module under test in its two forms. Each is built once for all Pythons, and for every test project that needs a native module: compiling one ahead of
/// time takes a minute.
/// </summary>
internal static class TestModules
{
    private const string Name = "my_test_module";

    private static readonly TimeSpan s_betweenAttempts = TimeSpan.FromMilliseconds(200);

    private static readonly Lazy<string> s_native = new(() => Alone(Compile)), s_hosted = new(() => Alone(Link)), s_second = new(Copy);

    public static string NativeFile => Path.Combine(s_native.Value, Name + ".abi3.so");

    /// <summary>A copy of the native form's file: another module to Python, with a separate .NET runtime.</summary>
    public static string SecondFile => s_second.Value;

    private static string Artifacts => Metadata("Artifacts");

    private static string Configuration => Metadata("Configuration");

    /// <summary>Gets the folder in which Python finds it.</summary>
    public static string Folder(Form form) => (form == Form.Native ? s_native : s_hosted).Value;

    /// <summary>
    /// Gets a value that indicates whether the test runs in the root with newer Pythons (<c>eng/newer-pythons.sh</c>). A library that is linked there may need
    /// a newer libc than this machine's. One that is linked on this machine runs in both.
    /// </summary>
    private static bool IsInRoot => Environment.GetEnvironmentVariable("PYASYNC_ROOT_BINDS") is not null;

    private static bool IsCurrent(string folder)
    {
        string file = Path.Combine(folder, Name + ".abi3.so");
        return File.Exists(file)
            && File.GetLastWriteTimeUtc(file) >= Directory.EnumerateFiles(BuildOutput("NativeTestModule"), "*.dll").Max(File.GetLastWriteTimeUtc);
    }

    /// <summary>Runs code while no other process does: several runs of the tests share the folder.</summary>
    private static string Alone(Func<string> make)
    {
        string folder = Directory.CreateDirectory(Path.Combine(Artifacts, "modules", Configuration)).FullName;
        while (true)
        {
            FileStream alone;
            try
            {
                alone = new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                Thread.Sleep(s_betweenAttempts); // A named mutex would wait without polls, but is not shared with the processes in the roots of newer Pythons.
                continue;
            }

            using (alone)
            {
                return make();
            }
        }
    }

    private static string Compile()
    {
        string folder = Path.Combine(Artifacts, "modules", Configuration, "native");
        if (IsInRoot && !IsCurrent(folder))
        {
            folder += "-of-root";
        }

        if (!IsCurrent(folder))
        {
            string project = Path.Combine(Repository.Root, "tests/Modules.Tests/Module/Native");
            using Process process = Process.Start(new ProcessStartInfo(
                "dotnet", ["publish", project, "--no-build", "-c", Configuration, "-o", folder, "-v", "quiet", "--nologo"])
            {
                RedirectStandardOutput = true,
                Environment = { ["MSBUILDDISABLENODEREUSE"] = "1" },
            })!;
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            process.ExitCode.ShouldBe(0, output);
        }

        return folder;
    }

    private static string Copy()
    {
        string folder = Path.Combine(Artifacts, "modules", Configuration, "second"), file = Path.Combine(folder, Name + ".abi3.so");
        string copy = file + "." + Environment.ProcessId;
        Directory.CreateDirectory(folder);
        File.Copy(NativeFile, copy, overwrite: true);
        File.Move(copy, file, overwrite: true); // Replaced as a whole: another process may have the previous one in its memory.
        return file;
    }

    // The build output is a Python package, if its folder has the module's name.
    private static string Link()
    {
        string folder = Path.Combine(Artifacts, "modules", Configuration, "hosted"), link = Path.Combine(folder, Name);
        Directory.CreateDirectory(folder);
        if (!Directory.Exists(link))
        {
            Directory.CreateSymbolicLink(link, BuildOutput("HostedTestModule"));
        }

        return folder;
    }

    private static string BuildOutput(string project) => Path.GetDirectoryName(
        Directory.EnumerateFiles(Path.Combine(Artifacts, "bin", project), Name + ".dll", SearchOption.AllDirectories)
            .Single(path => Path.GetFileName(Path.GetDirectoryName(path))!.StartsWith(Configuration, StringComparison.OrdinalIgnoreCase)))!;

    private static string Metadata(string key) => typeof(TestModules).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
