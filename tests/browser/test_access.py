"""Signing in at a real OpenID provider on this machine: each role, none, expired, forged."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Thread

import oidc_provider_mock
import pytest
from flask import Flask, Response
from playwright.sync_api import Page, expect
from werkzeug.serving import BaseWSGIServer, make_server

from oneninex.core.i18n import text
from tests.browser import dashboard, latin
from tests.browser.dashboard import axe, wait_until_idle
from tests.pages.conftest import small_store

__all__ = ["small_store"]

ROLES = {
    "planner": "planner",
    "leader": "leadership",
    "u1": "unit:U1",
    "u9": "unit:U9",
    "anyone": "public",
}
SHOWN = {name: f"access.role_{audience.split(':')[0]}" for name, audience in ROLES.items()}
SECRETS = {
    "cookie_secret": "of these tests alone, long enough",
    "client_secret": "of these tests, told to nobody",
}
LIFETIME = 6  # seconds of a sign-in that ends soon


def words(key: str, **values: object) -> str:
    return text(key, "zh", **values)


def _without_outside_style(response: Response) -> Response:
    """The provider's page without the style sheet that it would fetch from outside."""
    if response.mimetype == "text/html":
        response.set_data(re.sub(r"<link[^>]*https://[^>]*>", "", response.get_data(as_text=True)))
    return response


