"""Keeping a context manager open in a task of its own.

SimCord must be left in the context that it was entered in, and pytest-asyncio sets fixtures up and tears them
down in two.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TypeVar

T = TypeVar("T")


@asynccontextmanager
async def held(manager: AbstractAsyncContextManager[T]) -> AsyncIterator[T]:
    """Enter and leave `manager` in one task, whoever asks."""
    opened: asyncio.Future[T] = asyncio.get_running_loop().create_future()
    enough = asyncio.Event()

    async def hold() -> None:
        async with manager as value:
            opened.set_result(value)
            await enough.wait()

    task = asyncio.create_task(hold())
    await asyncio.wait((task, opened), return_when=asyncio.FIRST_COMPLETED)
    if not opened.done():
        await task
    try:
        yield opened.result()
    finally:
        enough.set()
        await task
