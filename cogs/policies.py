"""`/policy …`: what holds, what differs, changing it, and trying a change over the community's own history.

Everything here is for who manages the server: checked at the command and at the button, each time.
"""

import asyncio
from functools import partial
from io import BytesIO

import discord
from discord import app_commands
from discord.ext import commands

from cogs.answers import answer, hear, person_of
from cogs.calendars import drawn_apart
from cogs.moderators import manages_server, require_owner
from cogs.ports import Clock
from cogs.presses import Presses, form_values
from cogs.replies import policies as replies
from cogs.replies import trials as trial_replies
from rules.amendments import Change, changes
from rules.policy import Policy
from rules.tallies import Tally, Trial
from storage.database import Database
from usecases.amendments import (
    Amended,
    AmendmentView,
    Outlook,
    confirm_amendment,
    drop_amendment,
    look_at,
    open_amendment,
    see_amendment,
    type_in,
    what_waits,
)
from usecases.policies import policy_versions, two_versions
from usecases.trials import Plan, count, decided, plan_trial

_SERIES_AT_ONCE = 100
"""So many series are looked at in one piece, so that nobody else waits for it."""
_MOST_SUGGESTIONS = 25


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class PolicyCog(commands.GroupCog, group_name="policy"):
    """For who manages the server: the policy, version by version."""

    def __init__(self, database: Database, clock: Clock, presses: Presses) -> None:
        super().__init__()
        self._database = database
        self._clock = clock
        presses.on("policy-edit", self._press_edit)
        presses.on("policy-form", self._receive_form)
        presses.on("policy-try", self._press_try)
        presses.on("policy-confirm", self._press_confirm)
        presses.on("policy-cancel", self._press_cancel)
        for verb in replies.FORMS:
            presses.on(verb, partial(self._press_form, verb))

    @app_commands.command(name="show")
    async def show(self, interaction: discord.Interaction) -> None:
        """What holds here, since when and by whom, and what held before."""
        await hear(interaction)
        require_owner(interaction)
        await answer(interaction, replies.shown(await self._database.read(policy_versions, person_of(interaction))))

    @app_commands.command(name="edit")
    @app_commands.describe(version="Begin with the numbers of this earlier version")
    async def edit(
        self, interaction: discord.Interaction, version: app_commands.Range[int, 1, 1_000_000] | None = None
    ) -> None:
        """Change the policy: you see what that would do before it counts."""
        await hear(interaction)
        require_owner(interaction)
        await self._open(interaction, version)

    @app_commands.command(name="diff")
    @app_commands.describe(before="The one version; without it, the one before", after="The other; without it, today's")
    async def diff(
        self,
        interaction: discord.Interaction,
        before: app_commands.Range[int, 1, 1_000_000] | None = None,
        after: app_commands.Range[int, 1, 1_000_000] | None = None,
    ) -> None:
        """What differs between two versions of the policy, in words."""
        await hear(interaction)
        require_owner(interaction)
        pair = await self._database.read(two_versions, person_of(interaction), before, after)
        await answer(interaction, replies.compared(pair))

    @app_commands.command(name="try")
    @app_commands.describe(version="An earlier version; without it, what you have typed in /policy edit")
    async def try_out(
        self, interaction: discord.Interaction, version: app_commands.Range[int, 1, 1_000_000] | None = None
    ) -> None:
        """What a changed policy would have brought out differently; changes nothing."""
        await hear(interaction)
        require_owner(interaction)
        person, now = person_of(interaction), self._clock.now()
        if version is not None:
            live = (await self._database.read(policy_versions, person))[0].policy
            pair = await self._database.read(two_versions, person, version, None)
            changed = () if pair is None else changes(live, pair[0].policy)
            await self._show_trial(interaction, changed, None)
            return
        view = await self._database.write(open_amendment, person, None, now=now)
        if view.changes:
            await self._show_trial(interaction, view.changes, view)
        else:
            await answer(interaction, trial_replies.nothing_to_try(view.amendment.id))

    @edit.autocomplete("version")
    @diff.autocomplete("before")
    @diff.autocomplete("after")
    @try_out.autocomplete("version")
    async def suggest_version(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[int]]:
        """Versions by their numbers, the newest first."""
        if not manages_server(interaction):
            return []
        versions = await self._database.read(policy_versions, person_of(interaction))
        names = [
            (f"{one.policy.version} · {one.made_at.to_tz(one.policy.zone).date()}", one.policy.version)
            for one in versions
        ]
        fitting = [(name, number) for name, number in names if str(number).startswith(str(typed).strip())]
        return [app_commands.Choice(name=name, value=number) for name, number in fitting[:_MOST_SUGGESTIONS]]

    async def _press_edit(self, interaction: discord.Interaction, _: int) -> None:
        """From `/policy show`, and back from a trial: what this person has begun to change."""
        await hear(interaction)
        require_owner(interaction)
        await self._open(interaction, None)

    async def _press_form(self, verb: str, interaction: discord.Interaction, amendment_id: int) -> None:
        require_owner(interaction)
        form = await self._database.read(see_amendment, person_of(interaction), amendment_id)
        await interaction.response.send_modal(replies.form(verb, form))

    async def _receive_form(self, interaction: discord.Interaction, amendment_id: int) -> None:
        """What was typed, right or wrong; the card then says which."""
        await hear(interaction, in_place=True)
        require_owner(interaction)
        person, now = person_of(interaction), self._clock.now()
        view = await self._database.write(type_in, person, amendment_id, form_values(interaction), now=now)
        await self._show(interaction, view)

    async def _press_try(self, interaction: discord.Interaction, amendment_id: int) -> None:
        await hear(interaction)
        require_owner(interaction)
        person, now = person_of(interaction), self._clock.now()
        await self._database.read(see_amendment, person, amendment_id)
        view = await self._database.write(open_amendment, person, None, now=now)
        if view.changes:
            await self._show_trial(interaction, view.changes, view)
        else:
            await self._show(interaction, view)

    async def _press_confirm(self, interaction: discord.Interaction, amendment_id: int) -> None:
        """Let it hold, or show what has changed meanwhile."""
        await hear(interaction)
        require_owner(interaction)
        person, now = person_of(interaction), self._clock.now()
        done = await self._database.write(confirm_amendment, person, amendment_id, now=now)
        if isinstance(done, Amended):
            outlook = await self._look(interaction, done.before, done.policy)
            await answer(interaction, replies.amended(done, outlook))
        else:
            await self._show(interaction, done)

    async def _press_cancel(self, interaction: discord.Interaction, amendment_id: int) -> None:
        await hear(interaction)
        require_owner(interaction)
        await self._database.write(drop_amendment, person_of(interaction), amendment_id)
        await answer(interaction, replies.dropped())

    async def _open(self, interaction: discord.Interaction, version: int | None) -> None:
        person, now = person_of(interaction), self._clock.now()
        await self._show(interaction, await self._database.write(open_amendment, person, version, now=now))

    async def _show(self, interaction: discord.Interaction, view: AmendmentView) -> None:
        outlook = None
        if view.confirmable:
            outlook = await self._look(interaction, view.base.policy, view.after)
        await answer(interaction, replies.change(view, outlook))

    async def _look(self, interaction: discord.Interaction, before: Policy, after: Policy) -> Outlook:
        """C9: what a change offers, read in pieces."""
        waits = await self._database.read(what_waits, person_of(interaction))
        now, outlook = self._clock.now(), Outlook()
        for first in range(0, len(waits), _SERIES_AT_ONCE):
            some = waits[first : first + _SERIES_AT_ONCE]
            outlook = await self._database.read(look_at, before, after, some, outlook, now=now)
        return outlook

    async def _show_trial(
        self, interaction: discord.Interaction, changed: tuple[Change, ...], view: AmendmentView | None
    ) -> None:
        plan = await self._database.read(plan_trial, person_of(interaction), changed)
        trial = await self._try(plan)
        picture = await _picture(trial) if changed and (trial.chapters or trial.out) else None
        card = trial_replies.tried(trial, changed, cut=plan.cut, view=view, picture=picture)
        await answer(interaction, card, [picture] if picture else [])

    async def _try(self, plan: Plan) -> Trial:
        """Piece by piece: read by the database's thread, decided anew in another one."""
        tally = Tally(plan.zone)
        for piece in plan.pieces:
            entries = await self._database.read(decided, piece)
            await asyncio.to_thread(count, plan, piece, entries, tally)
        return tally.trial()


async def _picture(trial: Trial) -> discord.File | None:
    drawn = await drawn_apart(_draw, trial)
    if drawn is None:
        return None
    return discord.File(BytesIO(drawn), trial_replies.PICTURE, description=trial_replies.alt_text(trial))


def _draw(trial: Trial) -> bytes:
    """In a thread of its own, and there first the import."""
    from cogs.charts import draw_trial  # noqa: PLC0415

    return draw_trial(trial)
