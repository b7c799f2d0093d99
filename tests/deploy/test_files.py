"""Files of deploy/ agree with each other and with the repository; systemd reads its units."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from oneninex.core.settings import ROOT
from oneninex.domain.plan import Plan
from tests.deploy.office import PORTS

DEPLOY = ROOT / "deploy"
UNITS = ("oneninex@8501.service", "oneninex@8500.service", "oneninex-briefing.timer")
SITE = (DEPLOY / "nginx.conf").read_text()
IMAGE = (DEPLOY / "Containerfile").read_text()


def _lines(name: str) -> dict[str, list[str]]:
    """Settings of a unit, each with its values in their order."""
    found: dict[str, list[str]] = {}
    for line in (DEPLOY / name).read_text().splitlines():
        if match := re.fullmatch(r"(\w+)=(.*)", line):
            found.setdefault(match[1], []).append(match[2])
    return found


@pytest.mark.parametrize("unit", UNITS)
def test_systemd_reads_a_unit(unit: str, tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not here; the next test looks at what the units run")
    for path in DEPLOY.glob("oneninex*"):
        if path.is_dir():
            shutil.copytree(path, tmp_path / path.name)
        else:
            text = path.read_text().replace("/opt/oneninex", str(ROOT))
            (tmp_path / path.name).write_text(text)
    line = [analyze, "verify", f"./{unit}"]
    done = subprocess.run(line, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.strip()) == (0, "")


def test_a_unit_runs_what_is_here_and_writes_only_where_it_must() -> None:
    reading, sending = _lines("oneninex@.service"), _lines("oneninex@8500.service.d/send.conf")
    assert "streamlit run serve.py --server.port %i" in reading["ExecStart"][0]
    assert (ROOT / "deploy/ready.py").is_file()
    assert reading["ExecStartPost"][0].endswith("deploy/ready.py %i")
    assert reading["ProtectSystem"] == ["strict"]
    assert "ReadWritePaths" not in reading
    assert sending["ReadWritePaths"] == ["/srv/oneninex/store"]
    drain = next(v for v in reading["Environment"] if v.startswith("ONENINEX_DRAIN="))
    assert int(drain.partition("=")[2]) < int(reading["TimeoutStopSec"][0])


def test_memory_of_the_unit_is_enough_for_what_plan_and_configuration_let_in() -> None:
    """The process itself, uploads (twice while one arrives), and the workers that read files."""
    uploads = Plan.load(ROOT / "data" / "plan").config.uploads
    server = tomllib.loads((ROOT / ".streamlit/config.toml").read_text())["server"]
    (most,) = _lines("oneninex@8500.service.d/send.conf")["MemoryMax"]
    (readers,) = _lines("oneninex@.service")["MemoryMax"]
    process = 1_000
    workers = uploads.workers * uploads.worker_megabytes
    assert most.endswith("M")
    assert process + 2 * uploads.megabytes_held + workers <= int(most[:-1])
    assert readers.endswith("G")
    assert process <= int(readers[:-1]) * 1_000
    assert server["maxUploadSize"] <= uploads.megabytes_held
    assert uploads.megabytes_per_reader <= uploads.megabytes_in_all / 2
    assert uploads.files_per_reader <= uploads.files_in_all / 2


@pytest.mark.parametrize(
    "setting", ["limit_conn ", "limit_req ", "client_header_timeout ", "client_body_timeout "]
)
def test_nginx_bounds_what_the_documents_promise(setting: str) -> None:
    assert re.search(rf"^    {setting}.+;$", SITE, re.MULTILINE)
    assert f"`{setting.strip()}`" in (ROOT / "docs/operation.md").read_text()


def test_nginx_takes_the_uploads_that_the_dashboard_takes() -> None:
    server = tomllib.loads((ROOT / ".streamlit/config.toml").read_text())["server"]
    most = re.search(r"client_max_body_size (\d+)m;", SITE)
    assert most
    assert int(most[1]) == server["maxUploadSize"] + 1


def test_nginx_leads_each_cookie_to_the_process_of_that_name() -> None:
    led = dict(re.findall(r"^    (\d{4}) (oneninex_\d{4});", SITE, re.M))
    assert led == {port: f"oneninex_{port}" for port in PORTS}
    for port in PORTS:
        first = re.search(rf"upstream oneninex_{port} \{{\s+server 127.0.0.1:(\d+)", SITE)
        assert first
        assert first[1] == port
    assert f'"oneninex_process={PORTS[0]};' in SITE
    assert (DEPLOY / f"oneninex@{PORTS[0]}.service.d").is_dir()


def test_an_image_is_made_of_what_is_here_and_runs_as_nobody_in_particular() -> None:
    copied = [
        source
        for line in IMAGE.splitlines()
        if line.startswith("COPY ") and "--from" not in line
        for source in line.split()[1:-1]
    ]
    assert [source for source in copied if not (ROOT / source).exists()] == []
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines()}
    assert {source for source in copied if source not in kept} == set()
    assert "--require-hashes -r requirements.txt" in IMAGE
    assert re.search(r"^USER \d+$", IMAGE, re.M)
    instructions = re.findall(r"^([A-Z]+) ", IMAGE, re.M)
    assert {"HEALTHCHECK", "STOPSIGNAL", "CMD"} <= set(instructions)
    assert instructions.index("USER") < instructions.index("CMD")
