"""The laws of what stands on Discord: where, when, once, in order, from one sender at a time."""

from collections import defaultdict
from collections.abc import Sequence

from rules.deliveries import Kind
from rules.labels import Reach, label_findings
from storage.deliveries import Delivery
from storage.imports import ImportState
from tests.simulation.days import SECOND
from tests.simulation.fake_discord import Message
from tests.simulation.lawbook import BrokenLawError, Law, author_of, broken
from tests.simulation.model import Chapter, Model, State
from usecases.deliveries import Errand
from usecases.imports import ImportView

_POSTS = frozenset({Kind.HEADING, Kind.PART, Kind.IMAGE, Kind.ANNOUNCEMENT})
_PAUSE = 3 * SECOND
_QUEUES = {"publish": "publish", "edit": "edit", "remove": "remove", "join": "member", "leave": "member"}
"""The turn that a kind of delivery has of its own in a channel; the others share one."""


class ChannelLaws:
    """Checked whenever something is sent, or comes to stand."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._announced: dict[int, int] = {}
        self._published: dict[int, int] = {}
        self._sending: dict[tuple[int, str], tuple[Delivery, int]] = {}
        self._jumbled: set[int] = set()
        self._written_at: int | None = None
        self._told: dict[tuple[int, int], int] = {}
        self.times_held: defaultdict[int, int] = defaultdict(int)

    def stands(self, message: Message, *, reach: Reach | None) -> None:
        """Laws 1, 2, 4 and the order, the moment a message comes to stand.

        Args:
            message: as it now stands.
            reach: its chapter's when it was claimed; one that was on its way when it was repaired is corrected (L10).
        """
        chapter = self._model.chapters.get(message.chapter or 0)
        travels = chapter is not None and (chapter.travels is True or (chapter.repaired > 0 and reach is Reach.NETWORK))
        may = travels and message.kind is Kind.ANNOUNCEMENT
        if not may and message.channel in {community.network for community in self._model.communities}:
            said = "" if chapter is None else f", {chapter.label} under {chapter.book}"
            raise BrokenLawError(Law.REACH, f"a {message.kind} stands in a network channel{said}", author_of(chapter))
        if chapter is None or message.kind not in _POSTS or chapter.taken_down:
            return
        if chapter.state is not State.RELEASED or message.at < chapter.slot:
            broken(Law.EARLY, chapter, f"its {message.kind} stands while it is {chapter.state}")
        if message.kind is Kind.ANNOUNCEMENT:
            last = self._announced.get(chapter.series.id, 0)
            if chapter.slot < last and not chapter.series.troubled and not chapter.repaired:
                broken(Law.ORDER, chapter, "a later chapter of its series was announced before it")
            self._announced[chapter.series.id] = max(last, chapter.slot)

    @staticmethod
    def tells_of_older(shown: ImportView) -> None:
        """C13 and law 2: all of it has come in, and something of it may travel by the labels it now has."""
        if shown.imported.state is not ImportState.DONE:
            raise BrokenLawError(Law.IMPORTED, f"announced while {shown.imported.state}", shown.imported.author_id)
        if not shown.announced or any(label_findings(one.labels, shown.policy) for one in shown.announced):
            raise BrokenLawError(Law.REACH, "older work is told of that does not travel", shown.imported.author_id)

    def in_place(self, chapter: Chapter, text: str | None) -> None:
        """R1: what has just come to stand in a home comes behind all that should stand before it."""
        series, piece = chapter.series, (chapter, text)
        if series.troubled or chapter.taken_down:
            return
        name = "its heading" if text is None else f"its page {text!r}"
        if piece in series.coming:
            at = series.coming.index(piece)
            series.skipped += series.coming[:at]
            del series.coming[: at + 1]
        elif piece in series.skipped:
            broken(Law.ORDER, chapter, f"{name} stands after something that comes behind it")
        else:
            broken(Law.ONCE, chapter, f"{name} stands again")

    def removed(self, message: Message, standing: Sequence[Message]) -> None:
        """C11: only what was taken down, and its home only when nothing points there any more; or what was deleted."""
        if message.id in self._model.to_go:
            return
        chapter = self._model.chapters.get(message.chapter or 0)
        if chapter is None or not chapter.taken_down:
            raise BrokenLawError(Law.NOT_LOST, f"a {message.kind} is removed that should stand")
        announced = [one for one in standing if one.kind is Kind.ANNOUNCEMENT and one is not message]
        if announced and not chapter.series.troubled:
            broken(Law.ORDER, chapter, f"its {message.kind} is removed while its announcement stands")

    def published(self, channel: int, delivery_id: int) -> None:
        """R4: what waits for its turn is published in the order in which it was planned."""
        last = self._published.get(channel, 0)
        if delivery_id < last and channel not in self._jumbled:
            raise BrokenLawError(Law.ORDER, f"publish {delivery_id} in channel {channel} comes after {last}")
        self._published[channel] = max(last, delivery_id)

    def sends(self, channel: int, delivery: Delivery, *, until: int, now: int) -> None:
        """R1, R4: nobody else is sending to a channel; publishes, edits and removals have a turn of their own."""
        queue = _QUEUES.get(delivery.kind, "post")
        other, ends = self._sending.get((channel, queue), (delivery, 0))
        if other.id != delivery.id and now < ends:
            raise BrokenLawError(
                Law.ONE_SENDER,
                f"the {delivery.kind} {delivery.id} is claimed for channel {channel} "
                f"while the {other.kind} {other.id} is on its way",
                author_of(self._model.chapters.get(delivery.chapter_id or 0)),
            )
        self._sending[channel, queue] = (delivery, until)

    def writes(self, errand: Errand, *, now: int) -> None:
        """R6: direct messages keep their distance, go to who asked for them, and tell of each release once."""
        reader, delivery = errand.delivery.reader_id or 0, errand.delivery.id
        if self._written_at is not None and now - self._written_at < _PAUSE:
            raise BrokenLawError(Law.READERS, f"a direct message {now - self._written_at} ms after another")
        self._written_at = now
        if reader not in self._model.asked_for_messages:
            raise BrokenLawError(Law.READERS, f"reader {reader} never asked for direct messages")
        for one in errand.news:
            if self._told.setdefault((reader, one.chapter.id), delivery) != delivery:
                raise BrokenLawError(Law.READERS, f"reader {reader} is told twice of {one.chapter.title!r}")
            if self._model.chapters[one.chapter.id].state is not State.RELEASED:
                raise BrokenLawError(Law.READERS, f"reader {reader} is told of what is not out: {one.chapter.title!r}")

    def sent(self, channel: int, delivery: Delivery) -> None:
        """An answer is written down; another attempt at the same delivery finds nothing more to do."""
        queue = _QUEUES.get(delivery.kind, "post")
        other, _ = self._sending.get((channel, queue), (delivery, 0))
        if other.id == delivery.id:
            self._sending.pop((channel, queue), None)

    def held(self, delivery_id: int, channel: int | None, chapter_id: int | None, series_id: int | None) -> None:
        """R3: what is held lets everything else go on, so that the order is no longer promised."""
        self.times_held[delivery_id] += 1
        if channel is not None:
            self._jumbled.add(channel)
        chapter = self._model.chapters.get(chapter_id or 0)
        series = chapter.series if chapter else self._model.series.get(series_id or 0)
        if series is not None:
            series.troubled = True
