"""Runs the lifespan of ASGI applications: https://asgi.readthedocs.io/en/latest/specs/lifespan.html."""

import asyncio
import importlib
import inspect
import sys


class ClientDisconnected(OSError):
    """Raised by send() when the client has closed the connection."""


def find_disconnects():
    """Returns the exceptions that tell that a client has left. Newer versions of Starlette replace the one of send() by their own."""
    starlette = getattr(sys.modules.get("starlette.requests"), "ClientDisconnect", None)
    return (ClientDisconnected,) if starlette is None else (ClientDisconnected, starlette)


def is_coroutine_function(application):
    """Returns True if calling the application runs no code before its coroutine is awaited."""
    return inspect.iscoroutinefunction(application) or inspect.iscoroutinefunction(getattr(type(application), "__call__", None))


def path_has_root(application):
    """Returns False for Starlette before 0.33, whose routes do not remove root_path from path."""
    module = sys.modules.get("starlette.applications")
    if module is None or not isinstance(application, module.Starlette):
        return True
    return hasattr(importlib.import_module("starlette._utils"), "get_route_path")


class Lifespan:
    """Runs an application's lifespan in a task."""

    def __init__(self, application, state):
        self._application = application
        self._state = state
        self._messages = asyncio.Queue()
        self._reply = None
        self._task = None
        self._failure = None

    async def start(self):
        """Returns ("complete" | "failed" | "unsupported", message)."""
        return await self._request("lifespan.startup", start=True)

    async def stop(self):
        """Returns ("complete" | "failed", message)."""
        if self._task is not None and not self._task.done():
            reply = await self._request("lifespan.shutdown")
        else:
            reply = ("complete", "") if self._failure is None else ("failed", self._failure)
        self._task = None
        return reply

    async def _request(self, message, start=False):
        loop = asyncio.get_running_loop()
        self._reply = loop.create_future()
        self._messages.put_nowait({"type": message})
        if start:
            self._task = loop.create_task(self._run())
        return await self._reply

    async def _run(self):
        scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": self._state}
        try:
            await self._application(scope, self._messages.get, self._send)
        except Exception as error:
            self._failure = f"{type(error).__name__}: {error}"
            self._answer("unsupported", self._failure)
        finally:
            self._answer("complete", "")

    async def _send(self, message):
        event, _, outcome = message["type"].rpartition(".")
        if event not in ("lifespan.startup", "lifespan.shutdown") or outcome not in ("complete", "failed"):
            raise RuntimeError(f"an ASGI application sent '{message['type']}' in its lifespan")
        self._answer(outcome, message.get("message", ""))

    def _answer(self, outcome, message):
        if not self._reply.done():
            self._reply.set_result((outcome, message))


class AuthCredentials:
    """The scopes of a request, as starlette.authentication.AuthCredentials."""

    def __init__(self, scopes=None):
        self.scopes = [] if scopes is None else list(scopes)


class User:
    """The user that ASP.NET Core has authenticated, as starlette.authentication.BaseUser."""

    def __init__(self, is_authenticated, name, claims, roles):
        self.is_authenticated = is_authenticated
        self.display_name = name
        self.claims = claims
        self.roles = roles

    @property
    def identity(self):
        return self.find("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier") or self.find("sub") or self.display_name

    def find(self, kind):
        """Returns the value of the first claim of a type; None if there is none."""
        return next((value for found, value in self.claims if found == kind), None)


def make_user(is_authenticated, name, claims, roles):
    """Returns the values of scope["auth"] and scope["user"]."""
    user = User(is_authenticated, name, claims, roles)
    scopes = []
    if is_authenticated:
        scopes.append("authenticated")
        for kind, value in claims:
            if kind in ("scope", "scp", "http://schemas.microsoft.com/identity/claims/scope"):
                scopes.extend(value.split())
        scopes.extend(roles)
    module = sys.modules.get("starlette.authentication")
    credentials = AuthCredentials if module is None else module.AuthCredentials
    return credentials(scopes), user
