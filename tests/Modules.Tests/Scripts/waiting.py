"""C# code that Python calls and that waits: it releases the GIL on every thread, with any loop or none."""

import asyncio
import threading

import my_test_module as m
from support import main, repetitions, run

WAYS = ["lock", "semaphore", "result", "join", "event", "monitor"]


def handler():
    pass


def wait_in_all_ways():
    for way in WAYS:
        assert m.wait_for_handler(way, handler) == way


def test_without_a_loop():
    wait_in_all_ways()


def test_in_a_thread_of_python():
    done = []
    threads = [threading.Thread(target=lambda: (wait_in_all_ways(), done.append(1))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 4


def test_in_a_loop():
    async def main():
        await m.yield_(1)
        wait_in_all_ways()

    run(main())


def test_in_a_loop_that_csharp_has_not_met():
    async def main():
        wait_in_all_ways()

    run(main())
    asyncio.run(main())


def test_in_an_executor():
    async def main():
        await asyncio.gather(*(asyncio.to_thread(wait_in_all_ways) for _ in range(3)))

    run(main())


def test_a_contended_lock_again_and_again():
    def take():
        for _ in range(repetitions(1000)):
            m.take_lock(handler)

    threads = [threading.Thread(target=take) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


main()
