"""The end: time has passed without trouble, and everything stands where it belongs, once."""

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from rules.deliveries import Kind
from rules.verdict import evaluate
from storage import communities, decisions
from storage.transaction import Transaction
from tests.simulation.fake_discord import Message
from tests.simulation.laws import BrokenLawError, Law, broken
from tests.simulation.model import Chapter, State

if TYPE_CHECKING:
    from tests.simulation.world import World


def audit(world: "World") -> None:
    """Compare all that stands with all that was released.

    Raises:
        BrokenLawError: something is missing, or too much.
    """
    standing: defaultdict[int, list[Message]] = defaultdict(list)
    for message in world.discord.messages.values():
        standing[message.chapter or 0].append(message)
    for chapter in world.model.chapters.values():
        _chapter(chapter, standing[chapter.id])
    _threads(world)
    _reports(world)
    bot = world.bot()
    bot.read(_nothing_open)
    bot.read(_every_decision)


def _chapter(chapter: Chapter, standing: list[Message]) -> None:
    """Its heading, its pages in order, its announcement as far as it travels; each once."""
    out = chapter.state is State.RELEASED
    found = [message for message in standing if message.kind in {Kind.HEADING, Kind.PART}]
    pages = [message.says for message in found[1:]]
    if len(found) > len(chapter.pages) + 1:
        broken(Law.ONCE, chapter, f"{len(found)} messages stand, it has {len(chapter.pages) + 1}")
    if len(found) != (len(chapter.pages) + 1) * out:
        broken(Law.NOT_LOST, chapter, f"{len(found)} messages stand of {len(chapter.pages) + 1} ({chapter.state})")
    if out and (found[0].kind is not Kind.HEADING or pages != list(chapter.pages)):
        broken(Law.ORDER, chapter, f"the pages are {chapter.pages}, there stand {pages}")
    if len({message.channel for message in found}) > 1:
        broken(Law.ORDER, chapter, "its pages stand in different channels")
    announced = [message for message in standing if message.kind is Kind.ANNOUNCEMENT]
    if len(announced) != int(out and chapter.travels is True):
        law = Law.NOT_LOST if not announced else Law.ONCE
        broken(law, chapter, f"announced {len(announced)} times; travels: {chapter.travels}")
    if any((one.published_at is not None) is not chapter.series.community.followed for one in announced):
        broken(Law.NOT_LOST, chapter, "its announcement was never published to following servers")
    told = sum(message.kind is Kind.NOTICE for message in standing)
    least = int(chapter.notice and chapter.state is not State.WITHDRAWN)
    if not least <= told <= int(chapter.notice):
        broken(Law.NOTICE, chapter, f"its notice stands {told} times")
    if chapter.state is State.WAITING:
        broken(Law.NOT_LOST, chapter, "it still waits")


def _threads(world: "World") -> None:
    """Each series has one home."""
    threads = Counter(message.delivery for message in world.discord.messages.values() if message.kind is Kind.THREAD)
    opened = world.bot().read(lambda tx: tx.all("SELECT id FROM deliveries WHERE kind = 'thread'"))
    if len(opened) != len(world.model.series) or any(threads[row["id"]] != 1 for row in opened):
        raise BrokenLawError(Law.NOT_LOST, f"{len(world.model.series)} series have {threads.total()} homes")


def _reports(world: "World") -> None:
    """R3: whatever was held was reported, as often as it was."""
    rows = world.bot().read(
        lambda tx: tx.all("SELECT id, subject_id FROM deliveries WHERE kind = 'report' AND state = 'sent'")
    )
    reported = Counter(row["subject_id"] for row in rows)
    if reported != Counter(world.channel_laws.times_held):
        raise BrokenLawError(Law.HELD, f"held {dict(world.channel_laws.times_held)}, reported {dict(reported)}")


def _nothing_open(tx: Transaction) -> None:
    """All that was planned is done, or was taken back."""
    rows = tx.all("SELECT kind, state, COUNT(*) AS n FROM deliveries GROUP BY kind, state")
    left = {(row["kind"], row["state"]): row["n"] for row in rows if row["state"] not in {"sent", "cancelled"}}
    if left:
        raise BrokenLawError(Law.NOT_LOST, f"left undone: {left}")
    cancelled = {row["kind"] for row in rows if row["state"] == "cancelled"}
    if cancelled - {Kind.NOTICE}:
        raise BrokenLawError(Law.NOT_LOST, f"cancelled: {cancelled}")


def _every_decision(tx: Transaction) -> None:
    """Law 5, over the whole log."""
    counts: Counter[tuple[int, str]] = Counter()
    for row in tx.all("SELECT chapter_id, community_id, kind, policy_version, inputs, answer FROM decisions"):
        counts[row["chapter_id"], row["kind"]] += 1
        if row["inputs"] == "{}":
            continue
        policy = communities.policy_version(tx, row["community_id"], row["policy_version"])
        again = decisions.answer_of(evaluate(decisions.case_of(row["inputs"], policy)))
        if again != row["answer"]:
            raise BrokenLawError(Law.RECORD, f"recorded {row['answer']}, evaluated again {again}")
    wanted = Counter({(row["id"], "submitted"): 1 for row in tx.all("SELECT id FROM chapters WHERE state <> 'draft'")})
    for state in ("released", "withdrawn"):
        rows = tx.all("SELECT id FROM chapters WHERE state = :state", state=state)
        wanted.update({(row["id"], state): 1 for row in rows})
    if any(counts[key] != wanted[key] for key in wanted):
        raise BrokenLawError(Law.RECORD, f"decisions are missing or double: {wanted - counts}, {counts - wanted}")
