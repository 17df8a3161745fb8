using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>Exceptions whose classes may run any code, and states of Python in which nothing works: the caller gets the exception nevertheless.</summary>
[Collection("Deep objects")]
public sealed partial class HostileExceptionTests : IDisposable
{
    private const string Source = """
        import sys, traceback

        class Notes(Exception):
            __notes__ = property(lambda self: 1 / 0)
        class Str(Exception):
            def __str__(self): raise KeyError("in __str__")
        class StrNone(Exception):
            def __str__(self): return None
        class StrRecursion(Exception):
            def __str__(self): return str(self)
        class Surrogate(Exception):
            def __str__(self): return "\udc80 text"
        class Repr(Exception):
            def __repr__(self): raise KeyError("in __repr__")
        class Class(Exception):
            __class__ = property(lambda self: 1 / 0)
        class Attributes(Exception):
            def __getattribute__(self, name): raise Attributes("in __getattribute__")
        class Exits(Exception):
            def __getattribute__(self, name): raise AttributeError(name)
            def __str__(self): raise MemoryError
        class Args(Exception):
            args = property(lambda self: 1 / 0)
            __cause__ = property(lambda self: 1 / 0)
            __context__ = property(lambda self: 1 / 0)
            __traceback__ = property(lambda self: 1 / 0)
            __suppress_context__ = property(lambda self: 1 / 0)
        class Code(SystemExit):
            code = property(lambda self: 1 / 0)
        class Frozen(Exception):
            def __setattr__(self, name, value): raise TypeError("frozen")
        class Meta(type):
            def __getattribute__(self, name):
                if name in ("__module__", "__qualname__", "__name__", "__mro__"): raise ValueError(name)
                return super().__getattribute__(name)
        class OfMeta(Exception, metaclass=Meta): pass
        class Group(ExceptionGroup):
            exceptions = property(lambda self: 1 / 0)
        class EndlessCause(Exception):
            __cause__ = property(lambda self: EndlessCause())
        class EndlessContext(Exception):
            __context__ = property(lambda self: EndlessContext())
            __suppress_context__ = False
        class EndlessAttributes(Exception):
            def __getattribute__(self, name):
                return EndlessAttributes() if name == "__cause__" else super().__getattribute__(name)
        class OwnMember(ExceptionGroup):
            exceptions = property(lambda self: (self,))
        def endless_later():
            e = ValueError("e")
            e.__cause__ = EndlessCause("inner")
            return e
        hostile = [EndlessCause, EndlessContext, EndlessAttributes, lambda: OwnMember("own", [ValueError("inner")]), endless_later,
            Notes, Str, StrNone, StrRecursion, Surrogate, Repr, Class, Attributes, Exits, Args, Code, Frozen, OfMeta, lambda: Group("g", [ValueError("inner")])]

        def fail(i):
            raise hostile[i]()

        def cyclic_cause():
            a, b = ValueError("a"), KeyError("b")
            a.__cause__, b.__cause__ = b, a
            raise a

        def cyclic_group():
            inner = [ValueError("inner")]
            group = ExceptionGroup("outer", inner)
            inner[0].__cause__ = group
            inner[0].__context__ = group
            raise group

        def deep_group():
            e = ValueError("innermost")
            for i in range(2_000):
                e = ExceptionGroup("level", [e])
            raise e

        def wide_group():
            raise ExceptionGroup("wide", [ValueError(i) for i in range(20_000)])

        def shared_group():
            e = ValueError("shared")
            for i in range(8):
                e = ExceptionGroup("level", [e] * 100)
            raise e

        def long_chain():
            e = None
            for i in range(20_000):
                n = ValueError(i)
                n.__cause__ = e
                n.__context__ = e
                e = n
            raise e

        def out_of_memory():
            raise MemoryError

        def dig(f):
            dig_deeper(f)

        def dig_deeper(f):
            return dig(f)
        """;

