using System.Diagnostics;
using PyAsync.Interop;
using PyAsync.Tool;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>A damaged library is read, or refused with a message of the tool's; in time, and in the memory that its size is worth.</summary>
public sealed class ElfFileTests
{
    // The reading of a whole one takes about a millisecond.
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    [Fact]
    public void Damaged_IsReadOrRefused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The library to damage is one of Linux's.");
        byte[] whole = File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "libSystem.Native.so"));
        ElfFile.Read(whole).Versions.ShouldNotBeEmpty();
        (int, int)[] places = [(0, 64), (64, 56 * 12), .. Sections(whole)];
        Fuzz.Run(nameof(ElfFileTests), seed =>
        {
            byte[] damaged = Mutation.Damage(new Random(seed), whole, places);
            var watch = Stopwatch.StartNew();
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                ElfFile.Read(damaged);
            }
            catch (ToolException)
            {
                // As it should be.
            }

            watch.Elapsed.ShouldBeLessThan(s_limit);
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(64L * damaged.Length + 1_000_000);
        });
    }

    /// <summary>The dynamic section, and what it points to, by the program headers.</summary>
    private static IEnumerable<(int, int)> Sections(byte[] file)
    {
        int headers = (int)BitConverter.ToInt64(file, 32), count = BitConverter.ToUInt16(file, 56);
        for (int i = 0; i < count; i++)
        {
            int at = headers + (i * 56);
            if (BitConverter.ToUInt32(file, at) == 2)
            {
                yield return ((int)BitConverter.ToInt64(file, at + 8), (int)BitConverter.ToInt64(file, at + 32));
            }
        }

        // The versions and the names come early in the file.
        yield return (0, 16_384);
    }
}
