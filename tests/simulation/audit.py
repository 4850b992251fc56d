"""The end: time has passed without trouble, and everything stands where it belongs, once."""

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from rules.deliveries import PRIVATE, Kind
from rules.tallies import Tally
from rules.verdict import evaluate
from storage import communities, decisions
from storage.memberships import Membership
from storage.transaction import Transaction
from tests.simulation.days import spoken
from tests.simulation.fake_discord import Message
from tests.simulation.lawbook import BrokenLawError, Law, broken
from tests.simulation.model import Chapter, Community, State
from tests.simulation.setting import MODERATOR
from usecases.people import Person
from usecases.trials import count, decided, plan_trial
from usecases.turns import Change

if TYPE_CHECKING:
    from tests.simulation.world import World


_ABOUT = ("request", "exception", "hold", "question", "ruling", "appeal", "import")
"""What an answer is about; one about an appeal against an import names both."""
_QUESTIONS = """
    SELECT q.id, q.answered_at IS NOT NULL AS answered,
           q.closed_at IS NOT NULL OR q.answered_at IS NOT NULL OR c.state = 'withdrawn' AS ended,
           SUM(d.kind = 'question') AS posed, SUM(d.kind = 'reminder') AS reminded, SUM(d.kind = 'request') AS cards
      FROM questions q JOIN chapters c ON c.id = q.chapter_id
      JOIN deliveries d ON d.question_id = q.id AND d.state = 'sent' GROUP BY q.id
"""
_APPEALS = """
    SELECT a.id, a.state <> 'open' OR COALESCE(c.state = 'withdrawn', m.state = 'cancelled') AS ended,
           COUNT(*) AS cards
      FROM appeals a LEFT JOIN chapters c ON c.id = a.chapter_id LEFT JOIN imports m ON m.id = a.import_id
      JOIN deliveries d ON d.appeal_id = a.id AND d.state = 'sent' AND d.kind = 'request' GROUP BY a.id
"""
_VERDICTS = {"submitted", "replanned", "released", "relabelled", "imported"}
"""The decisions whose answer is a verdict."""
_IMPORTS = """
    SELECT m.id, m.state, m.chapters,
           (SELECT COUNT(*) FROM chapters c WHERE c.import_id = m.id AND c.state = 'released') AS out,
           (SELECT COUNT(*) FROM chapters c WHERE c.import_id = m.id AND c.state = 'draft') AS kept,
           EXISTS (SELECT 1 FROM appeals a WHERE a.import_id = m.id AND a.state = 'open') AS appealed,
           (SELECT COUNT(*) FROM chapters c WHERE c.import_id = m.id AND c.reach = 'network') AS travel,
           (SELECT COUNT(*) FROM deliveries d JOIN chapters c ON c.id = d.chapter_id
             WHERE c.import_id = m.id AND d.kind = 'heading' AND d.state = 'sent') AS headings,
           (SELECT COUNT(*) FROM deliveries d
             WHERE d.import_id = m.id AND d.kind = 'announcement' AND d.state = 'sent') AS announced
      FROM imports m
"""
_HEADINGS = """
    SELECT c.import_id, c.released_at, c.id FROM deliveries d JOIN chapters c ON c.id = d.chapter_id
     WHERE d.kind = 'heading' AND c.import_id IS NOT NULL ORDER BY c.import_id, d.message_id
"""
_HANDED_IN = "SELECT id FROM chapters WHERE state <> 'draft' AND import_id IS NULL"
_LET_IN = "SELECT id FROM chapters WHERE state <> 'draft' AND import_id IS NOT NULL"
_CANCELLED = """
    SELECT DISTINCT d.kind FROM deliveries d LEFT JOIN chapters c ON c.id = d.chapter_id
     WHERE d.state = 'cancelled' AND (c.state IS NULL OR c.state <> 'withdrawn')
       AND NOT EXISTS (SELECT 1 FROM decisions x WHERE x.chapter_id = d.chapter_id AND x.kind = 'relabelled')
"""
_TOLD = """
    SELECT request_id, exception_id, hold_id, question_id, ruling_id, appeal_id, import_id, message_id, community_id
      FROM deliveries
     WHERE kind = :kind AND state = 'sent'
"""


def audit(world: "World") -> None:
    """Compare all that stands with all that was released.

    Raises:
        BrokenLawError: something is missing, or too much.
    """
    standing: defaultdict[int, list[Message]] = defaultdict(list)
    for message in world.discord.messages.values():
        if not message.removed:
            standing[message.chapter or 0].append(message)
    for chapter in world.model.chapters.values():
        _chapter(chapter, standing[chapter.id])
    left = [number for number in world.model.to_go if not world.discord.messages[number].removed]
    if left:
        raise BrokenLawError(Law.ERASED, f"{len(left)} messages stand that a deletion should have taken down: {left}")
    _threads(world)
    _reports(world)
    _members(world)
    for community in world.model.communities:
        _answers(world, community)
        for grant in community.grants:
            world.bot().read(world.laws.used, grant)
    bot = world.bot()
    bot.read(_nothing_open)
    bot.read(_questions)
    bot.read(_appeals)
    bot.read(_imports)
    bot.read(_every_decision)
    for community in world.model.communities:
        bot.read(_tried, community)