    /// <summary>Drops the test's exceptions here: long chains of them take stack to deallocate, more than a nested call of another test may have left.</summary>
    public void Dispose()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        PythonThread.Attach().Dispose();
    }

    [Fact]
    public void Convert_HostileClass_IsTheRightExceptionWithAText()
    {
        using PyObject module = PyObject.ImportSource(Source, "hostile");
        int count = (int)module.GetAttr("hostile").Length;
        for (int i = 0; i < count; i++)
        {
            PythonException e = Should.Throw<PythonException>(() => module.CallMethod("fail", [i]));

            e.Message.ShouldNotBeEmpty();
            e.Traceback.ShouldNotBeEmpty();
            e.ToString().ShouldContain("fail", customMessage: e.Message);
            e.IsInstanceOf("BaseException").ShouldBeTrue(e.TypeName);
        }
    }

    [Theory]
    [InlineData("cyclic_cause", "a")]
    [InlineData("cyclic_group", "outer")]
    [InlineData("deep_group", "level")]
    [InlineData("wide_group", "wide")]
    [InlineData("shared_group", "level")]
    [InlineData("long_chain", "19999")]
    [InlineData("out_of_memory", "MemoryError")]
    [InlineData("dig", "RecursionError")]
    public void Convert_CyclicDeepOrWide_IsBounded(string function, string text)
    {
        using PyObject module = PyObject.ImportSource(Source, "hostile");

        PythonException e = function == "dig"
            ? Should.Throw<PythonException>(() => module.CallMethod(function, [1]))
            : Should.Throw<PythonException>(() => module.CallMethod(function));

        e.Message.ShouldContain(text);
        e.ToString().ShouldContain(function);
        for (Exception? inner = e; inner is not null; inner = inner.InnerException)
        {
            inner.Message.ShouldNotBeEmpty(); // The chain ends.
        }
    }

    [Fact]
    public void Convert_WideGroup_KeepsItsExceptions()
    {
        using PyObject module = PyObject.ImportSource(Source, "hostile");

        PythonException e = Should.Throw<PythonException>(() => module.CallMethod("wide_group"));

        e.InnerExceptions.Count.ShouldBe(20_000);
        e.InnerExceptions[^1].Message.ShouldBe("ValueError: 19999");
    }

    [Theory]
    [InlineData("raise ValueError('replaced')")]
    [InlineData("raise e")]
    [InlineData("raise MemoryError")]
    [InlineData("return fail()")]
    [InlineData("return None")]
    public void Convert_FormatExceptionFails_WritesTheFramesItself(string body)
    {
        // traceback.format_exception makes one of these; the replacement fails for exceptions of this test alone.
        using PyObject module = PyObject.ImportSource($$"""
            import traceback

            class Marked(Exception): pass

            def fail():
                raise Marked("bang")

            original = traceback.TracebackException

            def replaced(t, e, *args, **kwargs):
                if isinstance(e, Marked):
                    {{body}}
                return original(t, e, *args, **kwargs)

            def replace(): traceback.TracebackException = replaced
            def put_back(): traceback.TracebackException = original
            """, "replacing");
        module.CallMethod("replace").Dispose();
        try
        {
            PythonException e = Should.Throw<PythonException>(() => module.CallMethod("fail"));

            e.Message.ShouldBe("replacing.Marked: bang");
            e.Traceback.ShouldContain("File \"<replacing");
            e.Traceback.ShouldContain(", in fail\nreplacing.Marked: bang\n");
        }
        finally
        {
            module.CallMethod("put_back").Dispose();
        }
    }

    [Theory]
    [InlineData("import {0}.missing")]
    [InlineData("from {0} import missing")]
    [InlineData("from . import missing")]
    [InlineData("raise ImportError('no')")]
    public void Import_APackageThatCannotImportAPartOfItself_IsTheErrorOfTheImport(string body)
    {
        // Python 3.15 imports the package once more while it formats the error.
        DirectoryInfo folder = Directory.CreateTempSubdirectory("pyasync");
        try
        {
            string name = "half" + Guid.NewGuid().ToString("N");
            Directory.CreateDirectory(Path.Combine(folder.FullName, name));
            File.WriteAllText(Path.Combine(folder.FullName, name, "__init__.py"), string.Format(System.Globalization.CultureInfo.InvariantCulture, body, name) + "\n");
            using PyObject path = PyObject.Import("sys").GetAttr("path");
            path.CallMethod("insert", [0, folder.FullName]).Dispose();
            try
            {
                for (int i = 0; i < 100; i++)
                {
                    PythonException e = Should.Throw<PythonException>(() => PyObject.Import(name));
                    e.IsInstanceOf("ImportError").ShouldBeTrue(e.TypeName);
                    e.ToString().ShouldContain("__init__.py");
                }
            }
            finally
            {
                path.CallMethod("pop", [0]).Dispose();
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
