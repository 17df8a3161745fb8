using PyAsync.Tool;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

public sealed class PythonVersionTests
{
    [Theory]
    [InlineData("1.2.3", "1.2.3")]
    [InlineData("1.2.3.4", "1.2.3.4")]
    [InlineData("1.2.3-alpha.1", "1.2.3a1")]
    [InlineData("1.2.3-beta", "1.2.3b0")]
    [InlineData("1.2.3-Beta2", "1.2.3b2")]
    [InlineData("1.2.3-rc.07", "1.2.3rc7")]
    [InlineData("1.2.3-preview.4", "1.2.3rc4")]
    [InlineData("1.2.3-dev.5", "1.2.3.dev5")]
    [InlineData("1.2.3+Linux-x64", "1.2.3+linux.x64")]
    [InlineData("1.2.3-beta.1+4", "1.2.3b1+4")]
    public void From_WhatPythonCanSay_IsPep440(string version, string expected)
    {
        PythonVersion.From(version).ShouldBe(expected);
        PythonVersion.IsValid(expected).ShouldBeTrue();
    }

    [Theory]
    [InlineData("1.2.3-ci.20260101.4")]
    [InlineData("1.2.3-preview.7.25380")]
    [InlineData("one")]
    public void From_WhatPythonCannotSay_NamesTheProperty(string version) =>
        Should.Throw<ToolException>(() => PythonVersion.From(version)).Message.ShouldBe(
            $"The version {version} cannot be converted to Python's form, which supports -alpha.1, -beta.1, -rc.1 (or -preview.1) and -dev.1. Set <PythonVersion> to the version of the wheel.");
}
