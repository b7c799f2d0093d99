"""Several processes behind nginx on this machine, installed and started as deploy/ says."""

from __future__ import annotations

import datetime
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from oneninex.core.settings import ROOT

PORTS = ("8500", "8501", "8502")  # as deploy/nginx.conf has them
PATIENCE = 60.0
# The maker of the certificate is this test; nobody else vouches for it.
TRUSTING = ssl._create_unverified_context()


def nginx() -> str | None:
    """Where nginx is; scripts/nginx.sh looks for it and fetches it."""
    line = ["sh", "scripts/nginx.sh"]
    said = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
    path = said.stdout.strip()
    return str((ROOT / path).resolve()) if path else None


def install(folder: Path) -> Path:
    """The files that deploy/Containerfile puts into an image, and no other."""
    place = folder / "opt"
    for line in (ROOT / "deploy" / "Containerfile").read_text().splitlines():
        if line.startswith("COPY ") and "--from" not in line:
            *sources, target = line.split()[1:]
            for source in sources:
                to = place / target / (Path(source).name if target == "./" else "")
                to.parent.mkdir(parents=True, exist_ok=True)
                if (ROOT / source).is_dir():
                    ignored = shutil.ignore_patterns("__pycache__")
                    shutil.copytree(ROOT / source, to, dirs_exist_ok=True, ignore=ignored)
                else:
                    shutil.copy(ROOT / source, to)
    return place


def close_to_writers(store: Path) -> None:
    """Take the right to write from a folder and all in it."""
    for path in (store, *store.rglob("*")):
        path.chmod(path.stat().st_mode & ~0o222)


@dataclass
class Office:
    """nginx and the processes behind it, each on a free port."""

    folder: Path
    store: Path
    ports: dict[str, int]
    front: int
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """The address of readers."""
        return f"https://127.0.0.1:{self.front}"

    def own(self, name: str) -> str:
        """The address of a process itself."""
        return f"http://127.0.0.1:{self.ports[name]}"

    def start(self, *names: str) -> None:
        """Start processes, and return when all are ready."""
        for name in names:
            self.processes[name] = self._start(name)
        ready = str(self.folder / "opt/deploy/ready.py")
        for name in names:
            line = [sys.executable, ready, str(self.ports[name]), str(PATIENCE)]
            done = subprocess.run(line, capture_output=True, text=True, check=False)
            log = (self.folder / f"{name}.log").read_text(errors="replace")
            assert done.returncode == 0, f"{done.stderr}\n{log}"

    def _start(self, name: str) -> subprocess.Popen[bytes]:
        secrets = self.folder / "secrets.toml"
        line = [sys.executable, "-m", "streamlit", "run", "serve.py"]
        line += ["--server.port", str(self.ports[name]), "--secrets.files", str(secrets)]
        environment = {
            **{key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ},
            "ONENINEX_STORE": str(self.store),
            "ONENINEX_PLAN": str(self.folder / "plan"),
            "ONENINEX_PROCESS": name,
            "ONENINEX_SEND_AT": "/send",
            "ONENINEX_AUDIT": str(self.folder / "audit"),
            "ONENINEX_LOG": "json",
            "ONENINEX_DRAIN": "30",
        }
        with (self.folder / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                _bound_by_permissions(line),
                cwd=self.folder / "opt",
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def tell_to_end(self, name: str) -> subprocess.Popen[bytes]:
        """Send SIGTERM, as systemd and a container do."""
        self.processes[name].send_signal(signal.SIGTERM)
        return self.processes[name]

    def close(self) -> None:
        """End everything that is left."""
        for process in self.processes.values():
            process.kill()
            process.wait()


def _bound_by_permissions(line: list[str]) -> list[str]:
    """Root writes where nobody may, unless that power is taken from it."""
    if os.geteuid() == 0 and (setpriv := shutil.which("setpriv")):
        return [setpriv, "--bounding-set", "-dac_override", "--inh-caps", "-dac_override", *line]
    return line


def configuration(office: Office) -> Path:
    """deploy/nginx.conf with this machine's ports and certificate, in a server of its own."""
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    for name in PORTS:
        text = text.replace(f"127.0.0.1:{name}", f"127.0.0.1:{office.ports[name]}")
    text = text.replace("listen 443", f"listen 127.0.0.1:{office.front}")
    text = text.replace("listen 80;", f"listen 127.0.0.1:{free_port()};")
    text = text.replace("/etc/ssl/oneninex", str(office.folder))
    _certificate(office.folder)
    site = office.folder / "oneninex.conf"
    site.write_text(text)
    main = office.folder / "nginx.conf"
    temporary = "\n".join(
        f"    {kind}_temp_path {office.folder}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main.write_text(
        f"daemon off;\npid {office.folder}/nginx.pid;\nworker_processes 1;\n"
        f"{'user root;' if os.geteuid() == 0 else ''}\n"
        f"events {{}}\nhttp {{\n    access_log off;\n{temporary}\n    include {site};\n}}\n"
    )
    return main


def _certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    day = datetime.timedelta(days=1)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - day)
        .not_valid_after(now + day)
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Answer:
    """Status, headers and text of an answer."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def process(self) -> str | None:
        """The process that this answer leads to from now on."""
        found = re.search(r"oneninex_process=(\w+)", self.headers.get("set-cookie", ""))
        return found[1] if found else None


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object, **named: object) -> None:
        return None


_OPENER = urllib.request.build_opener(_Stay, urllib.request.HTTPSHandler(context=TRUSTING))


def get(address: str, cookie: str = "", accept: str = "text/html") -> Answer:
    """Ask for an address; no redirection is followed."""
    request = urllib.request.Request(address, headers={"accept": accept, "cookie": cookie})
    try:
        with _OPENER.open(request, timeout=20) as answer:
            status, headers, body = answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as refused:
        status, headers, body = refused.code, refused.headers, refused.read()
    lowered = {name.lower(): value for name, value in headers.items()}
    return Answer(status, lowered, body.decode("utf-8", "replace"))


def wait_until(holds, seconds: float = PATIENCE) -> None:
    """Return when `holds` does; fails where it never does."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.1)
