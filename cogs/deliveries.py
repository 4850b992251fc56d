"""The hands: carry out one claimed delivery on Discord, and say what came of it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import aiohttp
import discord
from whenever import TimeDelta

from cogs.errands import channel_of, image_mark, place_of, target_of, text, text_of
from cogs.outcomes import is_archived, is_gone, obstacle_of, outcome_of
from cogs.ports import Clock, Pacer
from cogs.replies import images as image_replies
from cogs.replies import news, posts
from cogs.replies.announcements import readers_row
from cogs.traces import Traces
from rules.deliveries import CARDS, Approach, Event, Kind, Outcome, nonce
from rules.labels import Reach
from storage.database import Database
from storage.deliveries import Delivery
from usecases.deliveries import Errand
from usecases.images import image_file

_LONGEST_ATTEMPT = 45.0
"""Seconds an attempt may take; less than a lease, so that nobody else begins meanwhile."""
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
        self._traces = Traces(client, database, clock)
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
                if errand.delivery.kind is Kind.DIRECT and errand.gap is not None:
                    errand = await self._traces.untold(errand)
                elif errand.approach is Approach.LOOK_FIRST:
                    found = await self._traces.find(errand)
                    if found is not None:
                        return await self._found(errand, found)
                if errand.moot:
                    return Carried(Outcome(Event.CANCEL, problem="its chapter has personal reach by now"))
                return await self._acts[errand.delivery.kind](errand)
        except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as error:
            if is_archived(error) and errand.delivery.target_id:
                return await self._wake_thread(errand.delivery.target_id)
            return Carried(outcome_of(error))
        except LookupError as error:
            return Carried(Outcome(Event.REFUSE, problem=str(error)))

    async def _found(self, errand: Errand, outcome: Outcome) -> Carried:
        stands = outcome.event is Event.DONE and errand.delivery.kind is Kind.ANNOUNCEMENT
        return Carried(outcome, publish=stands and await self._is_followed(errand))

    async def _open_thread(self, errand: Errand) -> Carried:
        forum = await channel_of(self._client, errand)
        if not isinstance(forum, discord.ForumChannel) or errand.series is None:
            return Carried(Outcome(Event.REFUSE, problem="the home is no forum any more; choose one with /setup"))
        made = await forum.create_thread(
            name=posts.thread_name(errand.series),
            content=posts.thread_opening(errand.series),
            allowed_mentions=_NOBODY,
        )
        return Carried(Outcome(Event.DONE, message_id=made.thread.id))

    async def _post_text(self, errand: Errand) -> Carried:
        message = await target_of(self._client, errand).send(
            text(errand), nonce=nonce(errand.delivery.id), allowed_mentions=_NOBODY, suppress_embeds=True
        )
        return Carried(Outcome(Event.DONE, message_id=message.id))

    async def _post_image(self, errand: Errand) -> Carried:
        """L5: an image with its caption and alt text, under a name by which it is known again."""
        image = errand.image
        data = None if image is None else await self._database.read(image_file, image.id)
        if image is None or data is None:
            return Carried(Outcome(Event.REFUSE, problem="I no longer have the file of this image"))
        message = await target_of(self._client, errand).send(
            text_of(errand, Kind.IMAGE),
            file=image_replies.file_of(image, data, image_mark(errand)),
            nonce=nonce(errand.delivery.id),
            allowed_mentions=_NOBODY,
            suppress_embeds=True,
        )
        return Carried(Outcome(Event.DONE, message_id=message.id))

    async def _announce(self, errand: Errand) -> Carried:
        message = await target_of(self._client, errand).send(
            text(errand),
            view=_row(errand) or discord.utils.MISSING,
            nonce=nonce(errand.delivery.id),
            allowed_mentions=_NOBODY,
            suppress_embeds=True,
        )
        return Carried(Outcome(Event.DONE, message_id=message.id), publish=await self._is_followed(errand))

    async def _post_card(self, errand: Errand) -> Carried:
        """A card; one that is for an author pings that author, and nobody else."""
        addressed, view = posts.posted_card(errand, now=self._clock.now())
        message = await target_of(self._client, errand).send(
            view=view, nonce=nonce(errand.delivery.id), allowed_mentions=_only(addressed)
        )
        return Carried(Outcome(Event.DONE, message_id=message.id))

    async def _publish(self, errand: Errand) -> Carried:
        announcement = errand.subject
        if announcement is None or announcement.message_id is None:
            return Carried(Outcome(Event.REFUSE, problem="the announcement it belongs to is missing"))
        await target_of(self._client, errand).get_partial_message(announcement.message_id).publish()
        return Carried(Outcome(Event.DONE))

    async def _edit(self, errand: Errand) -> Carried:
        """Make a post say what now holds; one that somebody has deleted needs no correction."""
        made = errand.subject
        if made is None or made.message_id is None:
            return Carried(Outcome(Event.REFUSE, problem="what it corrects is missing"))
        message = target_of(self._client, errand).get_partial_message(made.message_id)
        try:
            if made.kind in CARDS:
                _, view = posts.posted_card(replace(errand, delivery=made), now=self._clock.now())
                await message.edit(view=view, allowed_mentions=_NOBODY)
            elif made.kind is Kind.ANNOUNCEMENT:
                await message.edit(content=text_of(errand, made.kind), view=_row(errand), allowed_mentions=_NOBODY)
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
        return text_of(errand, made.kind)

    async def _rename(self, errand: Errand, name: str) -> None:
        """Give a home its name, if it has another: Discord lets a thread be renamed seldom."""
        thread = await channel_of(self._client, errand)
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
            await target_of(self._client, errand).get_partial_message(message_id).delete()
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
        inbox = await place_of(self._client, errand)
        message = await inbox.send(
            text(errand),
            view=news.stop_row(errand.community.id),
            nonce=nonce(errand.delivery.id),
            allowed_mentions=_NOBODY,
            suppress_embeds=True,
        )
        return Carried(Outcome(Event.DONE, message_id=message.id))

    async def _home(self, errand: Errand) -> tuple[discord.Thread, discord.Object]:
        thread, reader_id = await channel_of(self._client, errand), errand.delivery.reader_id
        if not isinstance(thread, discord.Thread) or reader_id is None:
            raise LookupError("its home thread is gone")
        return thread, discord.Object(reader_id)

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
        channel = await channel_of(self._client, errand)
        return isinstance(channel, discord.TextChannel) and channel.is_news()


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


def _only(person_id: int | None) -> discord.AllowedMentions:
    """A ping for one person, or for nobody."""
    if person_id is None:
        return _NOBODY
    return discord.AllowedMentions(everyone=False, roles=False, replied_user=False, users=[discord.Object(person_id)])
