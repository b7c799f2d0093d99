"""Valid records of each platform, invented, for tests to take and change."""

from __future__ import annotations

import copy
import csv
import io
from typing import Any

MTURK_HEADER = [
    "HITId",
    "HITTypeId",
    "Title",
    "Reward",
    "RequesterAnnotation",
    "AssignmentId",
    "WorkerId",
    "AssignmentStatus",
    "AcceptTime",
    "SubmitTime",
    "AutoApprovalTime",
    "ApprovalTime",
    "RejectionTime",
    "RequesterFeedback",
    "WorkTimeInSeconds",
    "Input.url",
    "Answer.animal",
    "Answer.comment",
    "Approve",
    "Reject",
]
MTURK = {
    "HITId": "H1",
    "HITTypeId": "T1",
    "Title": "Name the animal",
    "Reward": "$0.04",
    "RequesterAnnotation": "BatchId:77;OriginalHitTemplateId:1;",
    "AssignmentId": "A1",
    "WorkerId": "W1",
    "AssignmentStatus": "Submitted",
    "AcceptTime": "Wed Apr 04 10:20:00 PDT 2018",
    "SubmitTime": "Wed Apr 04 10:26:23 PDT 2018",
    "WorkTimeInSeconds": "383",
    "Answer.animal": "cat",
}
TOLOKA_HEADER = [
    "INPUT:text",
    "OUTPUT:class",
    "GOLDEN:class",
    "ASSIGNMENT:link",
    "ASSIGNMENT:task_id",
    "ASSIGNMENT:assignment_id",
    "ASSIGNMENT:worker_id",
    "ASSIGNMENT:status",
    "ASSIGNMENT:started",
    "ASSIGNMENT:submitted",
    "ASSIGNMENT:accepted",
]
TOLOKA = {
    "INPUT:text": "a text",
    "OUTPUT:class": "1",
    "ASSIGNMENT:task_id": "T1",
    "ASSIGNMENT:assignment_id": "28cae73--01",
    "ASSIGNMENT:worker_id": "w1",
    "ASSIGNMENT:status": "APPROVED",
    "ASSIGNMENT:started": "2024-02-04T19:13:23.631",
    "ASSIGNMENT:submitted": "2024-02-04T19:15:23.631",
    "ASSIGNMENT:accepted": "2024-02-05T08:00:00",
}
PRODIGY: dict[str, Any] = {
    "text": "a text",
    "spans": [{"start": 0, "end": 1, "label": "A"}],
    "_input_hash": 11,
    "_task_hash": 12,
    "_session_id": "news-anna",
    "_annotator_id": "news-anna",
    "_view_id": "ner_manual",
    "_timestamp": 1772676000,
    "answer": "accept",
}
DOCCANO: dict[str, Any] = {"id": 1, "text": "a text", "label": ["news"], "Comments": []}
LABELBOX: dict[str, Any] = {
    "data_row": {"id": "row1", "row_data": "https://example.com/x?token=SECRET"},
    "projects": {
        "project1": {
            "name": "a project",
            "labels": [
                {
                    "id": "label1",
                    "label_kind": "Default",
                    "label_details": {
                        "created_at": "2026-03-05T02:00:00.000+00:00",
                        "updated_at": "2026-03-06T02:00:00.000+00:00",
                        "created_by": "anna@example.com",
                        "reviews": [],
                    },
                    "performance_details": {"seconds_to_create": 60, "skipped": False},
                    "annotations": {
                        "objects": [{"name": "cat"}, {"name": "dog"}],
                        "classifications": [
                            {"name": "weather", "radio_answer": {"name": "rain"}},
                            {
                                "name": "things",
                                "checklist_answers": [{"name": "b"}, {"name": "a"}],
                            },
                            {"name": "note", "text_answer": {"content": "free"}},
                        ],
                    },
                }
            ],
            "project_details": {
                "workflow_history": [
                    {"action": "Approve", "created_at": "2026-03-07T02:00:00.003+00:00"},
                    {"action": "Move", "created_at": "2026-03-07T01:00:00.003+00:00"},
                    {"action": "Reject", "created_at": "2026-03-06T02:00:00.003+00:00"},
                ]
            },
        }
    },
}
LABELBOX_V1: dict[str, Any] = {
    "ID": "label1",
    "DataRow ID": "row1",
    "Labeled Data": "https://example.com/x?Signature=SECRET",
    "Label": {
        "objects": [{"value": "cat"}],
        "classifications": [{"value": "weather", "answer": {"value": "rain"}}],
    },
    "Created By": "anna@example.com",
    "Project Name": "a project",
    "Created At": "2020-01-24T09:31:58.000Z",
    "Updated At": "2020-01-24T09:31:58.000Z",
    "Seconds to Label": 100.5,
    "Agreement": -1,
    "Benchmark Agreement": "",
    "Reviews": [{"score": 1, "createdAt": "2020-01-25T09:00:00.000Z"}],
    "Skipped": False,
}
JOB: dict[str, Any] = {
    "id": 7,
    "task_id": 3,
    "project_id": 2,
    "type": "annotation",
    "stage": "acceptance",
    "state": "completed",
    "assignee": {"id": 6, "username": "anna", "first_name": "Anna", "url": "http://example.com/6"},
    "frame_count": 20,
    "start_frame": 0,
    "stop_frame": 19,
    "updated_date": "2026-03-05T18:00:00.000000Z",
}
TASK: dict[str, Any] = {
    "id": 3,
    "project_id": 2,
    "size": 40,
    "segment_size": 20,
    "status": "completed",
    "assignee": {"id": 1, "username": "boss"},
    "jobs": {"count": 2, "completed": 2, "validation": 0},
    "updated_date": "2026-03-05T18:00:00.000000Z",
}
REPORT: dict[str, Any] = {
    "id": 1,
    "target": "job",
    "job_id": 7,
    "task_id": None,
    "gt_last_updated": "2026-03-01T00:00:00Z",
    "created_date": "2026-03-05T18:00:00Z",
    "summary": {"gt_count": 37, "valid_count": 22, "conflict_count": 15},
}


LABELU: dict[str, Any] = {
    "id": 7,
    "inner_id": 7,
    "state": "DONE",
    "data": {"result": '{"width": 10, "rectTool": {"result": [{"id": "r"}]}}'},
    "annotated_count": 1,
    "created_at": "2026-03-05T10:00:00.000001",
    "updated_at": "2026-03-05T18:00:00.000001",
    "updaters": [{"id": 6, "username": "anna@example.com"}],
}


def labelu(*samples: dict[str, Any]) -> dict[str, Any]:
    """A list of samples as LabelU's API gives it."""
    return {"meta_data": {"total": len(samples), "page": 0, "size": 20}, "data": list(samples)}


def changed(record: dict[str, Any], **other: Any) -> dict[str, Any]:
    """A deep copy with other values at the top."""
    return {**copy.deepcopy(record), **other}


def page(*results: Any, **other: Any) -> dict[str, Any]:
    """A page of CVAT's API."""
    envelope = {"count": len(results), "next": None, "previous": None, "results": list(results)}
    return {**envelope, **other}


def table(header: list[str], rows: list[dict[str, str]], delimiter: str = ",", end: int = 0) -> str:
    """Rows as CSV; `end` columns of the header are left out of each row."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([row.get(name, "") for name in header][: len(header) - end])
    return out.getvalue()
