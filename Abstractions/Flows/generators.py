"""Async generators that C# sends values to."""

import asyncio


class Conversation:
    """Steps of an async generator, all in one task and one context: the generator may hold a timeout or a lock across its yields."""

    def __init__(self, generator):
        if not hasattr(generator, "asend"):
            raise TypeError(f"'{type(generator).__name__}' object is not an async generator: it has no asend(), athrow() and aclose()")
        self._generator = generator
        self._task = None
        self._next = asyncio.get_running_loop().create_future()
        self._late = None  # A step that was made when the wait for it had been cancelled.
        self._step = 0  # The number of the step that runs; 0 for none.
        self._made = self._cancelled = 0
        self._is_ending = False

    def make(self, number, exception, value):
        """Make a step: raise the exception in the generator, or send the value if it is None."""
        if not self._next.done():
            self._made = number
            self._next.set_result((number, exception, value))
        elif self._next.cancelled():
            self._late = number, exception, value

    def cancel(self, number):
        """Cancel a step, unless it has ended."""
        if self._step == number:
            self._task.cancel()
        elif self._made == number and self._next.done():
            self._cancelled = number  # The task has not resumed yet.

    def end(self):
        """Close the generator. A step that runs is cancelled; if the generator swallows that, it is closed behind the step."""
        self._is_ending = True
        if self._step:
            self._task.cancel()
        else:
            self.make(0, None, None)

    async def run(self, reply, skip):
        """Run the steps. reply(item) takes the items; skip() is called for a step that was cancelled before it began."""
        self._task = asyncio.current_task()
        ahead = None
        try:
            while not self._is_ending:
                try:
                    number, exception, value = await self._next
                except asyncio.CancelledError as e:
                    # By a timeout or a group that the generator holds across its yield, or by the end of the loop. The generator is to see it.
                    self._expect()
                    ahead = [await self._resume(-1, self._generator.athrow(e))]
                    continue
                self._expect()
                if number == 0:
                    return
                if self._is_ending or self._cancelled == number:
                    exception = value = None
                    skip()
                    continue
                if ahead is not None:
                    item, ahead = ahead.pop(), None  # The generator has swallowed the cancellation, and has yielded this.
                else:
                    item = await self._resume(number, self._generator.asend(value) if exception is None else self._generator.athrow(exception))
                exception = value = None
                reply(item)
                item = None
        except StopAsyncIteration:
            return
        finally:
            # The traceback of a failure refers to this frame, and the functions refer to the .NET object that holds the failure.
            reply = skip = exception = value = item = ahead = None
            await self._generator.aclose()

    def _expect(self):
        """Expect the next step."""
        self._next = asyncio.get_running_loop().create_future()
        if self._late is not None:
            late, self._late = self._late, None
            self.make(*late)

    async def _resume(self, number, awaitable):
        self._step = number
        try:
            return await awaitable
        finally:
            self._step = 0
            # A cancellation that the generator has swallowed, or that ends it, is over.
            while self._task.cancelling() and self._task.uncancel():
                pass
