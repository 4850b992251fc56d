"""What an errand says, and where on Discord that goes."""

import discord

from cogs.replies import images as image_replies
from cogs.replies import news, posts
from rules.deliveries import Kind
from usecases.deliveries import Errand


def text(errand: Errand) -> str:
    """What a delivery of text says: a part from its row, the others from the facts."""
    if errand.delivery.kind is Kind.PART and errand.delivery.body is not None:
        return errand.delivery.body
    if errand.delivery.kind is Kind.DIRECT:
        return news.message(errand.news)
    return text_of(errand, errand.delivery.kind)


def text_of(errand: Errand, kind: Kind) -> str:
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


def image_mark(errand: Errand) -> str:
    """What tells the name of a posted image's file from all others, in each life of the bot (R2)."""
    return f"-{errand.image.id:x}" if errand.image else f"-{errand.delivery.id:x}"


async def channel_of(client: discord.Client, errand: Errand) -> object:
    """The channel of a delivery, as Discord has it; a LookupError says that it has none."""
    target = errand.delivery.target_id
    if target is None:
        raise LookupError("it has no channel")
    return client.get_channel(target) or await client.fetch_channel(target)


async def place_of(client: discord.Client, errand: Errand) -> discord.abc.Messageable:
    """Where a delivery's messages stand: a channel, or a reader's inbox."""
    reader_id = errand.delivery.reader_id
    if errand.delivery.kind is Kind.DIRECT and reader_id is not None:
        return await client.create_dm(discord.Object(reader_id))
    return target_of(client, errand)


def target_of(client: discord.Client, errand: Errand) -> discord.PartialMessageable:
    """The channel of a delivery, unseen; a LookupError says that it has none."""
    target = errand.delivery.target_id
    if target is None:
        raise LookupError("it has no channel")
    return client.get_partial_messageable(target, guild_id=errand.community.id)
