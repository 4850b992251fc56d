"""`/challenge …` and `/series enter`: events with a deadline, opened by moderators and seen by everybody (H1, H7)."""

import asyncio

import discord
from discord import app_commands
from discord.ext import commands
from whenever import Instant

from cogs import series as series_cog
from cogs.answers import answer, hear, person_of
from cogs.moderators import require_moderator
from cogs.ports import Clock, Waker
from cogs.presses import Presses
from cogs.replies import challenges as replies
from cogs.replies.cards import shortened
from storage.database import Database
from usecases.challenges import (
    ProposeChallenge,
    cancel_challenge,
    cancel_move,
    close_challenge,
    enter_challenge,
    list_challenges,
    move_deadline,
    open_challenge,
    propose_challenge,
    propose_move,
    running_challenge,
    suggest_challenges,
)
from usecases.communities import require_community
from usecases.deadlines import Deadline, read_deadline, read_zone
from usecases.moments import read_moment

_MOST_SUGGESTIONS = 25
_LONGEST_SUGGESTION = 100


class ChallengeCog(commands.GroupCog, group_name="challenge"):
    """Events with a deadline."""

    # Discord hides whole groups, never single commands of one; `list` is for everybody, so we alone keep the others.

    def __init__(self, database: Database, clock: Clock, waker: Waker, presses: Presses) -> None:
        super().__init__()
        self._database = database
        self._clock = clock
        self._waker = waker
        presses.on("challenge-open", self._press_open)
        presses.on("challenge-cancel", self._press_cancel)
        presses.on("challenge-move", self._press_move)
        presses.on("challenge-keep", self._press_keep)

    @app_commands.command(name="open")
    @app_commands.guild_only()
    @app_commands.describe(
        name="What the challenge is called",
        deadline="When it ends: sunday 18:00, 2026-12-01, 2026-12-01 AoE; a day without a time is its end",
        zone="The deadline's time zone, such as Europe/Berlin or AoE; your community's without it",
        window="How many days before the deadline chapters may come faster; 7 without it",
        opens="From when series may be entered; at once without it",
        about="What it is about",
    )
    async def open(
        self,
        interaction: discord.Interaction,
        name: app_commands.Range[str, 1, 100],
        deadline: app_commands.Range[str, 1, 100],
        zone: app_commands.Range[str, 1, 60] | None = None,
        window: app_commands.Range[int, 1, 60] | None = None,
        opens: app_commands.Range[str, 1, 100] | None = None,
        about: app_commands.Range[str, 1, 1000] | None = None,
    ) -> None:
        """Open a challenge: you see its deadline in full before it counts."""
        await hear(interaction)
        await require_moderator(interaction, self._database)
        moderator, now = person_of(interaction), self._clock.now()
        community = await self._database.read(require_community, moderator)
        in_zone = community.policy.zone if zone is None else await asyncio.to_thread(read_zone, zone)
        meant = await self._read_deadline(interaction, deadline, in_zone, now)
        begins = None if opens is None else await self._read_opening(interaction, opens, meant.zone, now)
        request = ProposeChallenge(
            moderator=moderator, name=name, deadline=meant, opens=begins, window_days=window, about=about
        )
        draft = await self._database.write(propose_challenge, request, now=now)
        await answer(interaction, replies.proposed(draft, whole_day=meant.whole_day, now=now))

    @app_commands.command(name="move")
    @app_commands.guild_only()
    @app_commands.describe(
        challenge="Which challenge", deadline="Its new deadline, in the zone of the old one if you name none"
    )
    async def move(
        self, interaction: discord.Interaction, challenge: str, deadline: app_commands.Range[str, 1, 100]
    ) -> None:
        """Give a challenge another deadline: you see what that changes before it counts."""
        await hear(interaction)
        await require_moderator(interaction, self._database)
        moderator, now = person_of(interaction), self._clock.now()
        running = await self._database.read(running_challenge, moderator, challenge, now=now)
        meant = await self._read_deadline(interaction, deadline, running.terms.zone, now)
        shown = await self._database.write(propose_move, moderator, str(running.terms.id), meant, now=now)
        await answer(interaction, replies.move_proposed(shown, whole_day=meant.whole_day))

    @app_commands.command(name="close")
    @app_commands.guild_only()
    @app_commands.describe(challenge="Which challenge")
    async def close(self, interaction: discord.Interaction, challenge: str) -> None:
        """End a challenge before its deadline; every promised time stands."""
        await hear(interaction)
        await require_moderator(interaction, self._database)
        done = await self._database.write(close_challenge, person_of(interaction), challenge, now=self._clock.now())
        self._waker.wake()
        await answer(interaction, replies.closed(done))

    @app_commands.command(name="list")
    @app_commands.guild_only()
    async def list_all(self, interaction: discord.Interaction) -> None:
        """Challenges that are open, coming up, or ended lately, each with who takes part."""
        await hear(interaction)
        now = self._clock.now()
        shown = await self._database.read(list_challenges, person_of(interaction), now=now)
        await answer(interaction, replies.listed(shown, now=now))

    @move.autocomplete("challenge")
    @close.autocomplete("challenge")
    async def suggest_running(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Challenges that are not over, by name."""
        return await suggest(self._database, interaction, typed, now=self._clock.now())

    async def _press_open(self, interaction: discord.Interaction, draft_id: int) -> None:
        await hear(interaction)
        await require_moderator(interaction, self._database)
        now = self._clock.now()
        challenge = await self._database.write(open_challenge, person_of(interaction), draft_id, now=now)
        self._waker.wake()
        await answer(interaction, replies.opened(challenge, now=now))

    async def _press_cancel(self, interaction: discord.Interaction, draft_id: int) -> None:
        await hear(interaction)
        await require_moderator(interaction, self._database)
        draft = await self._database.write(cancel_challenge, person_of(interaction), draft_id)
        await answer(interaction, replies.cancelled(draft))

    async def _press_move(self, interaction: discord.Interaction, move_id: int) -> None:
        await hear(interaction)
        await require_moderator(interaction, self._database)
        done = await self._database.write(move_deadline, person_of(interaction), move_id, now=self._clock.now())
        self._waker.wake()
        await answer(interaction, replies.moved(done))

    async def _press_keep(self, interaction: discord.Interaction, move_id: int) -> None:
        await hear(interaction)
        await require_moderator(interaction, self._database)
        challenge = await self._database.write(cancel_move, person_of(interaction), move_id)
        await answer(interaction, replies.kept(challenge))

    async def _read_deadline(self, interaction: discord.Interaction, text: str, zone: str, now: Instant) -> Deadline:
        return await asyncio.to_thread(read_deadline, text, now=now, zone=zone, languages=_languages(interaction))

    async def _read_opening(self, interaction: discord.Interaction, text: str, zone: str, now: Instant) -> Instant:
        return await asyncio.to_thread(read_moment, text, now=now, zone=zone, languages=_languages(interaction))


class SeriesEntries(commands.Cog):
    """`/series enter`: an author's series takes part."""

    def __init__(self, database: Database, clock: Clock, waker: Waker) -> None:
        self._database = database
        self._clock = clock
        self._waker = waker

    @app_commands.command(name="enter")
    @app_commands.guild_only()
    @app_commands.describe(series="Which of your series", challenge="Which challenge")
    async def enter(self, interaction: discord.Interaction, series: str, challenge: str) -> None:
        """Enter a series in a challenge: you see at once what fits before its deadline."""
        await hear(interaction)
        now = self._clock.now()
        done = await self._database.write(enter_challenge, person_of(interaction), series, challenge, now=now)
        self._waker.wake()
        await answer(interaction, replies.entered(done, now=now))

    @enter.autocomplete("series")
    async def suggest_series(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Own series by title."""
        return await series_cog.suggest(self._database, interaction, typed)

    @enter.autocomplete("challenge")
    async def suggest_enterable(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Challenges that are open now, by name."""
        return await suggest(self._database, interaction, typed, enterable=True, now=self._clock.now())


async def suggest(
    database: Database, interaction: discord.Interaction, typed: str, *, enterable: bool = False, now: Instant
) -> list[app_commands.Choice[str]]:
    """The suggestions for a `challenge` option: those that are not over, by name."""
    found = await database.read(suggest_challenges, person_of(interaction), typed, enterable=enterable, now=now)
    return [
        app_commands.Choice(name=shortened(one.terms.name, _LONGEST_SUGGESTION), value=str(one.terms.id))
        for one in found[:_MOST_SUGGESTIONS]
    ]


def _languages(interaction: discord.Interaction) -> tuple[str, ...]:
    """The person's own language first; English is always understood."""
    return tuple(dict.fromkeys((str(interaction.locale).partition("-")[0], "en")))
