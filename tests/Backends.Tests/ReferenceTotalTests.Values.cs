using System.Text.Json;
using PyAsync.Interop;
using Xunit;

namespace PyAsync.Tests.OnThreadPool;

// Conversions of records, JSON, views, and values of a runtime.
public sealed partial class ReferenceTotalTests
{
    private const string Forms = """
        import asyncio, dataclasses, enum, sys, types

        @dataclasses.dataclass
        class Counted:
            name: str
            items: list
            shade: object = "DARK"

        class Shade(enum.Enum):
            DARK = 1

        class Dumping:
            def model_dump(self):
                return {"name": "d", "items": [1]}

        sys.modules["counted_forms"] = types.SimpleNamespace(Counted=Counted)

        forms = [
            {"name": "a", "items": [1, 2]}, Counted("b", [3]), Counted("s", [3], Shade.DARK), types.MappingProxyType({"name": "c", "items": []}), Dumping(),
            {"name": "e"}, {"name": "f", "items": ["x"]}, {"name": "g", "items": [], "more": 1}, {"name": "h", "items": [], "shade": "PALE"}, 5, None,
        ]

        async def use(task, stream, function):
            return await task + sum([item async for item in stream]) + await function(1)
        """;

    [PyRecord(PythonClass = "counted_forms:Counted", UnknownFields = PyUnknownFields.Refuse)]
    public sealed record Counted(string Name, IReadOnlyList<int> Items, CountedShade Shade = CountedShade.Dark);

    [PyEnum(PyEnumForm.Name)]
    public enum CountedShade
    {
        Dark,
    }

    [Fact]
    public async Task Values_OfAllKinds_KeepTheTotal()
    {
        SkipUnlessDebugBuild();
        using PyObject module = PyObject.ImportSource(Forms, "reference_total_of_values");
        await KeepsTotalAsync("records and JSON of all forms", async (runtime, _) => await runtime.InvokeAsync(() =>
        {
            using PyObject forms = module.GetAttr("forms");
            for (int i = 0; i < s_awaits / 10; i++)
            {
                foreach (PyObject form in forms.Items())
                {
                    using (form)
                    {
                        ConvertAll(form);
                    }
                }
            }
        }));
        await KeepsTotalAsync("Tasks, streams and delegates", async (runtime, _) =>
        {
            using PyObject use = module.GetAttr("use");
            for (int i = 0; i < s_awaits / 10; i++)
            {
                await runtime.CallAsync<int>(use, [Task.FromResult(1), Numbers(), (Func<int, Task<int>>)(async x => { await Task.Yield(); return x; })]);
            }
        });
    }

    private static void ConvertAll(PyObject form)
    {
        try
        {
            if (form.As<Counted?>() is { } record)
            {
                using PyObject back = PyObject.From(record);
                using PyObject items = back.GetAttr("items");
                using PyList<int> view = items.As<PyList<int>>();
                _ = view.Count + view.Sum();
            }
        }
        catch (Exception e) when (e is PythonTypeErrorException or PythonOverflowException)
        {
            // Some forms are wrong.
        }

        try
        {
            using PyObject json = PyObject.From(form.As<JsonElement>());
        }
        catch (PythonTypeErrorException)
        {
            // Objects are not plain data.
        }
    }

    private static async IAsyncEnumerable<int> Numbers()
    {
        await Task.Yield();
        yield return 1;
        yield return 2;
    }
}
