"""`/exception …`, the request's card, and *Grant an exception* on a member (E1 to E7)."""

import discord
from discord import app_commands
from discord.ext import commands

from cogs.answers import answer, hear, person_of
from cogs.moderators import is_moderator, require_moderator
from cogs.ports import Clock, Waker
from cogs.presses import Presses, form_values
from cogs.replies import exceptions as replies
from cogs.replies.cards import shortened
from cogs.replies.challenges import ready_reason
from rules.cadence import LaneKind
from storage.database import Database
from usecases.exceptions import (
    DAYS,
    USES,
    GrantException,
    grant_exception,
    list_exceptions,
    revoke_exception,
    suggest_revocable,
)
from usecases.requests import (
    approve_request,
    ask_exception,
    check_askable,
    check_decidable,
    decline_request,
    view_request,
)
from usecases.turns import standing_now

_MOST_SUGGESTIONS = 25
_LONGEST_SUGGESTION = 100
_LANES = [
    app_commands.Choice(name="chapter: the next chapter of a series (C2)", value="chapter"),
    app_commands.Choice(name="series: the start of the next series (C1)", value="series"),
]


@app_commands.guild_only()
@app_commands.default_permissions(manage_messages=True)
class ExceptionCog(commands.GroupCog, group_name="exception"):
    """Let one author's lane go faster, once."""

    def __init__(self, database: Database, clock: Clock, waker: Waker, presses: Presses) -> None:
        super().__init__()
        self._database = database
        self._clock = clock
        self._waker = waker
        presses.on("ask", self._press_ask)
        presses.on("ask-form", self._receive_ask)
        presses.on("approve", self._press_approve)
        presses.on("decline", self._press_decline)
        presses.on("decline-form", self._receive_decline)
        presses.on("grant-form", self._receive_grant)
        on_member = app_commands.ContextMenu(name="Grant an exception", callback=self.grant_to_member)
        self.on_member = app_commands.default_permissions(manage_messages=True)(app_commands.guild_only()(on_member))

    @app_commands.command(name="grant")
    @app_commands.describe(
        author="Whose chapter may come sooner",
        lane="Which limit is lifted",
        reason="Why; the author reads it",
        series="Only for this one of their series",
        uses="How often; once without it",
        days="For how many days it is open; 14 without it",
    )
    @app_commands.choices(lane=_LANES)
    async def grant(
        self,
        interaction: discord.Interaction,
        author: discord.Member,
        lane: str,
        reason: app_commands.Range[str, 1, 500],
        series: str | None = None,
        uses: app_commands.Range[int, 1, 20] = USES,
        days: app_commands.Range[int, 1, 365] = DAYS,
    ) -> None:
        """Let an author's next chapter or series come sooner."""
        await hear(interaction)
        await require_moderator(interaction, self._database)
        await self._grant(
            interaction,
            GrantException(
                moderator=person_of(interaction),
                author_id=author.id,
                lane=LaneKind(lane),
                reason=reason,
                series=series,
                uses=uses,
                days=days,
            ),
        )

    @app_commands.command(name="list")
    @app_commands.describe(author="Only those of this author")
    async def list_all(self, interaction: discord.Interaction, author: discord.Member | None = None) -> None:
        """What was granted, to whom, and what is left of it."""
        await hear(interaction)
        await require_moderator(interaction, self._database)
        shown = await self._database.read(list_exceptions, person_of(interaction), author.id if author else None)
        await answer(interaction, replies.listed(shown, now=self._clock.now()))

    @app_commands.command(name="revoke")
    @app_commands.describe(exception="Which one", reason="Why; the author reads that it is gone")
    async def revoke(
        self, interaction: discord.Interaction, exception: str, reason: app_commands.Range[str, 1, 500]
    ) -> None:
        """Take an exception back that is not used up."""
        await hear(interaction)
        await require_moderator(interaction, self._database)
        moderator = person_of(interaction)
        done = await self._database.write(revoke_exception, moderator, exception, reason, now=self._clock.now())
        self._waker.wake()
        await answer(interaction, replies.revoked(done))

    @revoke.autocomplete("exception")
    async def suggest_exception(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Exceptions that can still be revoked, by their reason."""
        if not await is_moderator(interaction, self._database):
            return []
        moderator, now = person_of(interaction), self._clock.now()
        found = await self._database.read(suggest_revocable, moderator, typed, now=now)
        return [
            app_commands.Choice(name=shortened(replies.named(one), _LONGEST_SUGGESTION), value=str(one.grant.id))
            for one in found[:_MOST_SUGGESTIONS]
        ]

    async def grant_to_member(self, interaction: discord.Interaction, member: discord.Member) -> None:
        """Right-click on a member."""
        await require_moderator(interaction, self._database)
        await interaction.response.send_modal(replies.grant_form(member.display_name, member.id))

    async def _press_ask(self, interaction: discord.Interaction, chapter_id: int) -> None:
        now = self._clock.now()
        chapter, _ = await self._database.read(check_askable, person_of(interaction), chapter_id, now=now)
        standing = await self._database.read(standing_now, chapter.series_id, now=now)
        starts = standing is not None and standing.start is not None and standing.start.id == chapter_id
        ready = ready_reason(standing.challenge.terms) if standing is not None and starts else None
        await interaction.response.send_modal(replies.ask_form(chapter.title, chapter_id, ready))

    async def _receive_ask(self, interaction: discord.Interaction, chapter_id: int) -> None:
        """E6: the same as `/chapter ask`, from the notice."""
        await hear(interaction)
        person, now = person_of(interaction), self._clock.now()
        reason = form_values(interaction)["reason"]
        chapter, _ = await self._database.read(check_askable, person, chapter_id, now=now)
        await self._database.write(ask_exception, person, chapter_id, reason, now=now)
        self._waker.wake()
        await answer(interaction, replies.asked(chapter.title))

    async def _press_approve(self, interaction: discord.Interaction, request_id: int) -> None:
        await require_moderator(interaction, self._database)
        await self._database.read(check_decidable, person_of(interaction), request_id)
        await interaction.response.defer()
        now = self._clock.now()
        await self._database.write(approve_request, person_of(interaction), request_id, now=now)
        self._waker.wake()
        await self._show_decided(interaction, request_id)

    async def _press_decline(self, interaction: discord.Interaction, request_id: int) -> None:
        await require_moderator(interaction, self._database)
        await self._database.read(check_decidable, person_of(interaction), request_id)
        shown = await self._database.read(view_request, request_id, now=self._clock.now())
        await interaction.response.send_modal(replies.decline_form(shown.chapter.title, request_id))

    async def _receive_decline(self, interaction: discord.Interaction, request_id: int) -> None:
        await require_moderator(interaction, self._database)
        reason = form_values(interaction)["reason"]
        await interaction.response.defer()
        await self._database.write(decline_request, person_of(interaction), request_id, reason, now=self._clock.now())
        self._waker.wake()
        await self._show_decided(interaction, request_id)

    async def _receive_grant(self, interaction: discord.Interaction, author_id: int) -> None:
        await hear(interaction)
        await require_moderator(interaction, self._database)
        values = form_values(interaction)
        await self._grant(
            interaction,
            GrantException(
                moderator=person_of(interaction),
                author_id=author_id,
                lane=LaneKind(values["lane"]),
                reason=values["reason"],
            ),
        )

    async def _grant(self, interaction: discord.Interaction, request: GrantException) -> None:
        done = await self._database.write(grant_exception, request, now=self._clock.now())
        self._waker.wake()
        await answer(interaction, replies.granted(done))

    async def _show_decided(self, interaction: discord.Interaction, request_id: int) -> None:
        """The card under which was pressed shows the decision, for every moderator."""
        now = self._clock.now()
        shown = await self._database.read(view_request, request_id, now=now)
        await interaction.edit_original_response(view=replies.request_card(shown, now=now))
