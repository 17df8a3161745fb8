using System.Globalization;

namespace PyAsync.Testing.Servers;

/// <summary>A Redis server for one test, which stores nothing on disk.</summary>
internal sealed class RedisServer : LocalServer
{
    /// <summary>Starts a server, or skips the test if it is not installed.</summary>
    public static async Task<RedisServer> StartAsync()
    {
        string redis = Require("redis-server", [], "redis-server");
        var server = new RedisServer();
        try
        {
            await server.Start(
                "Ready to accept connections",
                redis, "--bind", "127.0.0.1", "--port", server.Port.ToString(CultureInfo.InvariantCulture), "--dir", server.Folder.FullName, "--save", "").ConfigureAwait(false);
            return server;
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
