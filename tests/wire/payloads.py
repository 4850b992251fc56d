"""Discord's objects as Discord sends them: as little in each as discord.py needs."""

from collections.abc import Iterable
from typing import Any

TEXT, ANNOUNCEMENT, PUBLIC_THREAD, FORUM = 0, 5, 11, 15
EVERYTHING = (1 << 53) - 1
JSON = dict[str, Any]


def user(user_id: int, name: str, *, bot: bool = False) -> JSON:
    """A user object."""
    return {"id": str(user_id), "username": name, "discriminator": "0", "global_name": name, "avatar": None, "bot": bot}


def member(person: JSON, roles: Iterable[int] = ()) -> JSON:
    """A guild member object."""
    return {
        "user": person,
        "roles": [str(role) for role in roles],
        "joined_at": "2026-01-01T00:00:00+00:00",
        "deaf": False,
        "mute": False,
        "flags": 0,
    }


def role(role_id: int, permissions: int, name: str = "@everyone", position: int = 0) -> JSON:
    """A role object; the one with its guild's id is @everyone."""
    return {
        "id": str(role_id),
        "name": name,
        "permissions": str(permissions),
        "position": position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }


def channel(channel_id: int, guild_id: int, kind: int, name: str) -> JSON:
    """A channel of a guild."""
    made = {
        "id": str(channel_id),
        "guild_id": str(guild_id),
        "type": kind,
        "name": name,
        "position": 0,
        "permission_overwrites": [],
        "parent_id": None,
        "topic": None,
        "nsfw": False,
        "rate_limit_per_user": 0,
        "last_message_id": None,
    }
    if kind == FORUM:
        made |= {"available_tags": [], "default_reaction_emoji": None, "default_sort_order": None, "flags": 0}
    return made


def thread(thread_id: int, parent: JSON, owner_id: int, name: str, now: str) -> JSON:
    """A public thread, as a forum's post is one; `now` is ISO 8601."""
    return {
        "id": str(thread_id),
        "guild_id": parent["guild_id"],
        "parent_id": parent["id"],
        "owner_id": str(owner_id),
        "type": PUBLIC_THREAD,
        "name": name,
        "message_count": 0,
        "member_count": 1,
        "total_message_sent": 0,
        "rate_limit_per_user": 0,
        "last_message_id": None,
        "flags": 0,
        "applied_tags": [],
        "thread_metadata": {
            "archived": False,
            "auto_archive_duration": 4320,
            "archive_timestamp": now,
            "locked": False,
            "create_timestamp": now,
        },
    }


def message(message_id: int, channel_id: int, author: JSON, body: JSON, now: str) -> JSON:
    """A message as it was asked for in `body`; `now` is ISO 8601."""
    return {
        "id": str(message_id),
        "channel_id": str(channel_id),
        "author": author,
        "content": body.get("content") or "",
        "timestamp": now,
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": body.get("embeds") or [],
        "components": body.get("components") or [],
        "pinned": False,
        "type": 0,
        "flags": body.get("flags") or 0,
    }


def press(interaction_id: int, channel: JSON, person: JSON, custom_id: str) -> JSON:
    """Somebody presses a button under an ephemeral answer; its token is the interaction's id in words."""
    guild_id, message_id = channel["guild_id"], str(interaction_id - 1)
    return {
        "id": str(interaction_id),
        "application_id": "102",
        "type": 3,
        "token": f"token-{interaction_id}",
        "version": 1,
        "guild_id": guild_id,
        "guild": {"id": guild_id, "features": [], "locale": "en-US"},
        "channel_id": channel["id"],
        "channel": channel,
        "member": member(person) | {"permissions": str(EVERYTHING), "communication_disabled_until": None},
        "locale": "en-US",
        "guild_locale": "en-US",
        "app_permissions": str(EVERYTHING),
        "entitlements": [],
        "authorizing_integration_owners": {"0": guild_id},
        "context": 0,
        "attachment_size_limit": 10 << 20,
        "data": {"custom_id": custom_id, "component_type": 2},
        "message": message(int(message_id), int(channel["id"]), person, {"flags": 64}, "2026-01-01T00:00:00+00:00"),
    }


def guild(guild_id: int, name: str, owner_id: int) -> JSON:
    """A guild as REST gives it; @everyone may do everything until a test says otherwise."""
    return {
        "id": str(guild_id),
        "name": name,
        "icon": None,
        "splash": None,
        "discovery_splash": None,
        "owner_id": str(owner_id),
        "afk_channel_id": None,
        "afk_timeout": 300,
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "roles": [role(guild_id, EVERYTHING)],
        "emojis": [],
        "stickers": [],
        "features": ["COMMUNITY", "NEWS"],
        "mfa_level": 0,
        "application_id": None,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "vanity_url_code": None,
        "description": None,
        "banner": None,
        "premium_tier": 0,
        "preferred_locale": "en-US",
        "public_updates_channel_id": None,
        "nsfw_level": 0,
        "premium_progress_bar_enabled": False,
        "safety_alerts_channel_id": None,
    }


def application(application_id: int, owner: JSON) -> JSON:
    """The bot's application as `/oauth2/applications/@me` gives it."""
    return {
        "id": str(application_id),
        "name": "Colophon",
        "icon": None,
        "description": "",
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": 0,
        "owner": owner,
        "team": None,
        "rpc_origins": [],
        "interactions_endpoint_url": None,
    }
