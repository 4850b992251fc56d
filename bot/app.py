"""The one place where everything is put together."""

import logging

import discord
from discord.ext import commands

from bot.clock import Clock, Pacer
from bot.config import Settings
from bot.once import at_most_once
from cogs.announcements import AnnouncementCog
from cogs.answers import answer_error
from cogs.appeals import AppealCog
from cogs.challenges import ChallengeCog, SeriesEntries
from cogs.chapters import ChapterCog, WhyCog
from cogs.communities import Communities
from cogs.deliveries import Hands
from cogs.doctor import Doctor
from cogs.doubts import Doubts
from cogs.exceptions import ExceptionCog
from cogs.feeds import FeedCog
from cogs.follows import FollowCog
from cogs.images import ImageWalk
from cogs.imports import SeriesImports
from cogs.labels import ChapterLabels
from cogs.less import LessCog
from cogs.matters import ReviewQueue
from cogs.personal import PersonalCog
from cogs.policies import PolicyCog
from cogs.presses import Presses
from cogs.promises import ChapterPromises, SeriesEdits
from cogs.questions import ReviewQuestions
from cogs.reviews import ReviewCog
from cogs.rounds import Rounds
from cogs.rulebook import RulebookCog
from cogs.rulings import ReviewLabels
from cogs.series import SeriesCog
from storage.database import Database
from usecases.copies import take_up

_log = logging.getLogger(__name__)

_SENDS_A_SECOND = 30
_SENDS_AT_ONCE = 15
"""Discord takes 50 requests a second from one bot; the two together stay below that, the rest is for answers."""
_RATE_LIMIT_PATIENCE = 30.0
"""Seconds the library may sleep on a limit by itself; what takes longer is ours to plan (R4)."""
_STEP_IN_HAND = 3.0
"""Seconds a delivery may still take when the bot is told to stop."""


class Colophon(commands.Bot):
    """The bot: a client, its database, and its rounds."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            max_ratelimit_timeout=_RATE_LIMIT_PATIENCE,
            chunk_guilds_at_startup=False,
            max_messages=None,
            http_trace=at_most_once(),
        )
        self._settings = settings
        self._clock = Clock()
        self.database = Database(settings.database)
        hands = Hands(self, self.database, self._clock, Pacer(_SENDS_A_SECOND, at_once=_SENDS_AT_ONCE))
        self._presses = Presses()
        self._rounds = Rounds(self.database, self._clock, hands, self._presses)

    async def setup_hook(self) -> None:
        """Open the database and take up the commands; called once, after login and before the gateway."""
        await self.database.open()
        gap = await self.database.write(take_up, now=self._clock.now())
        if gap is not None:
            _log.warning("this database is a copy of %s; I look for what I may have done since", gap.begin)
        exception = ExceptionCog(self.database, self._clock, self._rounds, self._presses)
        chapter = ChapterCog(self.database, self._clock, self._rounds, self._presses)
        series = SeriesCog(self.database, self._clock, self._rounds)
        review = ReviewCog(self.database, self._clock, self._rounds)
        _join(review, ReviewQueue(self.database, self._clock, self._rounds, self._presses))
        _join(review, ReviewQuestions(self.database, self._clock, self._rounds, self._presses))
        _join(review, ReviewLabels(self.database, self._clock, self._rounds, self._presses))
        _join(chapter, ChapterPromises(self.database, self._clock, self._rounds, self._presses))
        _join(chapter, ChapterLabels(self.database, self._clock, self._rounds, self._presses))
        _join(series, SeriesEdits(self.database, self._clock, self._rounds))
        _join(series, SeriesEntries(self.database, self._clock, self._rounds))
        _join(series, SeriesImports(self.database, self._clock, self._rounds, self._presses))
        announcements = AnnouncementCog(self.database, self._presses)
        Doubts(self.database, self._clock, self._rounds, self._presses)
        ImageWalk(self.database, self._clock, self._rounds, self._presses)
        for cog in (
            self._presses,
            Communities(self.database, self._clock),
            Doctor(self.database, self._clock, self._rounds, self._presses),
            series,
            chapter,
            WhyCog(self.database, self._clock),
            RulebookCog(self.database),
            PolicyCog(self.database, self._clock, self._presses),
            exception,
            ChallengeCog(self.database, self._clock, self._rounds, self._presses),
            review,
            FollowCog(self.database, self._clock, self._rounds, self._presses),
            FeedCog(self.database, self._clock, self._presses),
            LessCog(self.database, self._clock, self._presses),
            announcements,
            AppealCog(self.database, self._clock, self._rounds, self._presses),
            PersonalCog(self.database, self._clock, self._rounds, self._presses),
            self._rounds,
        ):
            await self.add_cog(cog)
        self.tree.add_command(exception.on_member)
        self.tree.add_command(announcements.menu)
        self.tree.error(answer_error)
        if self._settings.sync_commands:
            await self.tree.sync()

    async def close(self) -> None:
        """Finish the step in hand, leave Discord, close the database; a second call does nothing."""
        await self._rounds.stop(within=_STEP_IN_HAND)
        await super().close()
        await self.database.close()


def _join(host: commands.GroupCog, guest: commands.Cog) -> None:
    """Make one cog's commands part of another's group; the guest itself is never added to the bot."""
    group = host.app_command
    if group is None:
        raise TypeError(f"{host.qualified_name} has no group")
    for command in guest.get_app_commands():
        group.add_command(command)


def create_bot(settings: Settings) -> commands.Bot:
    """Put everything together and open nothing; the database opens in `setup_hook` and closes in `close()`."""
    return Colophon(settings)
