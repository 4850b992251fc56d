"""The loopback Discord's answers: one function per endpoint, in Discord's words."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.wire import payloads
from tests.wire.payloads import JSON

if TYPE_CHECKING:
    from tests.wire.discord_server import DiscordServer

_CROSSPOSTED = 1 << 0
_UNKNOWN_CHANNEL, _UNKNOWN_GUILD, _UNKNOWN_MESSAGE = 10003, 10004, 10008
_ALREADY_CROSSPOSTED, _CANNOT_EXECUTE_HERE = 40033, 50024


class RESTError(Exception):
    """An answer that is not 200: HTTP's status, Discord's code and words."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


def routes() -> Iterator[tuple[str, str, Callable[["DiscordServer", web.Request, Any], Awaitable[Any]]]]:
    """Method, path and answer of every endpoint."""
    yield "GET", "/users/@me", _user
    yield "GET", "/oauth2/applications/@me", _application
    yield "GET", "/gateway/bot", _gateway
    yield "PUT", "/applications/{application}/commands", _put_commands
    yield "PUT", "/applications/{application}/guilds/{guild}/commands", _put_commands
    yield "GET", "/guilds/{guild}", _guild
    yield "GET", "/guilds/{guild}/channels", _guild_channels
    yield "GET", "/guilds/{guild}/members/{member}", _member
    yield "GET", "/guilds/{guild}/threads/active", _active_threads
    yield "GET", "/channels/{channel}/threads/archived/public", _archived_threads
    yield "GET", "/channels/{channel}", _channel
    yield "PATCH", "/channels/{channel}", _edit_channel
    yield "POST", "/channels/{channel}/threads", _open_thread
    yield "GET", "/channels/{channel}/messages", _history
    yield "POST", "/channels/{channel}/messages", _send
    yield "GET", "/channels/{channel}/messages/{message}", _message
    yield "PATCH", "/channels/{channel}/messages/{message}", _edit
    yield "DELETE", "/channels/{channel}/messages/{message}", _delete
    yield "POST", "/channels/{channel}/messages/{message}/crosspost", _crosspost
    yield "POST", "/interactions/{interaction}/{token}/callback", _callback
    yield "POST", "/webhooks/{application}/{token}", _follow_up
    yield "PATCH", "/webhooks/{application}/{token}/messages/{message}", _follow_up


async def _user(server: "DiscordServer", _request: web.Request, _body: Any) -> JSON:
    return server.user


async def _application(server: "DiscordServer", _request: web.Request, _body: Any) -> JSON:
    return server.application


async def _gateway(server: "DiscordServer", _request: web.Request, _body: Any) -> JSON:
    limit = {"total": 1000, "remaining": 999, "reset_after": 1, "max_concurrency": 1}
    return {"url": server.places["gateway"], "shards": 1, "session_start_limit": limit}


async def _put_commands(server: "DiscordServer", request: web.Request, body: Any) -> list[JSON]:
    application = request.match_info["application"]
    server.world.commands = [
        {"description": "", **command, "id": str(server.new_id()), "application_id": application, "version": "1"}
        for command in body
    ]
    return server.world.commands


async def _guild(server: "DiscordServer", request: web.Request, _body: Any) -> JSON:
    return server.world.guilds[_guild_id(server, request)]


async def _guild_channels(server: "DiscordServer", request: web.Request, _body: Any) -> list[JSON]:
    return server.channels_of(_guild_id(server, request), threads=False)


async def _member(server: "DiscordServer", request: web.Request, _body: Any) -> JSON:
    _guild_id(server, request)
    return payloads.member(server.user)


async def _active_threads(server: "DiscordServer", request: web.Request, _body: Any) -> JSON:
    threads = server.channels_of(_guild_id(server, request), threads=True)
    active = [one for one in threads if not one["thread_metadata"]["archived"]]
    return {"threads": active, "members": [], "has_more": False}


async def _archived_threads(server: "DiscordServer", request: web.Request, _body: Any) -> JSON:
    parent = server.world.channels[_channel_id(server, request)]
    threads = server.channels_of(int(parent["guild_id"]), threads=True)
    archived = [one for one in threads if one["parent_id"] == parent["id"] and one["thread_metadata"]["archived"]]
    return {"threads": archived, "members": [], "has_more": False}


async def _channel(server: "DiscordServer", request: web.Request, _body: Any) -> JSON:
    return server.world.channels[_channel_id(server, request)]


async def _edit_channel(server: "DiscordServer", request: web.Request, body: Any) -> JSON:
    channel = server.world.channels[_channel_id(server, request)]
    if "thread_metadata" in channel:
        state = {name: body.pop(name) for name in ("archived", "locked", "auto_archive_duration") if name in body}
        channel["thread_metadata"] |= state
    channel |= body
    return channel


