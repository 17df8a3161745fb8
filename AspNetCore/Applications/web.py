"""Services of C# for Python endpoints: imported as pyasync.web."""

import functools


class Service:
    """A C# service. Its members have Python's names: GetOrderAsync is get_order, and is awaited; the property OpenOrders is the attribute open_orders."""

    __slots__ = ("_name", "_target", "_methods", "_properties", "_hidden")

    def __init__(self, name, target, methods, properties, hidden):
        for slot, value in zip(Service.__slots__, (name, target, methods, properties, hidden)):
            object.__setattr__(self, slot, value)

    def __getattr__(self, name):
        method = self._methods.get(name)
        if method is not None:
            return functools.partial(method, self._target)
        read = self._properties.get(name)
        if read is not None:
            return read(self._target)
        reason = self._hidden.get(name)
        if reason is not None:
            raise AttributeError(f"the C# service '{self._name}': its {reason}")
        raise AttributeError(f"the C# service '{self._name}' has no member '{name}': it has {', '.join(dir(self)) or 'none'}")

    def __setattr__(self, name, value):
        raise AttributeError(f"the C# service '{self._name}' has no attributes that Python can set: let a method of it set '{name}'")

    def __dir__(self):
        return sorted({*self._methods, *self._properties})

    def __repr__(self):
        return f"<C# service {self._name}>"


def get_service(scope, name):
    """Returns a C# service of the request's scope, by the name under which the application exposes it."""
    find = scope.get("pyasync.services")
    if find is None:
        raise LookupError(f"the C# service '{name}' is not there: expose services by app.MapAsgi(…, options => options.ExposeService<{name}>())")
    return find(name)


def dotnet(name):
    """Returns a dependency of FastAPI: orders = Depends(dotnet("IOrders"))."""
    from starlette.requests import HTTPConnection

    async def service(connection: HTTPConnection):
        return get_service(connection.scope, name)

    return service
