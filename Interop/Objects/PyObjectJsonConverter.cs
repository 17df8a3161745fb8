using System.Text.Json;
using System.Text.Json.Serialization;

namespace PyAsync.Objects;

/// <summary>Refuses to write a Python object as JSON: otherwise the serialiser would follow the properties of this library's type, in a cycle.</summary>
internal sealed class PyObjectJsonConverter : JsonConverter<PyObject>
{
    private const string Message = "A PyObject is not serialised as JSON: convert it to a .NET value with As<T>(), or call Python's json.dumps.";

    public override PyObject Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException(Message);

    public override void Write(Utf8JsonWriter writer, PyObject value, JsonSerializerOptions options) => throw new NotSupportedException(Message);
}
