"""asyncio's streams over the streams of .NET."""

import asyncio
import weakref


async def write(writer, data):
    """Write to a StreamWriter, and wait while its buffer is full."""
    writer.write(data)
    try:
        await writer.drain()
    except asyncio.CancelledError:
        # The writer has the data. Code that writes it again after a cancellation, as a PipeWriter does, would duplicate it.
        pass


async def close(writer):
    """Close a StreamWriter, and wait until its buffer is written."""
    writer.close()
    await writer.wait_closed()


def open_streams(loop, read, write, end, close, drop, limit):
    """Make a StreamReader and a StreamWriter over the asynchronous functions read() and write(data), each of which may be None.

    The asynchronous function end() ends the writing and leaves the reading open; None if the .NET side cannot do that. The asynchronous function close()
    closes the .NET side; drop() begins that, and does not fail.
    """
    reader = asyncio.StreamReader(limit=limit, loop=loop)
    protocol = asyncio.StreamReaderProtocol(reader, loop=loop)
    transport = Transport(loop, protocol, reader, read, write, end, close, drop)
    protocol.connection_made(transport)
    if read is not None:
        transport.start()
    writer = None if write is None else asyncio.StreamWriter(transport, protocol, None if read is None else reader, loop)
    return (None if read is None else reader), writer


class Transport(asyncio.Transport):
    """A transport over a .NET stream. It reads ahead of the StreamReader up to that one's limit, and writes one block after another."""

    def __init__(self, loop, protocol, reader, read, write, end, close, drop):
        super().__init__()
        self._loop = loop
        self._protocol = protocol
        # A StreamReader that Python code has dropped ends the reading.
        self._reader = None if read is None else weakref.ref(reader, self._on_reader_dropped)
        self._read = read
        self._write = write
        self._end = end
        self._close = close
        self._drop = drop
        self._may_read = asyncio.Event()
        self._may_read.set()
        self._buffer = bytearray()
        self._in_flight = 0
        self._high, self._low = 64 * 1024, 16 * 1024
        self._is_paused = self._is_closing = self._is_lost = self._is_eof = False
        self._reading = self._writing = None

    def start(self):
        if asyncio._get_running_loop() is self._loop:
            self._begin()
        else:
            self._loop.call_soon_threadsafe(self._begin)

    def _begin(self):
        if not self._is_lost:
            self._reading = self._loop.create_task(self._read_all())

    # Reading.

    async def _read_all(self):
        try:
            while data := await self._read():
                self._protocol.data_received(data)
                data = None
                await self._may_read.wait()
            if not self._protocol.eof_received() or self._write is None:
                self.close()
        except asyncio.CancelledError:
            if not self._is_closing:
                self._lose(None)
            raise
        except Exception as e:
            self._lose(e)

    def _on_reader_dropped(self, _):
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.close if self._write is None else self.pause_reading)

    def is_reading(self):
        return self._may_read.is_set() and not self._is_closing

    def pause_reading(self):
        self._may_read.clear()

    def resume_reading(self):
        self._may_read.set()

    # Writing.

    def write(self, data):
        if self._write is None:
            raise NotImplementedError("this stream is not writable")
        if self._is_eof:
            raise RuntimeError("cannot call write() after write_eof()")
        if self._is_closing or not data:
            return
        self._buffer += data
        self._begin_writing()
        if not self._is_paused and self.get_write_buffer_size() > self._high:
            self._is_paused = True
            self._protocol.pause_writing()

    def _begin_writing(self):
        if self._writing is None:
            self._writing = self._loop.create_task(self._write_all())

    async def _write_all(self):
        try:
            while self._buffer:
                data = bytes(self._buffer)
                self._in_flight = len(data)
                self._buffer.clear()
                await self._write(data)
                self._in_flight = 0
                if self._is_paused and self.get_write_buffer_size() <= self._low:
                    self._is_paused = False
                    self._protocol.resume_writing()
            self._writing = None
            if self._is_closing or (self._is_eof and self._read is None):
                await self._close()
                self._lose(None)
            elif self._is_eof:
                await self._end()
        except asyncio.CancelledError:
            self._lose(None)
            raise
        except Exception as e:
            self._lose(e)

    def can_write_eof(self):
        return self._write is not None and (self._read is None or self._end is not None)

    def write_eof(self):
        if not self.can_write_eof():
            raise NotImplementedError("a .NET stream in both directions has no end of writing: close it")
        if self._is_eof or self._is_closing:
            return
        self._is_eof = True
        self._begin_writing()

    def get_write_buffer_size(self):
        return len(self._buffer) + self._in_flight

    def get_write_buffer_limits(self):
        return self._low, self._high

    def set_write_buffer_limits(self, high=None, low=None):
        self._high = high if high is not None else 64 * 1024 if low is None else 4 * low
        self._low = low if low is not None else self._high // 4

    # The end.

    def is_closing(self):
        return self._is_closing

    def close(self):
        """Close the stream when the buffer is written."""
        if self._is_closing:
            return
        if asyncio._get_running_loop() is not self._loop:
            self._close_from_elsewhere()
            return
        self._is_closing = True
        self._stop_task(self._reading)
        self._begin_writing()

    def _close_from_elsewhere(self):
        # StreamWriter.__del__ runs on the thread that drops the writer.
        try:
            self._loop.call_soon_threadsafe(self.close)
        except RuntimeError:
            self._is_closing = True
            self._drop()  # The loop is closed.

    def abort(self):
        self._buffer.clear()
        self._lose(None)

    def _lose(self, error):
        if self._is_lost:
            return
        self._is_lost = self._is_closing = True
        self._buffer.clear()
        self._stop_task(self._reading)
        self._stop_task(self._writing)
        self._drop()
        self._protocol.connection_lost(error)

    def _stop_task(self, task):
        if task is not None and not task.done() and task is not asyncio.current_task(self._loop):
            task.cancel()

    def get_protocol(self):
        return self._protocol

    def set_protocol(self, protocol):
        self._protocol = protocol

    def get_extra_info(self, name, default=None):
        return default