def _chapter(chapter: Chapter, standing: list[Message]) -> None:
    """Its heading, its pages in order, its announcement as far as it travels; each once."""
    out = chapter.state is State.RELEASED
    found = [message for message in standing if message.kind in {Kind.HEADING, Kind.PART, Kind.IMAGE}]
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
    _announced(chapter, announced, out=out)
    _noticed(chapter, [message.at for message in standing if message.kind is Kind.NOTICE], out=out)
    if chapter.state is State.WAITING:
        broken(Law.NOT_LOST, chapter, "it still waits")


def _noticed(chapter: Chapter, told: list[int], *, out: bool) -> None:
    """N2, N3: what keeps it waiting, or at home, was told; what was mended before anybody had heard of it was not."""
    changes = chapter.relabelled + chapter.repaired
    least = int(chapter.notice and chapter.state is not State.WITHDRAWN and not changes)
    if not least <= len(told) <= int(chapter.notice) + changes:
        broken(Law.NOTICE, chapter, f"its notice stands {len(told)} times")
    if out and chapter.told_home is not None and not any(at >= chapter.told_home for at in told):
        broken(Law.NOTICE, chapter, f"it is at home since {spoken(chapter.told_home)}, its notices are of {told}")


def _announced(chapter: Chapter, announced: list[Message], *, out: bool) -> None:
    """Laws 2 and 4, L10: once, if it travels; nothing but a neutral line of what does not any more."""
    travels = out and chapter.travels is True
    taken_back = out and not travels and chapter.known
    if len(announced) != int(travels) and not (taken_back and len(announced) == 1):
        law = Law.NOT_LOST if not announced else Law.ONCE
        broken(law, chapter, f"announced {len(announced)} times; travels: {chapter.travels}")
    for one in announced:
        if one.neutral is travels:
            broken(Law.REACH, chapter, f"its announcement is neutral: {one.neutral}; travels: {chapter.travels}")
        if travels and (one.published_at is not None) is not chapter.series.community.followed:
            broken(Law.NOT_LOST, chapter, "its announcement was never published to following servers")


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


def _answers(world: "World", community: Community) -> None:
    """N5, E6, H4: who had to hear of something has, in the right place; and the moderators have every card."""
    bot, told = world.bot(), Counter[tuple[str, int]]()
    for row in bot.read(lambda tx: tx.all(_TOLD, kind="answer")):
        if row["community_id"] == community.id:
            about = next((name, row[f"{name}_id"]) for name in _ABOUT if row[f"{name}_id"])
            told[about] += 1
            _in_private(world, community, row["message_id"])
    if told != community.answers:
        missing, more = community.answers - told, told - community.answers
        raise BrokenLawError(Law.ANSWERED, f"nobody heard of {dict(missing)}; {dict(more)} were told too often")
    rows = bot.read(lambda tx: tx.all(_TOLD, kind="request"))
    cards = [row for row in rows if row["community_id"] == community.id and row["request_id"]]
    if len(cards) != community.requests:
        raise BrokenLawError(Law.ANSWERED, f"{community.requests} requests, the moderators got {len(cards)} cards")
    _changes(world, community)


def _questions(tx: Transaction) -> None:
    """L11: each question is posed once, its author is reminded at most once, and an open one has risen once."""
    for row in tx.all(_QUESTIONS):
        least = 0 if row["ended"] else 1
        if row["posed"] != 1 or not least <= row["reminded"] <= 1:
            raise BrokenLawError(Law.ASKED, f"posed {row['posed']} times, reminded {row['reminded']} times")
        cards = int(row["answered"]) + least
        if not cards <= row["cards"] <= cards + 1:
            raise BrokenLawError(Law.ASKED, f"the moderators got {row['cards']} cards of a question, not {cards}")


def _appeals(tx: Transaction) -> None:
    """L12: each appeal reached the moderators, and an open one has risen once."""
    for row in tx.all(_APPEALS):
        least = 1 if row["ended"] else 2
        if not least <= row["cards"] <= 2:
            raise BrokenLawError(Law.ASKED, f"the moderators got {row['cards']} cards of an appeal, not {least}")


