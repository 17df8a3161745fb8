"""Queues of asyncio as channels of .NET, and channels as queues."""

import asyncio
import collections
import weakref

import pyasync

ShutDown = pyasync.QueueShutDown

#: The queues whose last item is a ShutDown that a reader has returned. It is not one of the queue's unfinished tasks, so that join() ends.
ended = weakref.WeakSet()


class Taker:
    """Takes items from a queue for a channel reader. It keeps each item until the reader has read it."""

    def __init__(self, queue):
        self._queue = queue
        self._unread = collections.deque()
        self._read = 0

    async def take(self, put, read):
        """Wait for an item, and pass it and those behind it to put(item), which returns True if there is room for another.

        read is the number of all items that have been read. False if the queue has ended.
        """
        self.finish(read)
        queue = self._queue
        try:
            item = await queue.get()
            while True:
                if item is ShutDown:
                    self._return_end()
                    return bool(self._unread)
                self._unread.append(item)
                if not put(item) or queue.empty():
                    return True
                item = queue.get_nowait()
        except ShutDown:
            return False

    def _return_end(self):
        """Put the end back, for the queue's other readers and for the next call."""
        queue = self._queue
        if queue not in ended:
            queue.task_done()  # The item that the queue's writer has put.
            ended.add(queue)
        queue.put_nowait(ShutDown)
        queue.task_done()

    def finish(self, read):
        while self._read < read:
            self._read += 1
            self._unread.popleft()
            self._queue.task_done()

    def give_back(self, read):
        """Return the items that were not read to the front of the queue."""
        self.finish(read)
        queue = self._queue
        while self._unread:
            item = self._unread.pop()
            if type(queue)._put is asyncio.Queue._put:
                queue._queue.appendleft(item)
            else:
                queue._put(item)  # A queue with another order.
            queue._wakeup_next(queue._getters)


async def feed(queue, take):
    """Put items into a queue: take() returns the next one in a tuple, None if there is none now, and False to shut down the queue.

    True if the queue has all items and is shut down, False if it was shut down before, None if there is no item now.
    """
    try:
        while item := take():
            await queue.put(item[0])
        if item is None:
            return None
        if hasattr(queue, "shutdown"):
            queue.shutdown()
        else:
            await queue.put(ShutDown)
        return True
    except ShutDown:
        return False


class ChannelReader:
    """The reader of a .NET channel, with the methods of an asyncio.Queue."""

    def __init__(self, read, wait_to_read, count, drain):
        # read() returns the next item in a tuple, None if there is none now, and False if the channel is complete.
        self._read = read
        self._wait_to_read = wait_to_read
        self._count = count
        self._drain = drain
        self._unfinished = 0
        self._finished = asyncio.Event()

    async def get(self):
        """Remove and return an item. If there is none, wait. QueueShutDown if the channel is complete."""
        while not (item := self._take()):
            await self._wait_to_read()  # Takes no item, so that none is lost if the wait is cancelled.
        return item[0]

    def get_nowait(self):
        """Remove and return an item. QueueEmpty if there is none, QueueShutDown if the channel is complete."""
        if not (item := self._take()):
            raise asyncio.QueueEmpty
        return item[0]

    def _take(self):
        item = self._read()
        if item:
            self._unfinished += 1
            return item
        self._wake_if_finished()
        if item is False:
            raise ShutDown
        return None

    def task_done(self):
        """Record that the work on an item that get() has returned is done. ValueError if there is no such item."""
        if self._unfinished == 0:
            raise ValueError("task_done() called too many times")
        self._unfinished -= 1
        self._wake_if_finished()

    def _wake_if_finished(self):
        if self._unfinished == 0:
            self._finished.set()

    async def join(self):
        """Wait until Python code has read the items of the channel, and has called task_done() for each."""
        while self._unfinished or self._has_items():
            self._finished.clear()
            await self._finished.wait()

    def _has_items(self):
        try:
            return not self.empty()
        except NotImplementedError:
            return False

    def qsize(self):
        """The number of items. NotImplementedError if the channel cannot count them."""
        return self._count()

    def empty(self):
        return self.qsize() == 0

    def __aiter__(self):
        return self

    async def __anext__(self):
        try:
            return await self.get()
        except ShutDown:
            raise StopAsyncIteration from None


class ChannelWriter:
    """The writer of a .NET channel, with the methods of an asyncio.Queue."""

    def __init__(self, write, wait_to_write, complete, is_full):
        # write(item) returns None if the channel is complete.
        self._write = write
        self._wait_to_write = wait_to_write
        self._complete = complete
        self._is_full = is_full

    async def put(self, item):
        """Write an item. If there is no room, wait. QueueShutDown if the channel is complete."""
        while not self._try(item):
            await self._wait_to_write()

    def put_nowait(self, item):
        """Write an item. QueueFull if there is no room, QueueShutDown if the channel is complete."""
        if not self._try(item):
            raise asyncio.QueueFull

    def _try(self, item):
        written = self._write(item)
        if written is None:
            raise ShutDown
        return written

    def full(self):
        """True if there is no room for an item now."""
        return self._is_full()

    def shutdown(self, immediate=False):
        """Complete the channel: its reader sees the end behind the last item."""
        if immediate:
            raise NotImplementedError("the writer of a channel cannot remove the items in it")
        self._complete()


class Channel(ChannelReader, ChannelWriter):
    """A .NET channel, with the methods of an asyncio.Queue."""

    def __init__(self, reader, writer):
        ChannelReader.__init__(self, *reader)
        ChannelWriter.__init__(self, *writer)

    def shutdown(self, immediate=False):
        """Complete the channel: its reader sees the end behind the last item, or at once if immediate."""
        self._complete()
        if immediate:
            self._drain()
            self._wake_if_finished()
