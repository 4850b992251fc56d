"""An image on its way to Discord, over a real connection: a form with a file, once, as Discord's description has it."""

from pathlib import Path

import pytest

from bot.clock import Clock, Pacer
from cogs.deliveries import Hands
from rules.deliveries import Event, Kind, Outcome
from rules.images import Origin
from storage import images
from storage.database import Database
from storage.transaction import Transaction
from tests.images import a_png
from tests.rules.build import NEW_YEAR
from tests.usecases.build import INES, STORY, a_community, a_series, an_image, handed_in
from tests.wire.discord_server import DiscordServer
from tests.wire.faults import lost_answer
from tests.wire.payloads import TEXT
from tests.wire.test_discord_server import SEND, logged_in
from usecases.deliveries import Errand, claim_due, settle
from usecases.describing import Answers, describe_image
from usecases.releases import Release, release_chapter

ANSWERS = Answers(origin=Origin.AI, caption="Cover made with AI", source="A model, asked by Ines", alt="A salt road")


def image_errand(tx: Transaction, thread: int) -> Errand:
    """A chapter with a described image is out, and everything before the image is posted."""
    a_community(tx)
    chapter = handed_in(tx, a_series(tx), images=(an_image("cover"),)).chapter.id
    describe_image(tx, INES, images.of_chapter(tx, chapter)[0].id, ANSWERS, now=NEW_YEAR)
    release_chapter(tx, Release(chapter, STORY, (1,)), now=NEW_YEAR)
    while errands := claim_due(tx, now=NEW_YEAR):
        for errand in errands:
            if errand.delivery.kind is Kind.IMAGE:
                return errand
            made = thread if errand.delivery.kind is Kind.THREAD else errand.delivery.id
            settle(tx, errand.delivery, Outcome(Event.DONE, message_id=made), now=NEW_YEAR)
    raise AssertionError("no image to post")


@pytest.mark.parametrize("lost", [False, True])
async def test_an_image_is_posted_once_with_caption_alt_text_and_bytes(
    strict_server: DiscordServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, lost: bool
) -> None:
    """R2: the nonce works beside a file too; the file is sent whole at each attempt."""
    thread = strict_server.add_channel(strict_server.add_guild(), TEXT, "The Salt Road")
    database = Database(tmp_path / "colophon.sqlite3")
    await database.open()
    try:
        errand = await database.write(image_errand, thread)
        async with logged_in(strict_server, monkeypatch) as client:
            hands = Hands(client, database, Clock(), Pacer(50, at_once=50))
            if lost:
                strict_server.fail("POST", SEND, lost_answer())
                assert (await hands.carry_out(errand)).outcome.event is Event.LOST
            done = (await hands.carry_out(errand)).outcome
    finally:
        await database.close()

    ((message_id, message),) = strict_server.world.messages[thread].items()
    assert (done.event, done.message_id) == (Event.DONE, message_id)
    assert message["content"] == "Cover made with AI\n-# Image made by AI: A model, asked by Ines"
    assert errand.image is not None
    for asked in strict_server.asked("POST", SEND):
        (attachment,) = asked.body["attachments"]
        assert attachment["description"] == "A salt road"
        assert attachment["filename"] == f"image-1-{errand.image.id:x}.png"
        assert asked.files == {attachment["filename"]: a_png("cover")}
