"""Where SimCord 3.2.1 differs from Discord, closed one gap at a time; tests and demo share this one home.

Every shim reaches into SimCord's internals, which is why `pyproject.toml` pins it exactly.
`apply` closes the gaps for the whole process and may be called any number of times; `unshimmed` opens them
again for as long as a test needs to prove that a shim is still wanted.
What only a test asks for (a closed inbox, a lost answer, two clicks at once) is in `demo.mischief`.
"""

import fnmatch
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NoReturn

import discord
import simcord
from simcord.backend import Backend
from simcord.backend import errors as backend_errors
from simcord.backend.errors import BackendError
from simcord.backend.models import Channel, Message
from simcord.backend.ops.channels import ChannelMixin
from simcord.backend.ops.messages import MessageMixin
from simcord.enums import ChannelType
from simcord.http import client as http_client
from simcord.http import router

IDLE_SECONDS = 0.001
"""How long settlement sleeps when no task finishes; SimCord's 50 ms make a fortnight of ticks too slow."""

NONCE_WINDOW_SECONDS = 300
"""Discord says "the past few minutes" and gives no number."""

PUBLISHES_PER_HOUR = 10
"""Reported for each announcement channel; Discord publishes no number."""

CROSSPOSTED = 1 << 0
CANNOT_SEND_IN_THIS_CHANNEL = 50008
WRITE_RATE_LIMIT = 20016
SERVER_ERROR = 500

MESSAGES = "/channels/*/messages"
POSTS = "/channels/*/threads"

_originals: list[tuple[Any, str, Any]] = []
_nonces: weakref.WeakKeyDictionary[Backend, dict[tuple[str, str], "_Answered"]] = weakref.WeakKeyDictionary()
_published: weakref.WeakKeyDictionary[Backend, dict[int, list[float]]] = weakref.WeakKeyDictionary()

_raise_for = http_client._raise_for  # noqa: SLF001 - the one seam where errors become discord.py's
_dispatch = router.dispatch
_create_forum_post = ChannelMixin.create_forum_post
_create_thread = ChannelMixin.create_thread
_crosspost_message = Backend.crosspost_message


@dataclass(frozen=True, slots=True)
class _Answered:
    """What a send with a nonce was answered, and when."""

    at: float
    answer: dict[str, Any]


def apply() -> None:
    """Close every gap of this module, once for the process."""
    if _originals:
        return
    _replace(simcord.Env._settle_internal.__kwdefaults__, "idle", IDLE_SECONDS)  # noqa: SLF001
    _replace(MessageMixin, "CROSSPOSTED_FLAG", CROSSPOSTED)
    _replace(http_client, "_raise_for", _raise_discords_own)
    _replace(Backend, "create_forum_post", _forum_post_with_its_starters_id)
    _replace(Backend, "create_thread", _thread_with_its_starters_id)
    _replace(Backend, "crosspost_message", _crosspost_within_the_hour)
    _replace(router, "dispatch", _checked_dispatch)


@contextmanager
def unshimmed() -> Iterator[None]:
    """SimCord as it comes, for the tests that ask whether a shim is still needed."""
    while _originals:
        owner, name, original = _originals.pop()
        _put(owner, name, original)
    try:
        yield
    finally:
        apply()


def _replace(owner: Any, name: str, value: Any) -> None:
    original = owner[name] if isinstance(owner, dict) else getattr(owner, name)
    _originals.append((owner, name, original))
    _put(owner, name, value)


def _put(owner: Any, name: str, value: Any) -> None:
    if isinstance(owner, dict):
        owner[name] = value
    else:
        setattr(owner, name, value)


def _raise_discords_own(error: BackendError) -> NoReturn:
    """A 5xx is a `DiscordServerError`; SimCord raises its parent class."""
    if error.status >= SERVER_ERROR:
        raise discord.DiscordServerError(http_client._FakeResponse(error.status), error.to_json())  # noqa: SLF001
    _raise_for(error)
    raise AssertionError("SimCord raises for every error")


