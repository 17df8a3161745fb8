using System.Globalization;

namespace PyAsync.Testing.Servers;

/// <summary>A PostgreSQL server for one test, whose user <c>test</c> needs no password. It refuses to run as root, so it then runs as <c>postgres</c>.</summary>
internal sealed class PostgresServer : LocalServer
{
    private static readonly Lock s_lock = new();
    private static Task<PostgresServer>? s_first;

    private string Data => Path.Combine(Folder.FullName, "data");

    protected override int ProcessId =>
        int.Parse(File.ReadLines(Path.Combine(Data, "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    /// <summary>Starts a server, or skips the test if it is not installed.</summary>
    public static async Task<PostgresServer> StartAsync()
    {
        // Debian has the programs in a folder for each version.
        string[] folders = Directory.Exists("/usr/lib/postgresql")
            ? [.. Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(static version => Path.Combine(version, "bin"))]
            : [];
        string initdb = Require("initdb", folders, "postgresql");
        string postgres = Require("postgres", folders, "postgresql");
        string[] asUser = Environment.UserName == "root" ? [Require("runuser", [], "util-linux"), "-u", "postgres", "--"] : [];
        PostgresServer first = await First(initdb, asUser).ConfigureAwait(false);
        var server = new PostgresServer();
        try
        {
            await server.GiveFolder(asUser).ConfigureAwait(false);
            await server.Run([.. asUser, "cp", "-a", first.Data, server.Data]).ConfigureAwait(false);
            await server.Start(
                "ready to accept connections",
                [
                    .. asUser, postgres, "-D", server.Data, "-h", "127.0.0.1", "-p", server.Port.ToString(CultureInfo.InvariantCulture),
                    "-k", server.Folder.FullName, "-F",
                ]).ConfigureAwait(false);
            return server;
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Gets the files of a new server, which the others copy: to create them takes longer than all else that a test does with its server.</summary>
    private static Task<PostgresServer> First(string initdb, string[] asUser)
    {
        lock (s_lock)
        {
            return s_first ??= Create();
        }

        async Task<PostgresServer> Create()
        {
            var server = new PostgresServer();
            AppDomain.CurrentDomain.ProcessExit += (_, _) => server.Folder.Delete(recursive: true);
            await server.GiveFolder(asUser).ConfigureAwait(false);
            await server.Run([.. asUser, initdb, "--pgdata", server.Data, "--username=test", "--auth=trust", "--encoding=UTF8", "--no-sync"]).ConfigureAwait(false);
            return server;
        }
    }

    private Task GiveFolder(string[] asUser) => asUser.Length > 0 ? Run("chown", "postgres", Folder.FullName) : Task.CompletedTask;
}