def _imports(tx: Transaction) -> None:
    """C13: what was let in stands at home, in the order of its dates, and was announced once, as far as it travels."""
    for row in tx.all(_IMPORTS):
        done = row["state"] == "done"
        if row["state"] not in {"done", "declined", "cancelled"}:
            raise BrokenLawError(Law.IMPORTED, f"an import is still {row['state']}")
        if not row["out"] == row["headings"] == row["chapters"] * done:
            raise BrokenLawError(Law.IMPORTED, f"{row['chapters']} of an import ({row['state']}), {row['out']} out")
        if row["kept"] != row["chapters"] * (row["state"] == "declined" and row["appealed"]):
            raise BrokenLawError(Law.IMPORTED, f"{row['kept']} kept of an import ({row['state']}): {row['appealed']=}")
        if row["announced"] != bool(row["travel"]):
            raise BrokenLawError(Law.IMPORTED, f"{row['travel']} travel, announced {row['announced']} times")
    stand = [(row["import_id"], row["released_at"], row["id"]) for row in tx.all(_HEADINGS)]
    if stand != sorted(stand):
        raise BrokenLawError(Law.IMPORTED, "older chapters stand in another order than they first came out")


def _changes(world: "World", community: Community) -> None:
    """H4: who had to hear of a change has; a newer message may replace a like one that nobody has seen yet."""
    for one in community.challenges:
        changes = {(series.id, change): 0 for series in one.entries for change in Change} | dict(one.told)
        for (series, change), times in changes.items():
            heard = world.hands.changes[one.id, series, change]
            if not min(times, 1) <= heard <= times:
                numbers = f"{times} times {change}: {one.name!r}; the author of series {series} heard {heard} times"
                raise BrokenLawError(Law.ANSWERED, numbers, world.model.series[series].author)


def _in_private(world: "World", community: Community, message_id: int) -> None:
    """N3: in the notices channel, or in a home; nothing of it in a channel that the whole network reads."""
    channel = world.discord.messages[message_id].channel
    if channel != community.notices and channel not in {series.thread for series in community.series}:
        raise BrokenLawError(Law.ANSWERED, f"an answer stands in channel {channel}")


def _members(world: "World") -> None:
    """R6: whom the bot believes to have added to a home thread is there, and nobody is half in or half out."""
    for row in world.bot().read(lambda tx: tx.all("SELECT series_id, reader_id, state FROM memberships")):
        thread, state = world.model.series[row["series_id"]].thread, Membership(row["state"])
        there = row["reader_id"] in world.discord.members[thread or 0]
        if state in {Membership.ASKED, Membership.LEAVING} or (state is Membership.ADDED and not there):
            raise BrokenLawError(Law.READERS, f"reader {row['reader_id']} is {state} in thread {thread}, {there=}")


def _nothing_open(tx: Transaction) -> None:
    """All that was planned is done, or was taken back."""
    rows = tx.all("SELECT kind, state, COUNT(*) AS n FROM deliveries GROUP BY kind, state")
    left = {(row["kind"], row["state"]): row["n"] for row in rows if row["state"] not in {"sent", "cancelled"}}
    if left:
        raise BrokenLawError(Law.NOT_LOST, f"left undone: {left}")
    cancelled = {row["kind"] for row in tx.all(_CANCELLED)}
    if cancelled - {*PRIVATE, Kind.NOTICE, Kind.CHALLENGE, Kind.EDIT, Kind.REMINDER}:
        raise BrokenLawError(Law.NOT_LOST, f"cancelled: {cancelled}")


def _tried(tx: Transaction, community: Community) -> None:
    """Law 5, of the log as a whole: tried with the policies it was made under, it comes out as it did."""
    plan = plan_trial(tx, Person(community.id, MODERATOR), ())
    tally = Tally(plan.zone)
    for piece in plan.pieces:
        count(plan, piece, decided(tx, piece), tally)
    trial = tally.trial()
    if not trial.changes_nothing:
        raise BrokenLawError(Law.RECORD, f"the same policies tried in community {community.number}: {trial}")


def _every_decision(tx: Transaction) -> None:
    """Law 5, over the whole log."""
    counts: Counter[tuple[int, str]] = Counter()
    for row in tx.all("SELECT chapter_id, community_id, kind, policy_version, inputs, answer FROM decisions"):
        counts[row["chapter_id"], row["kind"]] += 1
        if row["kind"] not in _VERDICTS:
            continue
        policy = communities.policy_version(tx, row["community_id"], row["policy_version"])
        again = decisions.answer_of(evaluate(decisions.case_of(row["inputs"], policy)))
        if again != row["answer"]:
            raise BrokenLawError(Law.RECORD, f"recorded {row['answer']}, evaluated again {again}")
    wanted = Counter({(row["id"], "submitted"): 1 for row in tx.all(_HANDED_IN)})
    wanted.update({(row["id"], "imported"): 1 for row in tx.all(_LET_IN)})
    for state in ("released", "withdrawn"):
        rows = tx.all("SELECT id FROM chapters WHERE state = :state AND import_id IS NULL", state=state)
        wanted.update({(row["id"], state): 1 for row in rows})
    if any(counts[key] != wanted[key] for key in wanted):
        raise BrokenLawError(Law.RECORD, f"decisions are missing or double: {wanted - counts}, {counts - wanted}")
