"""What a delivery may have left on Discord already: looked for before it is sent (R2)."""

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace

import discord
from whenever import Instant, TimeDelta

from cogs.errands import channel_of, image_mark, place_of, text
from cogs.ports import Clock
from cogs.replies import news, posts
from cogs.replies.cards import words_of
from rules.deliveries import CARDS, CHANGED_SINCE_COPY, TOO_MUCH_SINCE, Event, Kind, Outcome
from storage.database import Database
from usecases.deliveries import Errand, is_adopted

_CLOCK_SKEW = TimeDelta(seconds=10)
"""How much earlier than an attempt its message may seem to be."""
_LOOKED_THROUGH = 2000
"""Messages of a history; what is longer is a person's to look through."""
_AFTER_HEADING = {Kind.PART, Kind.IMAGE, Kind.ANNOUNCEMENT}
_WORDS_OF_MARK = 3
"""As `posts.mark` has them, with the sign for small print before it."""


class _TooMuchError(Exception):
    """A history is too long to be looked through."""


class Traces:
    """Looks for what stands already; changes nothing."""

    def __init__(self, client: discord.Client, database: Database, clock: Clock) -> None:
        self._client = client
        self._database = database
        self._clock = clock

    async def find(self, errand: Errand) -> Outcome | None:
        """R2: the lost attempt's message, if it stands on Discord after all; in doubt a person is asked."""
        try:
            async for candidate in self._candidates(errand):
                if not await self._database.read(is_adopted, candidate):
                    since = _moment_of(candidate) if errand.gap else None
                    return Outcome(Event.DONE, message_id=candidate, stood_since=since)
        except _TooMuchError:
            return Outcome(Event.DOUBT, problem=TOO_MUCH_SINCE)
        except discord.Forbidden:
            return Outcome(
                Event.DOUBT,
                problem="an answer of Discord was lost, and I may not read the channel to see whether the "
                "message is there; give my role Read Message History",
            )
        if await self._has_changed(errand):
            return Outcome(Event.DOUBT, problem=CHANGED_SINCE_COPY)
        return None

    async def _has_changed(self, errand: Errand) -> bool:
        """After a copy was put back: whether the chapter's heading, which stood before, says what the copy says."""
        chapter, gap, heading_id = errand.chapter, errand.gap, errand.heading_id
        if gap is None or chapter is None or heading_id is None or chapter.thread_id is None:
            return False
        if errand.delivery.kind not in _AFTER_HEADING or chapter.mended_at or _moment_of(heading_id) > gap.end:
            return False
        home = self._client.get_partial_messageable(chapter.thread_id, guild_id=errand.community.id)
        try:
            heading = await home.fetch_message(heading_id)
        except discord.NotFound:
            return True
        return not posts.says_the_same(chapter, heading.content)

    async def untold(self, errand: Errand) -> Errand:
        """After a copy was put back: what the messages that a reader has got since do not tell yet."""
        left = errand.news
        with suppress(_TooMuchError):  # what so long an inbox does not show is told once more
            async for message in self._history(await place_of(self._client, errand), errand):
                left = tuple(one for one in left if news.link(one) not in message.content)
        return replace(errand, news=left)

    async def _candidates(self, errand: Errand) -> AsyncIterator[int]:
        """Our own messages (or threads) since the lost attempt that say what this delivery says."""
        if errand.delivery.kind is Kind.THREAD:
            async for thread_id in self._threads_like(errand, self._since(errand)):
                yield thread_id
            return
        async for message in self._history(await place_of(self._client, errand), errand):
            if self._says(errand, message):
                yield message.id

    async def _history(self, place: discord.abc.Messageable, errand: Errand) -> AsyncIterator[discord.Message]:
        """Our own messages since the lost attempt, oldest first; what this life of the bot has sent it knows itself.

        Raises:
            _TooMuchError: more was written than can be looked through.
        """
        gap, before = errand.gap, None
        if gap is not None and errand.delivery.attempts == 1:
            before = _at(gap.end + _CLOCK_SKEW)
        seen = 0
        history = place.history(after=_at(self._since(errand)), before=before, limit=_LOOKED_THROUGH, oldest_first=True)
        async for message in history:
            seen += 1
            if self._client.user and message.author.id == self._client.user.id:
                yield message
        if seen >= _LOOKED_THROUGH:
            raise _TooMuchError

    def _since(self, errand: Errand) -> Instant:
        return (errand.delivery.lost_at or self._clock.now()) - _CLOCK_SKEW

    async def _threads_like(self, errand: Errand, since: Instant) -> AsyncIterator[int]:
        forum = await channel_of(self._client, errand)
        if not isinstance(forum, discord.ForumChannel) or errand.series is None:
            return
        archived = [thread async for thread in forum.archived_threads(limit=100)]
        for thread in [*await forum.guild.active_threads(), *archived]:
            if (
                thread.parent_id == forum.id
                and self._client.user is not None
                and thread.owner_id == self._client.user.id
                and thread.name == posts.thread_name(errand.series)
                and (thread.created_at is None or Instant(thread.created_at) >= since)
            ):
                yield thread.id

    def _says(self, errand: Errand, message: discord.Message) -> bool:
        """Whether a message is this delivery's: by a mark that nothing else of ours carries, or by its text."""
        kind, content = errand.delivery.kind, message.content
        if kind is Kind.ANNOUNCEMENT:
            return (posts.chapter_link(errand) if errand.imported is None else posts.collection_link(errand)) in content
        if kind in CARDS:
            return _is_marked(errand, message) or (errand.gap is not None and self._says_the_same(errand, message))
        if kind is Kind.IMAGE:
            return any(image_mark(errand) in attachment.filename for attachment in message.attachments)
        if kind is Kind.HEADING and errand.gap is not None and errand.chapter is not None:
            return posts.is_heading_of(errand.chapter, content)
        return content.split() == text(errand).split()

    def _says_the_same(self, errand: Errand, message: discord.Message) -> bool:
        """Whether a card says what ours would, but for the mark, which was another in a forgotten life of the bot."""
        _, view = posts.posted_card(errand, now=self._clock.now())
        ours = words_of(child.to_component_dict() for child in view.children)
        return ours[:-_WORDS_OF_MARK] == words_of(message.components)[:-_WORDS_OF_MARK]


def _is_marked(errand: Errand, message: discord.Message) -> bool:
    mark = posts.mark(errand.delivery)
    return any(mark in str(component.to_dict()) for component in message.components)


def _moment_of(discords_id: int) -> Instant:
    """When Discord made something, by its id."""
    return Instant(discord.utils.snowflake_time(discords_id))


def _at(moment: Instant) -> discord.Object:
    """What stands between all that Discord made before a moment and after it."""
    return discord.Object(discord.utils.time_snowflake(moment.to_stdlib()))
