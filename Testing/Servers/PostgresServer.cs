using System.Globalization;

namespace PyAsync.Testing.Servers;

/// <summary>A PostgreSQL server for one test, whose user <c>test</c> needs no password. It refuses to run as root, so it then runs as <c>postgres</c>.</summary>
internal sealed class PostgresServer : LocalServer
{
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
        var server = new PostgresServer();
        try
        {
            string[] asUser = [];
            if (Environment.UserName == "root")
            {
                asUser = [Require("runuser", [], "util-linux"), "-u", "postgres", "--"];
                await server.Run("chown", "postgres", server.Folder.FullName).ConfigureAwait(false);
            }

            await server.Run([.. asUser, initdb, "--pgdata", server.Data, "--username=test", "--auth=trust", "--encoding=UTF8", "--no-sync"]).ConfigureAwait(false);
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
}
