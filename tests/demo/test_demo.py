"""The demo's server: who may ask it, what it shows, and what turning the clock does."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

import demo
from demo import guide, world
from demo.server import TOKEN_HEADER
from demo.show import Demo
from tests.demo.bots import small_bot
from tests.demo.held import held


@dataclass(frozen=True)
class Visitor:
    """A browser without eyes."""

    demo: Demo
    session: aiohttp.ClientSession
    token: str

    async def get(self, path: str, **headers: str) -> tuple[int, str, Any]:
        """What a page answers, without our token."""
        async with self.session.get(self.demo.url + path.lstrip("/"), headers=headers) as answer:
            return answer.status, await answer.text(), answer.headers

    async def state(self) -> dict[str, Any]:
        """What the page draws."""
        return await self.ask("GET", "demo/state")

    async def ask(self, method: str, path: str, wish: object = None) -> dict[str, Any]:
        """One request of the page's own script."""
        headers = {TOKEN_HEADER: self.token}
        async with self.session.request(method, self.demo.url + path, json=wish, headers=headers) as answer:
            told: dict[str, Any] = await answer.json()
            return told | {"status": answer.status}

    async def turn(self, seconds: float) -> dict[str, Any]:
        """Turn the clock."""
        return await self.ask("POST", "demo/turn", {"seconds": seconds})

    async def show(self, **wish: str) -> dict[str, Any]:
        """Open a channel, or be somebody else."""
        return await self.ask("POST", "demo/show", wish)


@asynccontextmanager
async def visit(opened: Demo) -> AsyncIterator[Visitor]:
    async with aiohttp.ClientSession() as session:
        async with session.get(opened.url) as page:
            text = await page.text()
        token = text.partition('name="colophon-token" content="')[2].partition('"')[0]
        yield Visitor(opened, session, token)


@pytest_asyncio.fixture
async def visitor() -> AsyncIterator[Visitor]:
    async with held(demo.open_demo(port=0, create_bot=small_bot)) as opened, visit(opened) as visitor:
        yield visitor


def place(state: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in state["places"] if one["name"] == name)


async def test_the_page_says_that_it_is_a_simulation_and_loads_nothing_from_outside(visitor: Visitor) -> None:
    status, text, headers = await visitor.get("/")

    assert status == 200
    assert "simulated Discord (SimCord)" in text
    assert "Nothing leaves this machine" in text
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "http://" not in text
    assert "https://" not in text


async def test_only_our_own_host_name_is_answered(visitor: Visitor) -> None:
    for path in ("/", "/demo/state", "/discord", "/api/state", "/app.js"):
        assert (await visitor.get(path, Host="evil.example:80"))[0] == 403, path


async def test_nothing_is_told_or_done_without_this_runs_token(visitor: Visitor) -> None:
    assert (await visitor.get("/demo/state"))[0] == 401
    before = visitor.demo.env.now()
    for path in ("demo/turn", "demo/show", "demo/hand-in"):
        async with visitor.session.post(visitor.demo.url + path, json={"seconds": 60}) as answer:
            assert answer.status == 401, path
    assert visitor.demo.env.now() == before


async def test_the_frame_may_be_framed_by_our_page_alone(visitor: Visitor) -> None:
    _, text, headers = await visitor.get("/discord")

    assert "skin.css" in text
    assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize("wish", [{"seconds": -1}, {"seconds": 0}, {"seconds": 61 * world.DAY}])
async def test_the_clock_turns_forward_only_and_not_forever(visitor: Visitor, wish: dict[str, Any]) -> None:
    assert (await visitor.ask("POST", "demo/turn", wish))["status"] == 409


@pytest.mark.parametrize("wish", [{}, {"seconds": "1"}, {"seconds": True}])
async def test_what_is_no_number_of_seconds_is_a_bad_request(visitor: Visitor, wish: dict[str, Any]) -> None:
    async with visitor.session.post(
        visitor.demo.url + "demo/turn", json=wish, headers={TOKEN_HEADER: visitor.token}
    ) as answer:
        assert answer.status == 400


