"""What a file turns out to hold, counted while it is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from oneninex.ingestion.platform.model import Problem, State, Work

_STATES = {
    State.SUBMITTED: "submitted",
    State.SKIPPED: "skipped",
    State.DRAFT: "drafts",
    State.EXPIRED: "expired",
}
_ALWAYS = ("tasks", "annotations", *_STATES.values(), "rejected", "gold", "annotators")


def counted(
    records: Iterable[Work | Problem], counts: dict[str, int], tasks: bool = True
) -> Iterator[Work | Problem]:
    """The records as they come, while `counts` fills.

    tasks: different items (where `tasks` is false the reader counts them itself); annotations:
    what stood where work stands, understood or not; rejected: submitted work whose newest verdict
    is a refusal; gold: submitted control items; annotators: different people.
    """
    counts.update({name: counts.get(name, 0) for name in _ALWAYS})
    items: set[int] = set()
    people: set[int] = set()
    for record in records:
        if isinstance(record, Problem):
            counts["annotations"] += record.loses
        else:
            _count(record, counts)
            if record.who is not None:
                people.add(hash(record.who))
                counts["annotators"] = len(people)
            if tasks:
                items.add(hash(record.item))  # numbers, since a million texts would weigh more
                counts["tasks"] = len(items)
        yield record


def _count(work: Work, counts: dict[str, int]) -> None:
    counts["annotations"] += work.count
    counts[_STATES[work.state]] += work.count
    if work.state is State.SUBMITTED:
        counts["rejected"] += work.count * (work.accepted is False)
        counts["gold"] += work.count * bool(work.gold)
