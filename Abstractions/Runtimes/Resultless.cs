namespace PyAsync.Runtimes;

/// <summary>Converts work without a result to work whose result is <c>None</c> in Python.</summary>
internal static class Resultless
{
    public static async Task<object?> Of(Task work)
    {
        await work.ConfigureAwait(false);
        return null;
    }
}
