"""A mail server of its own takes what `notify` sends: to whom, once, over TLS, with what in it."""

from __future__ import annotations

import datetime as days
import email
import email.policy
import socket
import ssl
from collections.abc import Callable, Iterator
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from oneninex.briefing import delivery
from oneninex.briefing.notifications import Notice
from oneninex.domain.plan import Plan, PlanError
from oneninex.domain.plan import delivery as recipients
from oneninex.domain.plan.delivery import Delivery, Recipient, Smtp
from oneninex.store import Store, StoreError
from tests.cases.conftest import current

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=ZONE)
PLANNER = Recipient(audience="planner", address="plan@office.example")
U3 = Recipient(audience="unit:U3", address="u3@park.example", lang="en")
U4 = Recipient(audience="unit:U4", address="u4@park.example")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate of localhost with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(days.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - days.timedelta(days=1))
        .not_valid_after(now + days.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("mail") / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


class Inbox:
    """What the server took."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.encrypted: list[bool] = []
        self.users: list[str] = []

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802
        self.encrypted.append(session.ssl is not None)
        found = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(found, EmailMessage)
        self.messages.append(found)
        return "250 taken"

    def check(self, server: SMTP, session: Any, envelope: Any, how: str, data: Any) -> AuthResult:
        self.users.append(data.login.decode())
        return AuthResult(success=data.password == b"right", handled=False)

    @property
    def headers(self) -> list[tuple[str, str]]:
        return [(message["To"], message["Subject"]) for message in self.messages]


@pytest.fixture
def inbox(certificate: Path) -> Iterator[tuple[Inbox, Smtp]]:
    """A mail server on this machine that insists on STARTTLS."""
    found = Inbox()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    with socket.create_server(("localhost", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(
        found, hostname="localhost", port=port, tls_context=context, require_starttls=True,
        authenticator=found.check,
    )  # fmt: skip
    controller.start()
    yield found, Smtp(host="localhost", port=port, sender="onx@office.example",
                      authorities=str(certificate))  # fmt: skip
    controller.stop()


@pytest.fixture
def deliver(store: Store, plan: Plan, inbox: tuple[Inbox, Smtp], tmp_path: Path) -> Callable:
    """Run a delivery to recipients at a moment."""
    _, smtp = inbox

    def run(*to: Recipient, now: datetime = MONDAY, **given: Any) -> delivery.Outcome:
        rules = Delivery(smtp=smtp, recipient=to, **given)
        snapshot = current(store)

        def send(recipient: Recipient, notice: Notice) -> None:
            message = delivery.mail(recipient, notice, smtp, snapshot, plan, "OneNineX")
            delivery.post_mail(message, smtp)

        return delivery.run(rules, snapshot, plan, tmp_path / "told.json", now, send)

    return run


def only(recipient: Recipient, *events: Any) -> Recipient:
    return recipient.model_copy(update={"events": events})


def overdue_task(open_task, owner: str, subject: str) -> str:
    return open_task(owner=owner, subject=subject, due_on=days.date(2026, 11, 5))


def test_each_is_told_once_of_its_own_over_tls(open_task, deliver, inbox):
    overdue_task(open_task, "U3", "Three")
    overdue_task(open_task, "U4", "Four")
    to = [only(each, "task_overdue") for each in (PLANNER, U3, U4)]

    deliver(*to)
    deliver(*to)

    taken = inbox[0]
    assert taken.headers == [
        ("plan@office.example", "OneNineX 督办事项超期"),
        ("plan@office.example", "OneNineX 督办事项超期"),
        ("u3@park.example", "OneNineX Task overdue"),
        ("u4@park.example", "OneNineX 督办事项超期"),
    ]
    assert taken.encrypted == [True] * 4
    bodies = [message.get_body().get_content() for message in taken.messages]
    assert "Three" in bodies[2]
    assert "Four" not in bodies[2]
    assert "Three" not in bodies[3]


def test_the_briefing_is_attached_as_its_audience_sees_it(published, deliver, inbox):
    deliver(only(U3, "briefing_ready"))

    (message,) = inbox[0].messages
    attached = {part.get_filename(): part.get_content() for part in message.iter_attachments()}
    assert list(attached) == ["OneNineX-2026-03-en.docx", "OneNineX-2026-03-en.pdf"]
    assert attached["OneNineX-2026-03-en.docx"][:2] == b"PK"
    assert attached["OneNineX-2026-03-en.pdf"][:5] == b"%PDF-"


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 11, 30, 7, 59, tzinfo=ZONE),
        datetime(2026, 11, 30, 20, 0, tzinfo=ZONE),
        datetime(2026, 11, 29, 10, 0, tzinfo=ZONE),  # a Sunday
        datetime(2026, 10, 1, 10, 0, tzinfo=ZONE),  # National Day
    ],
)
def test_nobody_is_disturbed_and_nothing_is_lost(open_task, deliver, inbox, now: datetime):
    overdue_task(open_task, "U3", "Three")
    to = only(U3, "task_overdue")

    assert deliver(to, now=now).quiet
    assert inbox[0].messages == []
    deliver(to)
    assert len(inbox[0].messages) == 1


def test_a_weekend_day_that_is_worked_is_no_quiet_one(open_task, deliver):
    worked = datetime(2026, 10, 10, 10, 0, tzinfo=ZONE)  # a Saturday
    overdue_task(open_task, "U3", "Three")
    assert not deliver(only(U3, "task_overdue"), now=worked).quiet


def test_the_digest_comes_once_a_week(open_task, deliver, inbox):
    overdue_task(open_task, "U3", "Three")
    overdue_task(open_task, "U4", "Four")
    to = only(U3, "digest")
    for day in (0, 1, 7):
        deliver(to, now=MONDAY + days.timedelta(days=day))

    assert len(inbox[0].messages) == 2
    said = inbox[0].messages[0].get_body().get_content()
    assert "Three" in said
    assert "Four" not in said
    assert "Daily labeling" in said or "not received" in said


def test_what_was_refused_is_sent_again(open_task, deliver, inbox, monkeypatch):
    overdue_task(open_task, "U3", "Three")
    monkeypatch.setenv("ONENINEX_SMTP_USER", "onx")
    monkeypatch.setenv("ONENINEX_SMTP_PASSWORD", "wrong")
    to = only(U3, "task_overdue")

    done = deliver(to)
    assert [reason for _, reason in done.failed] == ["SMTPAuthenticationError 535"]
    assert inbox[0].messages == []
    monkeypatch.setenv("ONENINEX_SMTP_PASSWORD", "right")
    assert deliver(to).failed == []
    assert len(inbox[0].messages) == 1
    assert set(inbox[0].users) == {"onx"}


def test_a_server_that_nobody_vouches_for_gets_nothing(open_task, deliver, inbox, plan, store):
    overdue_task(open_task, "U3", "Three")
    unknown = inbox[1].model_copy(update={"authorities": None})
    notice = Notice("task_overdue", "k", "words", {})
    message = delivery.mail(U3, notice, unknown, current(store), plan, "OneNineX")
    with pytest.raises(StoreError) as refused:
        delivery.post_mail(message, unknown)
    assert "SSL" in str(refused.value.values["reason"])
    assert inbox[0].messages == []


def test_words_of_others_make_no_header(open_task, deliver, inbox):
    overdue_task(open_task, "U3", "x\r\nBcc: all@example.org")
    deliver(only(U3, "task_overdue"))
    (message,) = inbox[0].messages
    assert message["Bcc"] is None


@pytest.mark.parametrize(
    "words",
    [
        '[[recipient]]\naudience = "planner"\naddress = "a@b.example"\n',  # without [smtp]
        '[[recipient]]\naudience = "public"\nchannel = "webhook"\naddress = "X"\n',
        '[smtp]\nhost = "h"\nsender = "s"\ntls = "none"\n',
        'quiet_from = "late"\n',
    ],
)
def test_a_fault_of_the_file_is_named(tmp_path: Path, words: str):
    (tmp_path / recipients.FILE).write_text(words, encoding="utf-8")
    with pytest.raises(PlanError):
        recipients.load(tmp_path)


def test_the_repository_tells_nobody(plan: Plan):
    assert recipients.load(plan.folder).recipient == ()
