"""From the bytes of an export to its annotations; what is wrong becomes a problem, no error."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from oneninex.intake.label_studio import values
from oneninex.intake.label_studio.model import (
    Annotation,
    Draft,
    Export,
    Id,
    NotUnderstoodError,
    Problem,
)

_KEYS = ("annotations", "completions")  # the second before 1.0


def export_of(content: bytes) -> Export:
    """Read an export; raises NotUnderstoodError where it is none."""
    root = _json(content)
    export, any_task = Export(), False
    for task, project in _tasks(root, export):
        any_task = any_task or (isinstance(task, dict) and any(key in task for key in _KEYS))
        _task(task, project, export)
    if not any_task:
        raise NotUnderstoodError(Problem("unknown_format", "unknown_format"))
    _drop_duplicates(export)
    return export


def _json(content: bytes) -> Any:
    try:
        return json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise NotUnderstoodError(Problem("encoding", "encoding")) from None
    except RecursionError:
        raise NotUnderstoodError(Problem("unsafe", "too_deep")) from None
    except json.JSONDecodeError as error:
        problem = Problem("unknown_format", "not_json", error.lineno, values={"line": error.lineno})
        raise NotUnderstoodError(problem) from None
    except ValueError:  # a number of thousands of digits
        raise NotUnderstoodError(Problem("unsafe", "number_too_long")) from None


def _tasks(root: Any, export: Export) -> Iterator[tuple[Any, Id]]:
    """Each task with the project that contains it: a list, or an API dump of several projects."""
    if isinstance(root, list):
        for task in root:
            yield task, None
        return
    projects = root.get("projects") if isinstance(root, dict) else None
    if not isinstance(projects, list):
        raise NotUnderstoodError(Problem("unknown_format", "unknown_format"))
    for item in projects:
        if not isinstance(item, dict):
            _unreadable(export, values.Unfit("projects", item))
            continue
        tasks = item.get("tasks")
        if tasks is None:
            continue
        if not isinstance(tasks, list):
            _unreadable(export, values.Unfit("tasks", tasks))
            continue
        project = _project(item.get("project"))
        for task in tasks:
            yield task, project


def _project(value: Any) -> Id:
    """The project's id where it can be read: it only helps to tell tasks apart."""
    try:
        return values.project(value)
    except values.Unfit:
        return None


def _task(task: Any, project: Id, export: Export) -> None:
    if not isinstance(task, dict):
        _unreadable(export, values.Unfit("task", task))
        return
    export.tasks += 1
    own = _project(task.get("project"))
    project = project if own is None else own
    key = next((key for key in _KEYS if task.get(key) is not None), None)
    annotations = task[key] if key else []
    if not isinstance(annotations, list):
        _unreadable(export, values.Unfit(str(key), annotations))
        annotations = []
    for annotation in annotations:
        _annotation(annotation, task, project, export)
    _drafts(task, project, export)


def _annotation(raw: Any, task: dict[str, Any], project: Id, export: Export) -> None:
    if not isinstance(raw, dict):
        _unreadable(export, values.Unfit("annotation", raw))
        return
    ids = {"project": project, "task": task.get("id"), "annotation": raw.get("id")}
    known = {name: value for name, value in ids.items() if values.is_number(value)}
    if raw.get("created_at") is None:
        export.read += 1
        problem = Problem("missing_capability", "undated", export.read, "created_at", ids=known)
        export.problems.append(problem)
        return
    try:
        read = _read(export.read + 1, raw, values.identifier("id", task.get("id")), project)
    except values.Unfit as unfit:
        _unreadable(export, unfit, known)
    else:
        export.read += 1
        export.annotations.append(read)


def _read(order: int, raw: dict[str, Any], task: Id, project: Id) -> Annotation:
    """An annotation; raises Unfit for the first value that cannot be meant."""
    objects, prelabeled = values.result(raw.get("result"))
    return Annotation(
        order=order,
        project=project,
        task=task,
        id=values.identifier("id", raw.get("id")),
        who=values.person("completed_by", raw.get("completed_by")),
        created_at=values.moment("created_at", raw["created_at"]),
        updated_at=values.optional_moment("updated_at", raw.get("updated_at")),
        lead_time=values.seconds("lead_time", raw.get("lead_time")),
        skipped=values.flag("was_cancelled", raw.get("was_cancelled")),
        ground_truth=values.flag("ground_truth", raw.get("ground_truth")),
        reviews=values.reviews(raw.get("reviews")),
        objects=objects,
        prelabeled=prelabeled,
    )


def _drafts(task: dict[str, Any], project: Id, export: Export) -> None:
    """Drafts that belong to no annotation yet; a bare number tells neither day nor owner."""
    drafts = task.get("drafts")
    if drafts is None:
        return
    if not isinstance(drafts, list):
        export.problems.append(_problem(values.Unfit("drafts", drafts), None))
        return
    for raw in drafts:
        try:
            _draft(raw, task, project, export)
        except values.Unfit as unfit:
            export.problems.append(_problem(unfit, None))


def _draft(raw: Any, task: dict[str, Any], project: Id, export: Export) -> None:
    if values.is_number(raw):
        export.undated_drafts += 1
        return
    if not isinstance(raw, dict):
        raise values.Unfit("drafts", raw)
    if raw.get("annotation") is not None:
        return
    if raw.get("created_at") is None:
        export.undated_drafts += 1
        return
    export.drafts.append(
        Draft(
            project=project,
            task=values.identifier("id", task.get("id")),
            who=values.person("drafts.user", raw.get("user")),
            created_at=values.moment("drafts.created_at", raw["created_at"]),
        )
    )


def _unreadable(export: Export, unfit: values.Unfit, ids: dict[str, int] | None = None) -> None:
    """Count something that stood where annotations stand and could not be understood."""
    export.read += 1
    export.problems.append(_problem(unfit, export.read, ids))


def _problem(unfit: values.Unfit, row: int | None, ids: dict[str, int] | None = None) -> Problem:
    message = "wrong_type" if unfit.code == "type" else "out_of_range"
    shown = {"field": unfit.field, "value": unfit.shown}
    return Problem(unfit.code, message, row, unfit.field, unfit.shown, ids=ids or {}, values=shown)


def _drop_duplicates(export: Export) -> None:
    """Of one annotation that stands in the file several times the newest version counts."""
    newest: dict[tuple[Id, Id, Id], Annotation] = {}
    for annotation in export.annotations:
        kept = newest.setdefault(annotation.identity, annotation)
        if (annotation.updated_at or annotation.created_at) > (kept.updated_at or kept.created_at):
            newest[annotation.identity] = annotation
    unique, twice = [], []
    for annotation in export.annotations:
        single = annotation.id is None or newest[annotation.identity] is annotation
        (unique if single else twice).append(annotation)
    export.annotations = unique
    export.problems += [
        Problem("duplicate_key", "duplicate", a.order, "id", at=a.created_at) for a in twice
    ]
