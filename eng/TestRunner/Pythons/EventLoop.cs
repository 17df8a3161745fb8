namespace PyAsync.TestRunner.Pythons;

/// <summary>An event loop that tests run on.</summary>
internal enum EventLoop
{
    /// <summary>asyncio's own, which every Python has.</summary>
    Asyncio,

    /// <summary>uvloop, where it is installed.</summary>
    Uvloop,
}
