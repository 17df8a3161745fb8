using System.Runtime.InteropServices;
using PyAsync.Tool;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

public sealed class ManylinuxTests
{
    private static readonly WheelTag s_tag = WheelTag.Native("linux-x64");
    private static readonly ElfFile s_library = new(["libm.so.6", "libc.so.6", "ld-linux-x86-64.so.2"], [("libc.so.6", "GLIBC_2.2.5"), ("libc.so.6", "GLIBC_2.32"), ("libm.so.6", "GLIBC_2.29")]);

    [Theory]
    [InlineData("auto", "manylinux_2_32_x86_64")]
    [InlineData("2.34", "manylinux_2_34_x86_64")]
    [InlineData("2_32", "manylinux_2_32_x86_64")]
    public void Check_WhatTheLibraryRunsWith_IsPromised(string glibc, string platform) =>
        ManylinuxChoice.Parse(glibc).Check(s_tag, "linux-x64", s_library).Platform.ShouldBe(platform);

    [Fact]
    public void Check_AnOldLibrary_IsPromisedForTheOldestThatDotnetRunsOn() =>
        ManylinuxChoice.Parse("auto").Check(s_tag, "linux-x64", new ElfFile(["libc.so.6"], [("libc.so.6", "GLIBC_2.2.5")])).Platform.ShouldBe("manylinux_2_17_x86_64");

    [Fact]
    public void Check_TooOldAPromise_NamesTheSymbolVersion() =>
        Should.Throw<ToolException>(() => ManylinuxChoice.Parse("2.28").Check(s_tag, "linux-x64", s_library)).Message.ShouldBe(
            "The library does not run with glibc 2.28: it uses GLIBC_2.32 of libc.so.6. Use --manylinux 2.32, or build on a system with glibc 2.28, because a library is linked to the glibc that it is built with.");

    [Fact]
    public void Check_ALibraryThatIsNotEverywhere_IsRefused() =>
        Should.Throw<ToolException>(() => ManylinuxChoice.Parse("auto").Check(s_tag, "linux-x64", new ElfFile(["libc.so.6", "libssl.so.3"], []))).Message.ShouldBe(
            "The library needs libssl.so.3, which manylinux does not include. Build the wheel without --manylinux.");

    [Fact]
    public void Check_Musl_IsRefused() =>
        Should.Throw<ToolException>(() => ManylinuxChoice.Parse("auto").Check(s_tag, "linux-musl-x64", s_library)).Message.ShouldBe("--manylinux is for Linux with glibc, not for linux-musl-x64.");

    [Fact]
    public void Parse_WhatIsNoVersion_SaysWhatIs() =>
        Should.Throw<ToolException>(() => ManylinuxChoice.Parse("2014")).Message.ShouldBe("--manylinux 2014 is not a glibc version: write 2.28, or auto for the oldest that the library runs with.");

    [Fact]
    public void Read_ARealLibrary_FindsWhatItAsksFor()
    {
        // .NET's own: linked to glibc, and with versioned symbols of it.
        ElfFile library = ElfFile.Read(File.ReadAllBytes(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "libcoreclr.so")));

        library.Needed.ShouldContain("libc.so.6");
        library.Needed.ShouldContain("libstdc++.so.6");
        library.Versions.ShouldContain(version => version.Library == "libc.so.6" && version.Version.StartsWith("GLIBC_2."));
        library.Versions.ShouldAllBe(version => library.Needed.Contains(version.Library));
    }

    [Fact]
    public void Read_WhatIsNoLibrary_SaysSo() =>
        Should.Throw<ToolException>(() => ElfFile.Read("MZ not an ELF file, however long it is, and it is long enough to hold a header."u8)).Message.ShouldBe(
            "The library's requirements cannot be read: it is not a 64-bit little-endian ELF file.");
}
