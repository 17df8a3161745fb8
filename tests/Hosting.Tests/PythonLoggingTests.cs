using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>Python's <c>logging</c> in the log of a host.</summary>
[Collection(InThisProcess.Name)]
public sealed partial class PythonLoggingTests
{
    private const string Source = """
        import logging

        def log(name, level, *args, **kwargs):
            logging.getLogger(name).log(level, *args, **kwargs)

        def fail(name):
            try:
                {}["key"]
            except KeyError:
                logging.getLogger(name).exception("no %s", "key")

        class Logs:
            def __str__(self):
                logging.getLogger("shop").error("within")
                return "text"

        class Broken(Exception):
            def __str__(self):
                raise ValueError("no text")

        def odd():
            logging.getLogger("shop").error("outer %s", Logs())
            try:
                raise Broken()
            except Broken:
                logging.getLogger("shop").exception("broken")
            logging.getLogger("shop").log(10**12, "high")

        def log_extra():
            extra = {"order": 7, "price": 1.5, "customer": "Ann", "gift": True, "voucher": None, "items": ["pen"], "broken": Broken()}
            logging.getLogger("shop").error("paid", extra=extra)

        def log_while_the_host_ends(end):
            logged, last = [], logging.Handler()
            last.emit = lambda record: logged.append(record.getMessage())

            class Message:
                def __str__(self):
                    end()
                    return "text"

            last_resort, logging.lastResort = logging.lastResort, last
            try:
                logging.getLogger("shop").error("%s", Message())
            finally:
                logging.lastResort = last_resort
            return logged

        def handlers():
            return [type(handler).__name__ for handler in logging.getLogger().handlers]
        """;

    [Theory]
    [InlineData(50, "Critical")]
    [InlineData(40, "Error")]
    [InlineData(30, "Warning")]
    [InlineData(25, "Information")]
    [InlineData(20, "Information")]
    [InlineData(10, "Debug")]
    [InlineData(5, "Trace")]
    public async Task Records_HaveTheCategoryAndTheLevelOfTheirLogger(int number, string level)
    {
        await using var test = await Test.Start(("Logging:LogLevel:Default", "Trace"));

        test.Module.CallMethod("log", ["shop.orders", number, "order %s of %d", "seven", 9]).Dispose();

        test.Entries("shop.orders").ShouldBe([$"{level}: order seven of 9"]);
        Recorded entry = test.Log.Entries.Single(static entry => entry.Category == "shop.orders");
        entry.Values["{OriginalFormat}"].ShouldBe("order %s of %d");
        entry.Values["code.function.name"].ShouldBe("log");
        entry.Values["code.line.number"].ShouldBe(4);
        entry.Values.Count.ShouldBe(4);
    }

    /// <summary>As structured logging of .NET has them: providers index and filter by them.</summary>
    [Fact]
    public async Task TheAttributesOfExtra_AreValuesOfTheEntry()
    {
        await using var test = await Test.Start();

        test.Module.CallMethod("log_extra").Dispose();

        test.Entries("shop").ShouldBe(["Error: paid"]);
        Recorded entry = test.Log.Entries.Single(static entry => entry.Category == "shop");
        entry.Values["order"].ShouldBe(7L);
        entry.Values["price"].ShouldBe(1.5);
        entry.Values["customer"].ShouldBe("Ann");
        entry.Values["gift"].ShouldBe(true);
        entry.Values["voucher"].ShouldBeNull();
        entry.Values["items"].ShouldBe("['pen']");
        entry.Values["broken"].ShouldBeOfType<string>().ShouldContain("Broken object at");
        entry.Values["{OriginalFormat}"].ShouldBe("paid");
    }

    [Fact]
    public async Task Levels_AreThoseOfTheHostsConfiguration()
    {
        await using var test = await Test.Start(("Logging:LogLevel:Default", "Warning"), ("Logging:LogLevel:shop", "Debug"));

        foreach (string name in (string[])["shop.orders", "library"])
        {
            test.Module.CallMethod("log", [name, 5, "trace"]).Dispose();
            test.Module.CallMethod("log", [name, 10, "debug"]).Dispose();
            test.Module.CallMethod("log", [name, 30, "warning"]).Dispose();
        }

        test.Entries("shop.orders").ShouldBe(["Debug: debug", "Warning: warning"]);
        test.Entries("library").ShouldBe(["Warning: warning"]);
    }

    [Fact]
    public async Task AChangeOfTheConfiguration_TakesEffect()
    {
        await using var test = await Test.Start(("Logging:LogLevel:Default", "Warning"));
        test.Module.CallMethod("log", ["shop", 10, "before"]).Dispose();

        var configuration = (IConfigurationRoot)test.Host.Services.GetRequiredService<IConfiguration>();
        configuration["Logging:LogLevel:Default"] = "Debug";
        configuration.Reload();

        test.Module.CallMethod("log", ["shop", 10, "after"]).Dispose();
        test.Entries("shop").ShouldBe(["Debug: after"]);
    }

