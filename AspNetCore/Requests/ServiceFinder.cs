using PyAsync.Interop;
using PyAsync.Services;

namespace PyAsync.Requests;

/// <summary>The C# services that an application exposes, and their Python objects. On the loop's thread.</summary>
internal sealed class ServiceFinder
{
    private readonly Dictionary<string, (Type Type, ServiceMembers Members)> _services = [];
    private readonly PyObject _class = AsgiModule.Current.ServiceClass;

    /// <summary>Makes the members of the services. On the loop's thread.</summary>
    public ServiceFinder(IEnumerable<ExposedService> services, IRuntime runtime)
    {
        foreach (ExposedService service in services)
        {
            _services[service.Name] = (service.Type, service.CreateMembers(runtime));
        }
    }

    /// <summary>Makes the function of a request that finds a service by its name.</summary>
    public NewReference NewFunction(IServiceProvider provider) => FunctionType.New(new Find(this, provider), doc: null);

    private PyObject Get(IServiceProvider provider, string name)
    {
        if (!_services.TryGetValue(name, out (Type Type, ServiceMembers Members) service))
        {
            throw new KeyNotFoundException($"No C# service '{name}' is exposed; there are: {string.Join(", ", _services.Keys.Order())}. Use options.ExposeService<{name}>().");
        }

        object found = provider.GetService(service.Type)
            ?? throw new KeyNotFoundException($"The C# service '{name}' is not registered: add {service.Type} to builder.Services.");
        using PyObject target = ManagedObject.Wrap(found).ToPyObject();
        using PyObject text = PyObject.From(name, PyConvert.String);
        return _class.Call([text, target, service.Members.Methods, service.Members.Properties, service.Members.Hidden]);
    }

    private sealed class Find(ServiceFinder finder, IServiceProvider provider) : PyCallable("find_service")
    {
        public override NewReference Invoke(CallbackArguments arguments)
        {
            arguments.ThrowIfNotOf(1);
            using PyObject service = finder.Get(provider, arguments.Get(0, PyConvert.String));
            return NewReference.From(service.Reference);
        }
    }
}