async def test_turning_the_clock_lets_the_bot_do_what_it_had_planned(visitor: Visitor) -> None:
    scene = visitor.demo.world
    await scene.author.actor.slash(scene.lobby, "remind")
    before = visitor.demo.env.now()

    state = await visitor.turn(3 * world.DAY)

    assert (visitor.demo.env.now() - before).total_seconds() == 3 * world.DAY
    assert state["now"] == visitor.demo.env.now().isoformat()
    assert [message.content for message in scene.lobby.history()][-1] == "It is time."


async def test_two_turns_at_once_follow_each_other(visitor: Visitor) -> None:
    import asyncio  # noqa: PLC0415 - the one test that does two things at a time

    before = visitor.demo.env.now()
    await asyncio.gather(visitor.turn(world.DAY), visitor.turn(2 * world.DAY), visitor.show(person="rui"))

    assert (visitor.demo.env.now() - before).total_seconds() == 3 * world.DAY


async def test_everybody_sees_their_own_channels_and_their_own_unread_marks(visitor: Visitor) -> None:
    scene = visitor.demo.world
    assert not [one for one in (await visitor.state())["places"] if one["name"] == "moderators"]

    state = await visitor.show(person="mo")
    await visitor.show(channel=place(state, "moderators")["id"])
    await scene.author.actor.send(scene.lobby, "Is anybody there?")
    state = await visitor.state()

    assert state["person"] == "mo"
    assert place(state, "lobby")["unread"] == 1
    assert place(state, "moderators")["kind"] == "closed"
    assert {one["key"]: one["unread"] for one in state["people"]}["ines"] == 0


async def test_a_person_who_may_not_see_the_channel_on_show_lands_in_the_lobby(visitor: Visitor) -> None:
    state = await visitor.show(person="mo")
    await visitor.show(channel=place(state, "moderators")["id"])

    state = await visitor.show(person="rui")

    assert state["shown"]["channel"] == place(state, "lobby")["id"]


async def test_the_inbox_opens(visitor: Visitor) -> None:
    inbox = place(await visitor.state(), "Colophon")

    assert (await visitor.show(channel=inbox["id"]))["shown"]["channel"] == inbox["id"]


async def test_a_deleted_channel_gives_way_to_the_lobby(visitor: Visitor) -> None:
    scene = visitor.demo.world
    await visitor.show(channel=str(scene.notices.id))
    visitor.demo.env.backend.delete_channel(scene.notices.id)

    state = await visitor.state()

    assert state["shown"]["channel"] == str(scene.lobby.id)


async def test_what_the_bot_stumbles_over_is_shown(visitor: Visitor) -> None:
    scene = visitor.demo.world
    await scene.author.actor.slash(scene.lobby, "crash")

    assert "LookupError: the third shelf is empty" in (await visitor.state())["troubles"]


async def test_the_sample_is_a_manuscript_to_keep(visitor: Visitor) -> None:
    _, text, headers = await visitor.get("/demo/the-salt-road-2.md")

    assert "Oriel" in text
    assert headers["Content-Disposition"].startswith("attachment")


def test_every_step_of_the_guide_stands_in_the_page() -> None:
    page = (Path(demo.__file__).parent / "page" / "index.html").read_text("utf-8")
    for step in guide.STEPS:
        assert f'data-step="{step}"' in page


async def test_a_taken_port_is_an_error_with_the_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(demo.PortBusyError) as error:
            async with demo.open_demo(port=port, create_bot=small_bot):
                pass
    assert error.value.port == port


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "NEEDED", ("simcord", "no_such_module"))
    with pytest.raises(demo.DemoUnavailableError) as error:
        demo.run(open_browser=False)
    assert error.value.missing == ("no_such_module",)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_within_five_seconds_and_nothing_is_left(tmp_path: Path, number: signal.Signals) -> None:
    program = "import demo; demo.run(port=0, open_browser=False, on_ready=lambda url: print(url, flush=True))"
    with subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", program],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("http://127.0.0.1:")
        assert list(tmp_path.glob("colophon-demo-*"))
        process.send_signal(number)
        started = time.monotonic()
        assert process.wait(timeout=5) == 0
        assert time.monotonic() - started < 5
    assert list(tmp_path.iterdir()) == []
