"""Services of C# for Python endpoints: imported as pyasync.web."""

import functools


class Service:
    """A C# service. Its methods have Python's names: GetOrderAsync is get_order, and is awaited."""

    def __init__(self, name, target, methods):
        self._name = name
        self._target = target
        self._methods = methods

    def __getattr__(self, name):
        method = self._methods.get(name)
        if method is None:
            methods = ", ".join(sorted(self._methods)) or "none"
            raise AttributeError(f"the C# service '{self._name}' has no method '{name}': it has {methods}. Properties are not exposed: they need a method")
        return functools.partial(method, self._target)

    def __dir__(self):
        return sorted(self._methods)

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
