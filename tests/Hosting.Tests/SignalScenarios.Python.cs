namespace PyAsync.Tests;

// The Python part of the scenarios.
internal static partial class SignalScenarios
{
    private const string Source = """
        import asyncio, atexit, os, random, re, signal, sys, threading, time

        atexit.register(print, "finalised")

        async def work(name):
            try:
                await asyncio.sleep(60)
            finally:
                await asyncio.sleep(0.01)
                print(f"{name} cleaned up", flush=True)

        async def stubborn():
            print("ready", flush=True)
            for _ in range(2):
                try:
                    await asyncio.sleep(60)
                except asyncio.CancelledError:
                    print("cancelled", flush=True)
            print("continued", flush=True)

        async def swallow():
            print("ready", flush=True)
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                pass
            try:
                print("cancelled", flush=True)
                time.sleep(60)
            except KeyboardInterrupt:
                print("swallowed", flush=True)
            await asyncio.sleep(60)
            print("continued", flush=True)

        async def handle():
            stopped = asyncio.Event()
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
            print("ready", flush=True)
            await stopped.wait()
            print("handled by Python", flush=True)

        async def exit_on_sigterm():
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, sys.exit, 3)

        async def interrupt_as_Python_does():
            signal.signal(signal.SIGINT, signal.default_int_handler)

        def interrupt_begin():
            set_event_loop = asyncio.set_event_loop

            def interrupted(loop):
                asyncio.set_event_loop = set_event_loop
                raise KeyboardInterrupt

            asyncio.set_event_loop = interrupted

        async def take_turns(stop):
            for _ in range(100):
                await asyncio.sleep(0)
            stop()

        async def interrupt_twice():
            def callback():
                asyncio.BaseEventLoop.is_running = interrupted
                raise KeyboardInterrupt

            def interrupted(self):
                asyncio.BaseEventLoop.is_running = is_running
                raise KeyboardInterrupt

            is_running = asyncio.BaseEventLoop.is_running
            asyncio.get_running_loop().call_later(0.01, callback)

        def count_interrupts():
            answer, count = signal.getsignal(signal.SIGINT), 0

            def answer_and_count(number, frame):
                nonlocal count
                answer(number, frame)
                count += 1
                print(f"handled {count}", flush=True)

            signal.signal(signal.SIGINT, answer_and_count)
            return re.compile("(a+)+$")

        def main(await_coro):
            signal.signal(signal.SIGINT, signal.default_int_handler)
            try:
                await_coro(work("Python"))
            except KeyboardInterrupt:
                print("interrupted", flush=True)

        def interrupt(delay):
            time.sleep(delay)
            os.kill(os.getpid(), signal.SIGINT)

        async def interrupt_oneself(run):
            # However slow signals are on this machine, some runs wait for theirs, and some have none.
            if run % 50 == 0:
                return
            # From another thread: a signal that a thread sends itself arrives before the thread continues.
            if random.random() < 0.7:
                sender = threading.Thread(target=interrupt, args=[random.choice([0, 0.0001, 0.0002, 0.0005])])
                senders.append(sender)
                sender.start()
            else:
                interrupt(0)
            await asyncio.sleep(3600 if run % 50 == 25 else random.choice([0, 0, 0.0001, 0.0002, 0.001]))

        class Flaky(asyncio.Future):
            def cancel(self, msg=None):
                if not interrupted:
                    interrupted.append(self)
                    raise KeyboardInterrupt
                return super().cancel(msg)

        interrupted = []

        async def make_flaky():
            return [Flaky()]

        async def step_and_interrupt(when):
            if not hasattr(asyncio, "eager_task_factory"):
                print("no eager tasks", flush=True)
                return
            schedule = asyncio.BaseEventLoop.call_soon

            def call_soon(self, callback, *args, context=None):
                if getattr(callback, "__self__", None) is not task:
                    return schedule(self, callback, *args, context=context)
                asyncio.BaseEventLoop.call_soon = schedule
                if when == "after":
                    schedule(self, callback, *args, context=context)
                raise KeyboardInterrupt

            task = asyncio.current_task()
            asyncio.BaseEventLoop.call_soon = call_soon
            steps = 0
            while steps < 3:
                try:
                    await asyncio.sleep(0)
                    steps += 1
                except asyncio.CancelledError:
                    pass
            asyncio.BaseEventLoop.call_soon = schedule
            print(f"interrupt-{when}-step: continued", flush=True)

        senders = []

        def wait_for_senders():
            while senders:
                senders.pop().join()
        """;
}
