"""The hands: carry out one claimed delivery on Discord, and say what came of it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace

import aiohttp
import discord
from whenever import Instant, TimeDelta

from cogs.outcomes import is_archived, is_gone, obstacle_of, outcome_of
from cogs.ports import Clock, Pacer
from cogs.replies import images as image_replies
from cogs.replies import news, posts
from cogs.replies.announcements import readers_row
from rules.deliveries import CARDS, Approach, Event, Kind, Outcome, nonce
from rules.labels import Reach
from storage.database import Database
from storage.deliveries import Delivery
from usecases.deliveries import Errand, is_adopted
from usecases.images import image_file

_LONGEST_ATTEMPT = 45.0
"""Seconds an attempt may take; less than a lease, so that nobody else begins meanwhile."""
_CLOCK_SKEW = TimeDelta(seconds=10)
"""How much earlier than an attempt its message may seem to be."""
_LOOKED_THROUGH = 500
_WAKING_TAKES = TimeDelta(seconds=1)
_NOBODY = discord.AllowedMentions.none()


@dataclass(frozen=True, slots=True)
class Carried:
    """What came of a delivery; `publish` for an announcement in a channel that other servers follow."""

    outcome: Outcome
    publish: bool = False


class Hands:
    """Does to Discord what a delivery says; knows nothing of when or why."""

    def __init__(self, client: discord.Client, database: Database, clock: Clock, pacer: Pacer) -> None:
        self._client = client
        self._database = database
        self._clock = clock
        self._pacer = pacer
        self._acts: dict[Kind, Callable[[Errand], Awaitable[Carried]]] = {
            Kind.THREAD: self._open_thread,
            Kind.HEADING: self._post_text,
            Kind.PART: self._post_text,
            Kind.IMAGE: self._post_image,
            Kind.ANNOUNCEMENT: self._announce,
            Kind.PUBLISH: self._publish,
            Kind.EDIT: self._edit,
            Kind.REMOVE: self._remove,
            **dict.fromkeys(CARDS, self._post_card),
            Kind.JOIN: self._join,
            Kind.LEAVE: self._leave,
            Kind.DIRECT: self._write,
        }

    async def carry_out(self, errand: Errand) -> Carried:
        """Carry a delivery out; whatever Discord or the network does becomes an outcome."""
        try:
            async with asyncio.timeout(_LONGEST_ATTEMPT):
                await self._pacer.turn()
                if errand.approach is Approach.LOOK_FIRST:
                    found = await self._find(errand)
                    if found is not None:
                        return found
                if errand.moot:
                    return Carried(Outcome(Event.CANCEL, problem="its chapter has personal reach by now"))
                return await self._acts[errand.delivery.kind](errand)
        except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as error:
            if is_archived(error) and errand.delivery.target_id:
                return await self._wake_thread(errand.delivery.target_id)
            return Carried(outcome_of(error))
        except LookupError as error:
            return Carried(Outcome(Event.REFUSE, problem=str(error)))

    async def _open_thread(self, errand: Errand) -> Carried:
        forum = await self._channel(errand)
        if not isinstance(forum, discord.ForumChannel) or errand.series is None:
            return Carried(Outcome(Event.REFUSE, problem="the home is no forum any more; choose one with /setup"))
        made = await forum.create_thread(
            name=posts.thread_name(errand.series),
            content=posts.thread_opening(errand.series),
            allowed_mentions=_NOBODY,
        )
        return Carried(Outcome(Event.DONE, message_id=made.thread.id))

    async def _post_text(self, errand: Errand) -> Carried:
        message = await self._target(errand).send(
            self._text(errand), nonce=nonce(errand.delivery.id), allowed_mentions=_NOBODY, suppress_embeds=True
        )
        return Carried(Outcome(Event.DONE, message_id=message.id))

    async def _post_image(self, errand: Errand) -> Carried:
        """L5: an image with its caption and alt text, under a name by which it is known again."""
        image = errand.image
        data = None if image is None else await self._database.read(image_file, image.id)
        if image is None or data is None:
            return Carried(Outcome(Event.REFUSE, problem="I no longer have the file of this image"))
        message = await self._target(errand).send(
            self._text_of(errand, Kind.IMAGE),
            file=image_replies.file_of(image, data, _image_mark(errand)),
            nonce=nonce(errand.delivery.id),
            allowed_mentions=_NOBODY,
            suppress_embeds=True,
        )
        return Carried(Outcome(Event.DONE, message_id=message.id))

    async def _announce(self, errand: Errand) -> Carried:
        message = await self._target(errand).send(
            self._text(errand),
            view=_row(errand) or discord.utils.MISSING,
            nonce=nonce(errand.delivery.id),
            allowed_mentions=_NOBODY,
            suppress_embeds=True,
        )
        return Carried(Outcome(Event.DONE, message_id=message.id), publish=await self._is_followed(errand))

    async def _post_card(self, errand: Errand) -> Carried:
        """A card; one that is for an author pings that author, and nobody else."""
        addressed, view = posts.posted_card(errand, now=self._clock.now())
        message = await self._target(errand).send(
            view=view, nonce=nonce(errand.delivery.id), allowed_mentions=_only(addressed)
        )
        return Carried(Outcome(Event.DONE, message_id=message.id))

    async def _publish(self, errand: Errand) -> Carried:
        announcement = errand.subject
        if announcement is None or announcement.message_id is None:
            return Carried(Outcome(Event.REFUSE, problem="the announcement it belongs to is missing"))
        await self._target(errand).get_partial_message(announcement.message_id).publish()
        return Carried(Outcome(Event.DONE))

    async def _edit(self, errand: Errand) -> Carried:
        """Make a post say what now holds; one that somebody has deleted needs no correction."""
        made = errand.subject
        if made is None or made.message_id is None:
            return Carried(Outcome(Event.REFUSE, problem="what it corrects is missing"))
        message = self._target(errand).get_partial_message(made.message_id)
        try:
            if made.kind in CARDS:
                _, view = posts.posted_card(replace(errand, delivery=made), now=self._clock.now())
                await message.edit(view=view, allowed_mentions=_NOBODY)
            elif made.kind is Kind.ANNOUNCEMENT:
                await message.edit(
                    content=self._text_of(errand, made.kind), view=_row(errand), allowed_mentions=_NOBODY
                )
            else:
                await message.edit(content=await self._corrected(errand, made), allowed_mentions=_NOBODY)
        except discord.NotFound as error:
            if not is_gone(error):
                raise
        return Carried(Outcome(Event.DONE))

    async def _corrected(self, errand: Errand, made: Delivery) -> str:
        """What a home's first message, a heading or an image now says; a home also gets its name."""
        if made.kind is Kind.THREAD and errand.series is not None:
            await self._rename(errand, posts.thread_name(errand.series))
        return self._text_of(errand, made.kind)

    async def _rename(self, errand: Errand, name: str) -> None:
        """Give a home its name, if it has another: Discord lets a thread be renamed seldom."""
        thread = await self._channel(errand)
        if isinstance(thread, discord.Thread) and thread.name != name:
            await thread.edit(name=name)

    async def _remove(self, errand: Errand) -> Carried:
        """C11: take a post down; what is gone already is done. Of deleted data only the message's id is left."""
        made, target_id = errand.subject, errand.delivery.target_id
        message_id = errand.delivery.message_id if made is None else made.message_id
        if message_id is None or target_id is None:
            return Carried(Outcome(Event.DONE))
        try:
            if message_id == target_id:  # a home's opening message has the id of its thread
                await self._rename(errand, posts.DELETED_HOME)
            await self._target(errand).get_partial_message(message_id).delete()
        except discord.NotFound as error:
            if not is_gone(error):
                raise
        return Carried(Outcome(Event.DONE))

    async def _join(self, errand: Errand) -> Carried:
        """Add a reader to a home thread; an archived one is not woken for that."""
        thread, reader = await self._home(errand)
        try:
            if errand.delivery.lost_at is None and await _is_member(thread, reader.id):
                return Carried(Outcome(Event.DONE, already=True))
            await thread.add_user(reader)
        except discord.HTTPException as error:
            obstacle = obstacle_of(error)
            if obstacle is None:
                raise
            return Carried(Outcome(Event.REFUSE, problem=obstacle))
        return Carried(Outcome(Event.DONE))

    async def _leave(self, errand: Errand) -> Carried:
        """Remove a reader whom the bot had added; who is gone already is gone."""
        thread, reader = await self._home(errand)
        try:
            await thread.remove_user(reader)
        except discord.NotFound:
            return Carried(Outcome(Event.DONE, already=True))
        except discord.HTTPException as error:
            obstacle = obstacle_of(error)
            if obstacle is None:
                raise
            return Carried(Outcome(Event.REFUSE, problem=obstacle))
        return Carried(Outcome(Event.DONE))

    async def _write(self, errand: Errand) -> Carried:
        """A direct message; if all that it told of was withdrawn meanwhile, there is nothing to do."""
        if not errand.news:
            return Carried(Outcome(Event.DONE, already=True))
        inbox = await self._place(errand)
        message = await inbox.send(
            self._text(errand),
            view=news.stop_row(errand.community.id),
            nonce=nonce(errand.delivery.id),
            allowed_mentions=_NOBODY,
            suppress_embeds=True,
        )
        return Carried(Outcome(Event.DONE, message_id=message.id))

    async def _home(self, errand: Errand) -> tuple[discord.Thread, discord.Object]:
        thread, reader_id = await self._channel(errand), errand.delivery.reader_id
        if not isinstance(thread, discord.Thread) or reader_id is None:
            raise LookupError("its home thread is gone")
        return thread, discord.Object(reader_id)

    def _text(self, errand: Errand) -> str:
        """What a delivery of text says: a part from its row, the others from the facts."""
        if errand.delivery.kind is Kind.PART and errand.delivery.body is not None:
            return errand.delivery.body
        if errand.delivery.kind is Kind.DIRECT:
            return news.message(errand.news)
        return self._text_of(errand, errand.delivery.kind)

    def _text_of(self, errand: Errand, kind: Kind) -> str:
        """What a home's opening, a heading, an image or an announcement says by the facts as they are."""
        chapter, series = errand.chapter, errand.series
        if kind is Kind.ANNOUNCEMENT and errand.imported is not None and series is not None:
            return posts.collection(errand, errand.imported, series)
        if kind is Kind.THREAD and series is not None:
            return posts.thread_opening(series)
        if chapter is None or series is None:
            raise LookupError("the chapter it belongs to is missing")
        if kind is Kind.IMAGE and errand.image is not None:
            return image_replies.posted_text(errand.image)
        if kind is Kind.HEADING:
            return posts.heading(chapter)
        return posts.announcement(errand, chapter, series)

    async def _find(self, errand: Errand) -> Carried | None:
        """R2: the lost attempt's message, if it stands on Discord after all; in doubt a person is asked."""
        try:
            async for candidate in self._candidates(errand):
                if not await self._database.read(is_adopted, candidate):
                    publish = errand.delivery.kind is Kind.ANNOUNCEMENT and await self._is_followed(errand)
                    return Carried(Outcome(Event.DONE, message_id=candidate), publish=publish)
        except discord.Forbidden:
            return Carried(
                Outcome(
                    Event.DOUBT,
                    problem="an answer of Discord was lost, and I may not read the channel to see whether the "
                    "message is there; give my role Read Message History",
                )
            )
        return None

    async def _candidates(self, errand: Errand) -> AsyncIterator[int]:
        """Our own messages (or threads) since the lost attempt that say what this delivery says."""
        lost = errand.delivery.lost_at
        since = (lost or self._clock.now()) - _CLOCK_SKEW
        if errand.delivery.kind is Kind.THREAD:
            async for thread_id in self._threads_like(errand, since):
                yield thread_id
            return
        after = discord.Object(discord.utils.time_snowflake(since.to_stdlib()))
        place = await self._place(errand)
        history = place.history(after=after, limit=_LOOKED_THROUGH, oldest_first=True)
        async for message in history:
            if self._client.user and message.author.id == self._client.user.id and self._says(errand, message):
                yield message.id

    async def _threads_like(self, errand: Errand, since: Instant) -> AsyncIterator[int]:
        forum = await self._channel(errand)
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
        kind = errand.delivery.kind
        if kind is Kind.ANNOUNCEMENT:
            if errand.imported is not None:
                return posts.collection_link(errand) in message.content
            return posts.chapter_link(errand) in message.content
        if kind in CARDS:
            mark = posts.mark(errand.delivery)
            return any(mark in str(component.to_dict()) for component in message.components)
        if kind is Kind.IMAGE:
            return any(_image_mark(errand) in attachment.filename for attachment in message.attachments)
        return message.content.split() == self._text(errand).split()

    async def _wake_thread(self, thread_id: int) -> Carried:
        """An archived thread takes nothing until it is woken."""
        try:
            thread = await self._client.fetch_channel(thread_id)
            if isinstance(thread, discord.Thread):
                await thread.edit(archived=False)
        except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as error:
            return Carried(outcome_of(error))
        return Carried(Outcome(Event.POSTPONE, retry_after=_WAKING_TAKES, problem="the thread was asleep"))

    async def _is_followed(self, errand: Errand) -> bool:
        channel = await self._channel(errand)
        return isinstance(channel, discord.TextChannel) and channel.is_news()

    async def _channel(self, errand: Errand) -> object:
        target = errand.delivery.target_id
        if target is None:
            raise LookupError("it has no channel")
        return self._client.get_channel(target) or await self._client.fetch_channel(target)

    async def _place(self, errand: Errand) -> discord.abc.Messageable:
        """Where a delivery's messages stand: a channel, or a reader's inbox."""
        reader_id = errand.delivery.reader_id
        if errand.delivery.kind is Kind.DIRECT and reader_id is not None:
            return await self._client.create_dm(discord.Object(reader_id))
        return self._target(errand)

    def _target(self, errand: Errand) -> discord.PartialMessageable:
        target = errand.delivery.target_id
        if target is None:
            raise LookupError("it has no channel")
        return self._client.get_partial_messageable(target, guild_id=errand.community.id)


async def _is_member(thread: discord.Thread, reader_id: int) -> bool:
    try:
        await thread.fetch_member(reader_id)
    except discord.NotFound:
        return False
    return True


def _row(errand: Errand) -> discord.ui.View | None:
    """The readers' buttons under an announcement; none under the neutral line of one that was taken back (L10)."""
    if errand.imported is not None:
        told = errand.imported.announced
        return readers_row(told[0].id) if told else None
    chapter = errand.chapter
    return readers_row(chapter.id) if chapter and chapter.reach is Reach.NETWORK else None


def _image_mark(errand: Errand) -> str:
    """What tells the name of a posted image's file from all others (R2)."""
    return f"-{errand.delivery.id:x}"


def _only(person_id: int | None) -> discord.AllowedMentions:
    """A ping for one person, or for nobody."""
    if person_id is None:
        return _NOBODY
    return discord.AllowedMentions(everyone=False, roles=False, replied_user=False, users=[discord.Object(person_id)])