@contextmanager
def _served(provider: Flask) -> Iterator[BaseWSGIServer]:
    server = make_server("localhost", 0, provider, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()


@contextmanager
def office(
    store: Path,
    folder: Path,
    lifetime: timedelta = timedelta(hours=1),
    environment: Mapping[str, str] | None = None,
) -> Iterator[str]:
    """A dashboard whose readers sign in at a provider that lets everybody in."""
    users = [
        oidc_provider_mock.User(sub=name, claims={"name": name, "roles": [audience]})
        for name, audience in ROLES.items()
    ]
    users.append(oidc_provider_mock.User(sub="stranger", claims={"roles": ["chef"]}))
    provider = oidc_provider_mock.app(access_token_max_age=lifetime, user_claims=users)
    provider.after_request(_without_outside_style)
    provider.add_url_rule("/favicon.ico", "icon", lambda: ("", 204))
    with _served(provider) as server:
        secrets = folder / "secrets.toml"
        secrets.write_text(
            "[auth]\n"
            'redirect_uri = "http://127.0.0.1:{port}/oauth2callback"\n'
            f'cookie_secret = "{SECRETS["cookie_secret"]}"\n'
            'client_id = "oneninex"\n'
            f'client_secret = "{SECRETS["client_secret"]}"\n'
            "server_metadata_url = "
            f'"http://localhost:{server.server_port}/.well-known/openid-configuration"\n',
            encoding="utf-8",
        )
        options = ["--secrets.files", str(secrets)]
        log = folder / "server.log"
        with dashboard.serve(store, log, options=options, environment=environment) as address:
            yield address


@pytest.fixture(scope="module")
def guarded_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("guarded")


@pytest.fixture(scope="module")
def guarded(small_store: Path, guarded_folder: Path) -> Iterator[str]:
    with office(small_store, guarded_folder) as address:
        yield address


def visit(page: Page, address: str) -> None:
    page.goto(address)
    wait_until_idle(page)


def sign_in(page: Page, address: str, name: str) -> None:
    visit(page, address)
    page.get_by_role("button", name=words("access.sign_in")).click()
    page.get_by_role("textbox").first.fill(name)
    page.get_by_role("textbox").first.press("Enter")
    page.wait_for_url(f"{address}/**")
    wait_until_idle(page)


@pytest.mark.parametrize("address", ["", "/returns", "/enterprises?quarter=2026Q1"])
def test_nothing_is_shown_before_signing_in(page: Page, guarded: str, address: str) -> None:
    visit(page, guarded + address)
    expect(page.get_by_text(words("access.signed_out"))).to_be_visible()
    expect(page.locator(".chart")).to_have_count(0)
    expect(page.get_by_text(words("common.page.targets.title"))).to_have_count(0)
    assert latin.words(page) == set()
    assert axe(page) == []


@pytest.mark.parametrize("name", [name for name in ROLES if name != "u9"])
def test_each_role_sees_its_own(page: Page, guarded: str, name: str) -> None:
    sign_in(page, guarded, name)
    expect(page.get_by_text(words(SHOWN[name], unit="U1"), exact=True)).to_be_visible()
    visit(page, f"{guarded}/enterprises")
    growth = page.get_by_test_id("stMain").inner_text()
    assert (words("common.suppressed") in growth) is (name != "planner")
    in_menu = page.get_by_role("link", name=words("common.page.returns.label"), exact=True)
    expect(in_menu).to_have_count(1 if name in ("planner", "u1") else 0)


def test_a_deep_link_to_a_page_of_others_says_no(page: Page, guarded: str) -> None:
    sign_in(page, guarded, "leader")
    visit(page, f"{guarded}/returns?lang=zh")
    expect(page.get_by_text(words("access.forbidden"))).to_be_visible()
    expect(page.get_by_test_id("stFileUploader")).to_have_count(0)
    visit(page, f"{guarded}/enterprises?unit=U2")
    expect(page.get_by_text(words("common.page.enterprises.title")).first).to_be_visible()


def test_a_deep_link_is_kept_over_the_sign_in(page: Page, guarded: str) -> None:
    address = f"{guarded}/enterprises?lang=en&section=structure"
    visit(page, address)
    page.get_by_role("button", name=text("access.sign_in", "en")).click()
    page.get_by_role("textbox").first.fill("leader")
    page.get_by_role("textbox").first.press("Enter")
    page.wait_for_url(address)
    expect(page.get_by_text(text("enterprises.concentration_title", "en")).first).to_be_visible()


def test_a_forged_address_changes_nothing(page: Page, guarded: str) -> None:
    sign_in(page, guarded, "anyone")
    shown = page.get_by_test_id("stMain")
    visit(page, f"{guarded}/enterprises?unit=U2")
    honest = shown.inner_text()
    forged = "audience=planner&role=planner&_audience=planner&own_unit=U2"
    visit(page, f"{guarded}/enterprises?unit=U2&{forged}")
    expect(page.get_by_text(words("access.role_public"), exact=True)).to_be_visible()
    assert shown.inner_text() == honest


def test_a_forged_cookie_signs_nobody_in(page: Page, guarded: str) -> None:
    host = guarded.removeprefix("http://").split(":")[0]
    page.context.add_cookies(
        [{"name": "_streamlit_user", "value": '{"roles":["planner"]}', "domain": host, "path": "/"}]
    )
    visit(page, guarded)
    expect(page.get_by_text(words("access.signed_out"))).to_be_visible()


def test_somebody_without_a_role_sees_nothing(page: Page, guarded: str) -> None:
    sign_in(page, guarded, "stranger")
    expect(page.get_by_text(words("access.no_role"))).to_be_visible()
    visit(page, f"{guarded}/targets")
    expect(page.get_by_text(words("access.no_role"))).to_be_visible()
    expect(page.get_by_role("button", name=words("access.sign_out"))).to_be_visible()


def test_no_secret_is_in_the_log(page: Page, guarded: str, guarded_folder: Path) -> None:
    sign_in(page, guarded, "leader")
    forged = f"{guarded}/oauth2callback?code={SECRETS['client_secret']}&state=forged"
    page.request.get(forged.replace(" ", "%20"))
    cookies = [cookie.get("value", "") for cookie in page.context.cookies()]
    assert any(len(cookie) > 100 for cookie in cookies), "nobody signed in"
    log = (guarded_folder / "server.log").read_text("utf-8")
    secrets = [*SECRETS.values(), *(cookie for cookie in cookies if len(cookie) > 20)]
    assert [secret for secret in secrets if secret in log] == []


def test_an_expired_sign_in_is_over(page: Page, small_store: Path, tmp_path: Path) -> None:
    with office(small_store, tmp_path, timedelta(seconds=LIFETIME)) as address:
        sign_in(page, address, "leader")

        def over() -> bool:
            visit(page, address)
            wait_until_idle(page)
            return page.get_by_text(words("access.expired")).is_visible()

        assert any(over() for _ in range(3 * LIFETIME))
        expect(page.locator(".chart")).to_have_count(0)
