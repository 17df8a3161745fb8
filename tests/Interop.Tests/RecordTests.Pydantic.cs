using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

// Models of pydantic, of version 1 and 2.
public sealed partial class RecordTests
{
    private const string Models = """
        import decimal, sys, types
        from typing import Optional
        import pydantic

        class Line(pydantic.BaseModel):
            name: str
            count: int = 1

        class Order(pydantic.BaseModel):
            id: int
            total: decimal.Decimal
            lines: list[Line]
            note: Optional[str] = None

        if pydantic.VERSION.startswith("1."):
            class Open(pydantic.BaseModel, extra="allow"):
                max_count: int
        else:
            class Open(pydantic.BaseModel):
                model_config = pydantic.ConfigDict(extra="allow")
                max_count: int

        class Customer(pydantic.BaseModel):
            name: str
            age: pydantic.conint(ge=0) = 0

        sys.modules["pydantic_models"] = types.SimpleNamespace(Customer=Customer)

        def value(text):
            return eval(text)
        """;

    [Fact]
    public void Pydantic_Models_AreReadAndWritten()
    {
        using PyObject models = PydanticModels();
        using PyObject model = models.CallMethod("value", ["Order(id=1, total='2.50', lines=[{'name': 'nut', 'count': 3}, Line(name='bolt')])"]);

        Order order = model.As<Order>();

        (order.Id, order.Total, order.Note).ShouldBe((1, 2.50m, null));
        order.Lines.ShouldBe([new Line("nut", 3), new Line("bolt")]);

        using PyObject customer = PyObject.From(new Customer("Ada", 36));
        customer.TypeName.ShouldEndWith(".Customer");
        customer.As<Customer>().ShouldBe(new Customer("Ada", 36));
        Should.Throw<PythonException>(() => PyObject.From(new Customer("Ada", -1))).TypeName.ShouldEndWith("ValidationError");
    }

    [Fact]
    public void Pydantic_ExtraFields_AreIgnoredOrRefused()
    {
        using PyObject models = PydanticModels();
        using PyObject plain = models.CallMethod("value", ["Open(max_count=1)"]), extra = models.CallMethod("value", ["Open(max_count=1, other=2)"]);

        plain.As<Strict>().MaxCount.ShouldBe(1);
        Should.Throw<PythonTypeErrorException>(() => extra.As<Strict>()).Message.ShouldContain("it has the unknown field 'other'; the known ones are max_count, max-size.");
    }

    private static PyObject PydanticModels()
    {
        using PyObject importlib = PyObject.Import("importlib.util");
        using PyObject found = importlib.CallMethod("find_spec", ["pydantic"]);
        Assert.SkipWhen(found.IsNone, "pydantic is not installed for this Python: apt-get install python3-pydantic");
        return PyObject.ImportSource(Models, "pydantic_models");
    }
}
