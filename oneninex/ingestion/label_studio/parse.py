"""Label Studio's JSON as records: a list of tasks, or an API dump of several projects."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from oneninex.ingestion.findings import refuse
from oneninex.ingestion.label_studio import answers, values
from oneninex.ingestion.label_studio.values import Id
from oneninex.ingestion.platform.model import Problem, State, Work

TASK_KEYS = ("annotations", "completions")  # the second before 1.0
# A lead time longer than the task has existed was copied or imported with the annotation.
_CLOCKS_DIFFER = timedelta(seconds=60)

Record = Work | Problem


class Tasks:
    """Streams the records of an export and counts what is no record; raises Refused."""

    def __init__(self, elements: Iterable[Any], dump: bool, counts: dict[str, int]) -> None:
        self._elements, self._dump, self._counts = elements, dump, counts
        self._order = 0
        self._any_task = False
        counts.update(tasks=0, not_begun=0, ground_truth=0, drafts_undated=0)

    def __iter__(self) -> Iterator[Record]:
        for element in self._elements:
            if self._dump:
                yield from self._project(element)
            else:
                yield from self._task(element, None)
        if not self._any_task:
            raise refuse("unknown_format", "export.no_tasks")
        if undated := self._counts["drafts_undated"]:
            yield Problem("missing_capability", "export.undated_drafts", field="drafts",
                          values={"count": undated})  # fmt: skip

    def _project(self, item: Any) -> Iterator[Record]:
        if not isinstance(item, dict):
            yield self._unreadable(values.Unfit("projects", item))
            return
        tasks = item.get("tasks")
        if tasks is not None and not isinstance(tasks, list):
            yield self._unreadable(values.Unfit("tasks", tasks))
            return
        project = _project(item.get("project"))
        for task in tasks or []:
            yield from self._task(task, project)

    def _task(self, task: Any, project: Id) -> Iterator[Record]:
        if not isinstance(task, dict):
            yield self._unreadable(values.Unfit("task", task))
            return
        self._any_task = self._any_task or any(key in task for key in TASK_KEYS)
        self._counts["tasks"] += 1
        if self._dump:
            own = _project(task.get("project"))
            project = project if own is None else own
        key = next((key for key in TASK_KEYS if task.get(key) is not None), None)
        self._counts["not_begun"] += not task.get(str(key)) and not task.get("drafts")
        annotations = task[key] if key else []
        if not isinstance(annotations, list):
            yield self._unreadable(values.Unfit(str(key), annotations))
            annotations = []
        for annotation in annotations:
            yield self._annotation(annotation, task, project)
        yield from self._drafts(task, project)

    def _annotation(self, raw: Any, task: dict[str, Any], project: Id) -> Record:
        if not isinstance(raw, dict):
            return self._unreadable(values.Unfit("annotation", raw))
        self._order += 1
        if raw.get("created_at") is None:
            return Problem("missing_capability", "export.undated", self._order, "created_at",
                           loses=1)  # fmt: skip
        try:
            work = _work(self._order, raw, task, project)
        except values.Unfit as unfit:
            return unfit.problem(self._order, loses=1)
        if work.state is State.SUBMITTED and raw.get("ground_truth"):
            self._counts["ground_truth"] += 1
        return work

    def _drafts(self, task: dict[str, Any], project: Id) -> Iterator[Record]:
        """Drafts that belong to no annotation yet; a bare number tells neither day nor owner."""
        drafts = task.get("drafts")
        if drafts is not None and not isinstance(drafts, list):
            yield values.Unfit("drafts", drafts).problem(None, loses=0)
            return
        for place, raw in enumerate(drafts or []):
            try:
                work = self._draft(raw, task, project, place)
            except values.Unfit as unfit:
                yield unfit.problem(None, loses=0)
            else:
                if work is not None:
                    yield work

    def _draft(self, raw: Any, task: dict[str, Any], project: Id, place: int) -> Work | None:
        if not isinstance(raw, dict) and not values.is_number(raw):
            raise values.Unfit("drafts", raw)
        if isinstance(raw, dict) and raw.get("annotation") is not None:
            return None
        if not isinstance(raw, dict) or raw.get("created_at") is None:
            self._counts["drafts_undated"] += 1
            return None
        number = values.identifier("id", task.get("id"))
        own = values.identifier("drafts.id", raw.get("id"))
        return Work(
            row=self._counts["tasks"],
            item=name(number, f"task {self._counts['tasks']}"),
            work_id=json.dumps(["draft", number, place if own is None else own]),
            project=name(project, None),
            state=State.DRAFT,
            who=values.person("drafts.user", raw.get("user")),
            started_at=values.moment("drafts.created_at", raw["created_at"]),
            updated_at=values.optional_moment("drafts.updated_at", raw.get("updated_at")),
        )

    def _unreadable(self, unfit: values.Unfit) -> Problem:
        """Something that stands where annotations stand and could not be understood."""
        self._order += 1
        return unfit.problem(self._order, loses=1)


def annotations_with_task(objects: Iterator[Any]) -> Iterator[Any]:
    """Turn the objects of target storage, an annotation that holds its task, into tasks."""
    for row in objects:
        task = row.get("task") if isinstance(row, dict) else None
        yield {**task, "annotations": [row], "drafts": []} if isinstance(task, dict) else row


def _work(order: int, raw: dict[str, Any], task: dict[str, Any], project: Id) -> Work:
    """An annotation; raises Unfit for the first value that cannot be meant."""
    number = values.identifier("id", task.get("id"))
    own = values.identifier("id", raw.get("id"))
    created = values.moment("created_at", raw["created_at"])
    updated = values.optional_moment("updated_at", raw.get("updated_at"))
    seconds = values.seconds("lead_time", raw.get("lead_time"))
    skipped = values.flag("was_cancelled", raw.get("was_cancelled"))
    values.flag("ground_truth", raw.get("ground_truth"))
    objects, prelabeled = values.result(raw.get("result"))
    return Work(
        row=order,
        item=name(number, f"annotation {order}"),
        work_id=identity(number, own, created, order),
        former_id=former_identity(number, own, order),
        origin=_unique(raw.get("unique_id")),
        project=name(project, None),
        state=State.SKIPPED if skipped else State.SUBMITTED,
        who=values.person("completed_by", raw.get("completed_by")),
        started_at=_begun(raw.get("draft_created_at"), created),
        submitted_at=created,
        updated_at=updated,
        seconds=seconds,
        verdicts=values.reviews(raw.get("reviews")),
        objects=objects,
        prelabeled=prelabeled,
        answers={} if skipped else answers.of(raw.get("result")),
        copied=_copied(task, seconds, updated or created),
        imported=_imported(raw),
    )


def identity(task: Id, annotation: Id, created: datetime, order: int) -> str:
    """Return the identity of an annotation, alike in JSON, JSON_MIN, CSV and target storage.

    It is the annotation's own id and its creation time. The task's id stays out: in a CSV a column
    of the task's data may replace it. Two installations count from 1, but not at the same instant.
    """
    if annotation is None:
        return json.dumps([task, None, order])
    return json.dumps(["annotation", str(annotation), created.isoformat()])


def former_identity(task: Id, annotation: Id, order: int) -> str:
    """Return the identity that releases before the creation time was part of it used."""
    return json.dumps([task, annotation] if annotation is not None else [task, None, order])


def _unique(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _imported(raw: dict[str, Any]) -> bool:
    """Check whether the annotation came with imported tasks: nobody ever saved its result.

    The server counts the results of what a person saves and names who saved it.
    """
    if raw.get("import_id") is not None:
        return True
    return "updated_by" in raw and raw["updated_by"] is None and raw.get("result_count") == 0


def name(value: Id, otherwise: Any) -> Any:
    """An id as text that tells 7 from "7"."""
    return otherwise if value is None else json.dumps(value)


def _project(value: Any) -> Id:
    """The project's id where it can be read: it only helps to tell tasks apart."""
    try:
        return values.project(value)
    except values.Unfit:
        return None


def _begun(value: Any, submitted: datetime) -> datetime | None:
    """When the draft was made, the nearest thing to a start; half of the exports leave it out."""
    try:
        begun = values.optional_moment("draft_created_at", value)
    except values.Unfit:
        return None
    return begun if begun and begun <= submitted else None


def _copied(task: dict[str, Any], seconds: float | None, at: datetime) -> bool:
    try:
        made = values.optional_moment("created_at", task.get("created_at"))
    except values.Unfit:
        return False
    if made is None or seconds is None:
        return False
    return seconds > (at - made + _CLOCKS_DIFFER).total_seconds()