async def _open_thread(server: "DiscordServer", request: web.Request, body: Any) -> JSON:
    """A forum's post: a thread and its first message under the same id. Discord knows no nonce here."""
    parent = server.world.channels[_channel_id(server, request)]
    if parent["type"] != payloads.FORUM:
        raise RESTError(400, _CANNOT_EXECUTE_HERE, "Cannot execute action on this channel type")
    thread_id = server.new_id()
    thread = payloads.thread(thread_id, parent, int(server.user["id"]), body["name"], server.now())
    thread["applied_tags"] = body.get("applied_tags") or []
    server.world.channels[thread_id] = thread
    first = payloads.message(thread_id, thread_id, server.user, body["message"], server.now())
    server.world.messages[thread_id] = {thread_id: first}
    return thread | {"message": first}


async def _send(server: "DiscordServer", request: web.Request, body: Any) -> JSON:
    """A message; with the nonce of one sent a moment ago it is that one, or 10008 when that was deleted."""
    channel_id = _channel_id(server, request)
    nonce = str(body["nonce"]) if body.get("enforce_nonce") and body.get("nonce") else None
    moment = asyncio.get_running_loop().time()
    sent_at, place, earlier = server.world.nonces.get(nonce or "", (0.0, 0, 0))
    if earlier and moment - sent_at < server.nonce_seconds:
        return _found(server, place, earlier)
    message_id = server.new_id()
    made = payloads.message(message_id, channel_id, server.user, body, server.now())
    server.world.messages.setdefault(channel_id, {})[message_id] = made
    if nonce:
        server.world.nonces[nonce] = (moment, channel_id, message_id)
    return made | ({"nonce": body["nonce"]} if "nonce" in body else {})


async def _history(server: "DiscordServer", request: web.Request, _body: Any) -> list[JSON]:
    """Newest first; `after` takes the oldest of what is newer, as Discord does."""
    messages = server.world.messages.get(_channel_id(server, request), {})
    limit = int(request.query.get("limit", 50))
    after, before = (int(request.query.get(name, 0)) for name in ("after", "before"))
    ids = sorted(one for one in messages if one > after and (not before or one < before))
    chosen = ids[:limit] if after else ids[-limit:]
    return [messages[one] for one in reversed(chosen)]


async def _message(server: "DiscordServer", request: web.Request, _body: Any) -> JSON:
    return _found(server, _channel_id(server, request), int(request.match_info["message"]))


async def _edit(server: "DiscordServer", request: web.Request, body: Any) -> JSON:
    message = await _message(server, request, None)
    message |= body | {"edited_timestamp": server.now()}
    return message


async def _delete(server: "DiscordServer", request: web.Request, _body: Any) -> None:
    message = await _message(server, request, None)
    del server.world.messages[int(message["channel_id"])][int(message["id"])]


async def _crosspost(server: "DiscordServer", request: web.Request, _body: Any) -> JSON:
    if server.world.channels[_channel_id(server, request)]["type"] != payloads.ANNOUNCEMENT:
        raise RESTError(400, _CANNOT_EXECUTE_HERE, "Cannot execute action on this channel type")
    message = await _message(server, request, None)
    if message["flags"] & _CROSSPOSTED:
        raise RESTError(400, _ALREADY_CROSSPOSTED, "This message has already been crossposted")
    message["flags"] |= _CROSSPOSTED
    return message


async def _callback(server: "DiscordServer", request: web.Request, body: Any) -> JSON:
    interaction = int(request.match_info["interaction"])
    server.world.callbacks[interaction] = body
    return {"interaction": {"id": str(interaction), "type": 2}}


async def _follow_up(server: "DiscordServer", request: web.Request, body: Any) -> JSON:
    server.world.edits.setdefault(request.match_info["token"], []).append(body)
    return payloads.message(server.new_id(), 0, server.user, body, server.now())


def _guild_id(server: "DiscordServer", request: web.Request) -> int:
    guild_id = int(request.match_info["guild"])
    if guild_id not in server.world.guilds:
        raise RESTError(404, _UNKNOWN_GUILD, "Unknown Guild")
    return guild_id


def _channel_id(server: "DiscordServer", request: web.Request) -> int:
    channel_id = int(request.match_info["channel"])
    if channel_id not in server.world.channels:
        raise RESTError(404, _UNKNOWN_CHANNEL, "Unknown Channel")
    return channel_id


def _found(server: "DiscordServer", channel_id: int, message_id: int) -> JSON:
    message = server.world.messages.get(channel_id, {}).get(message_id)
    if message is None:
        raise RESTError(404, _UNKNOWN_MESSAGE, "Unknown Message")
    return message