    [Fact]
    public async Task Exceptions_HaveTheirTraceback()
    {
        await using var test = await Test.Start();

        test.Module.CallMethod("fail", ["shop"]).Dispose();

        test.Entries("shop").ShouldBe(["Error: no key"]);
        Exception exception = test.Log.Entries.Single(static entry => entry.Category == "shop").Exception!;
        exception.Message.ShouldBe("KeyError: 'key'");
        exception.ToString().ShouldStartWith("Traceback (most recent call last):");
        exception.ToString().ShouldContain(", in fail");
    }

    [Fact]
    public async Task AProvider_ThatRunsPythonCodeWhichLogs_DoesNotRecur()
    {
        await using var test = await Test.Start();
        test.Log.OnEntry = () => test.Module.CallMethod("log", ["inner", 40, "inner"]).Dispose();

        test.Module.CallMethod("log", ["outer", 40, "outer"]).Dispose();

        test.Log.OnEntry = null;
        test.Entries("outer").ShouldBe(["Error: outer"]);
        test.Entries("inner").ShouldBeEmpty();
    }

    [Fact]
    public async Task AWrongRecord_IsNoErrorOfTheCode()
    {
        await using var test = await Test.Start();

        test.Module.CallMethod("log", ["shop", 40, "%d", "no number"]).Dispose(); // Python's logging prints the error to stderr.
        test.Module.CallMethod("log", ["shop", 40, "next"]).Dispose();

        test.Entries("shop").ShouldBe(["Error: next"]);
    }

    [Fact]
    public async Task ManyThreads_LogAtOnce()
    {
        await using var test = await Test.Start();
        using PyObject log = test.Module.GetAttr("log");

        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(() =>
        {
            for (int i = 0; i < 200; i++)
            {
                log.Call(["shop", 40, "%d of %d", i, thread]).Dispose();
            }
        })));

        test.Entries("shop").Distinct().Count().ShouldBe(1600);
    }

    [Fact]
    public async Task Records_ThatAreOdd_AreNotLost()
    {
        await using var test = await Test.Start();

        test.Module.CallMethod("odd").Dispose();

        test.Entries("shop").ShouldBe(["Error: within", "Error: outer text", "Error: broken", "Critical: high"]);
        test.Log.Entries.Single(static entry => entry.Message == "broken").Exception.ShouldNotBeNull().Message.ShouldContain("Broken: <exception str() failed>");
    }

    [Fact]
    public async Task TheEndOfAHost_LosesNoRecordOfTheNextHandler()
    {
        var first = await Test.Start();
        await using var second = await Test.Start();
        await first.DisposeAsync();

        second.Module.CallMethod("log", ["shop", 40, "1"]).Dispose();
        second.Module.CallMethod("log", ["shop", 40, "2"]).Dispose();

        second.Entries("shop").ShouldBe(["Error: 1", "Error: 2"]);
        first.Entries("shop").ShouldBeEmpty();
        second.Module.CallMethod("handlers").As<string[]>().Count(static name => name == "DotNetHandler").ShouldBe(1);
    }

    [Fact]
    public async Task ARecord_DuringWhichTheHostEnds_GoesWhereRecordsWithoutAHandlerGo()
    {
        await using var test = await Test.Start();
        using PyObject end = PyFunction.Create("end", () =>
        {
            using (PythonThread.Detach())
            {
                test.DisposeAsync().AsTask().Wait(); // Between the question for the level and the message.
            }
        });

        test.Module.CallMethod("log_while_the_host_ends", [end]).As<string[]>().ShouldBe(["text"]);

        test.Entries("shop").ShouldBeEmpty();
        test.Module.CallMethod("handlers").As<string[]>().ShouldNotContain("DotNetHandler");
    }

    [Fact]
    public async Task TheEndOfTheHost_RemovesTheHandler()
    {
        var first = await Test.Start();
        first.Module.CallMethod("log", ["shop", 40, "first"]).Dispose();
        await first.DisposeAsync();
        await using var second = await Test.Start();

        second.Module.CallMethod("log", ["shop", 40, "second"]).Dispose();

        second.Module.CallMethod("handlers").As<string[]>().Count(static name => name == "DotNetHandler").ShouldBe(1);
        first.Entries("shop").ShouldBe(["Error: first"]);
        second.Entries("shop").ShouldBe(["Error: second"]);
        await second.DisposeAsync();
        second.Module.CallMethod("log", ["shop", 40, "on stderr"]).Dispose();
        second.Module.CallMethod("handlers").As<string[]>().ShouldNotContain("DotNetHandler");
    }
}
