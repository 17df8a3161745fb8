"""A database with transactions, and code that uses a resource of C#. SQLite's connection stays on the thread that made it: the loop's."""

import asyncio
import contextlib
import sqlite3

connection = sqlite3.connect(":memory:", isolation_level=None)
connection.execute("CREATE TABLE accounts (name TEXT PRIMARY KEY, amount INTEGER)")
connection.execute("INSERT INTO accounts VALUES ('Ada', 100), ('Grace', 0)")


@contextlib.asynccontextmanager
async def transaction():
    """Commit at the end, or roll back if the code inside fails. The code is C#."""
    await asyncio.sleep(0)
    connection.execute("BEGIN")
    try:
        yield connection
    except BaseException as e:
        connection.execute("ROLLBACK")
        print(f"rolled back: {type(e).__name__}")
        raise
    connection.execute("COMMIT")
    print("committed")


def amount(name):
    return connection.execute("SELECT amount FROM accounts WHERE name = ?", [name]).fetchone()[0]


async def add(name, amount):
    await asyncio.sleep(0)
    connection.execute("UPDATE accounts SET amount = amount + ? WHERE name = ?", [amount, name])


async def audit(name):
    """Never ends: its scope ends it."""
    try:
        await asyncio.sleep(1000)
    finally:
        print(f"audit of {name} ended")


async def report(open_report):
    """async with over an IAsyncDisposable of C#."""
    async with await open_report() as write:
        for name in ("Ada", "Grace"):
            write(f"{name} has {amount(name)}")