def _forum_post_with_its_starters_id(
    backend: Backend, forum_id: int, name: str, starter: Message, **options: Any
) -> tuple[Channel, Message]:
    """A forum post and its first message share one id; SimCord gives them two."""
    backend.__dict__["_starter"] = starter.id
    try:
        return _create_forum_post(backend, forum_id, name, starter, **options)
    finally:
        backend.__dict__.pop("_starter", None)


def _thread_with_its_starters_id(backend: Backend, *args: Any, **options: Any) -> Channel:
    starter = backend.__dict__.pop("_starter", None)
    if starter is not None:
        options["message_id"] = starter
    return _create_thread(backend, *args, **options)


def _crosspost_within_the_hour(backend: Backend, channel_id: int, message_id: int) -> Message:
    """The eleventh publish of an hour is answered 429; SimCord takes any number.

    Discord's library would sleep and try again; SimCord hands the 429 to the bot at once.
    """
    now = backend.clock.elapsed
    recent = [at for at in _published.setdefault(backend, {}).get(channel_id, []) if now - at < 60 * 60]
    if len(recent) >= PUBLISHES_PER_HOUR:
        raise BackendError(429, WRITE_RATE_LIMIT, "The write action you are performing has a rate limit.")
    message = _crosspost_message(backend, channel_id, message_id)
    _published[backend][channel_id] = [*recent, now]
    return message


def _checked_dispatch(
    backend: Backend,
    method: str,
    path: str,
    *,
    json: Any | None = None,
    files: list[Any] | None = None,
    **rest: Any,
) -> Any:
    """One request of the bot, with the checks that Discord makes and SimCord leaves out."""

    def go_on() -> Any:
        return _dispatch(backend, method, path, json=json, files=files, **rest)

    if method != "POST" or not isinstance(json, dict):
        return go_on()
    if fnmatch.fnmatch(path, MESSAGES):
        _refuse_what_may_not_be_sent(backend, path, json, files)
        return _once_for_a_nonce(backend, path, json, go_on)
    if fnmatch.fnmatch(path, POSTS):
        _require_rights(backend, _channel_of(path), json.get("message") or {}, files)
    return go_on()


def _refuse_what_may_not_be_sent(backend: Backend, path: str, body: Mapping[str, Any], files: list[Any] | None) -> None:
    """A forum takes posts, not messages; SimCord takes both."""
    channel = backend.get_channel(_channel_of(path))
    if channel.type == ChannelType.FORUM:
        raise BackendError(400, CANNOT_SEND_IN_THIS_CHANNEL, "Cannot send messages in a non-text channel")
    _require_rights(backend, channel.id, body, files)


def _require_rights(backend: Backend, channel_id: int, body: Mapping[str, Any], files: list[Any] | None) -> None:
    """Files need *Attach Files*, embeds need *Embed Links*; SimCord asks for neither."""
    channel = backend.get_channel(channel_id)
    wanted = (["attach_files"] if files else []) + (["embed_links"] if body.get("embeds") else [])
    backend.require_permissions(channel.guild_id, backend.bot_user.id, channel.id, *wanted)


def _once_for_a_nonce(backend: Backend, path: str, body: Mapping[str, Any], go_on: Callable[[], Any]) -> Any:
    """The same nonce again is answered with the same message; SimCord drops nonces and sends twice."""
    nonce = body.get("nonce")
    if nonce is None or not body.get("enforce_nonce"):
        return go_on()
    seen = _nonces.setdefault(backend, {})
    earlier = seen.get((path, str(nonce)))
    if earlier is not None and backend.clock.elapsed - earlier.at < NONCE_WINDOW_SECONDS:
        if int(earlier.answer["id"]) not in backend.messages.get(_channel_of(path), {}):
            raise backend_errors.unknown_message()
        return earlier.answer
    answer = {**go_on(), "nonce": nonce}
    seen[path, str(nonce)] = _Answered(backend.clock.elapsed, answer)
    return answer


def _channel_of(path: str) -> int:
    return int(path.split("/")[2])
