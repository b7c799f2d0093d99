"""Which audience a signed-in person belongs to."""

import pytest

from oneninex.core.loopback import is_local
from oneninex.domain.audience import Audience, UnknownAudience, audience_of


@pytest.mark.parametrize("word", ["planner", "leadership", "public", "unit:U3"])
def test_an_audience_is_written_as_it_is_read(word):
    assert str(Audience.parse(word)) == word


@pytest.mark.parametrize("word", ["", "Planner", "unit:", "unit:u1", "unit:U1'--", "admin"])
def test_no_other_word_is_an_audience(word):
    with pytest.raises(UnknownAudience):
        Audience.parse(word)


def test_the_list_goes_before_the_claims():
    claims = {"sub": "7", "email": "Li@Example.cn", "email_verified": True, "roles": ["planner"]}
    assert str(audience_of(claims, {("address", "li@example.cn"): "unit:U2"})) == "unit:U2"
    assert str(audience_of(claims, {("sub", "7"): "public"})) == "public"


LI = {("address", "li@example.cn"): "planner"}


@pytest.mark.parametrize("said", [False, "false", "False", 0, 1, None, "", "yes", [], [True]])
def test_an_address_that_is_not_verified_counts_for_nothing(said):
    claims = {"sub": "7", "email": "li@example.cn", "email_verified": said}
    assert audience_of(claims, LI) is None
    del claims["email_verified"]
    assert audience_of(claims, LI) is None


@pytest.mark.parametrize("said", [True, "true", "True"])
def test_an_address_that_is_verified_counts(said):
    claims = {"email": "Li@example.cn", "email_verified": said}
    assert str(audience_of(claims, LI)) == "planner"


def test_one_kind_of_name_is_never_taken_for_another():
    """A subject or a group that is written like an address is none, and the other way round."""
    address = "li@example.cn"
    for claims in ({"sub": address}, {"groups": [address]}, {"roles": [address]}):
        assert audience_of(claims, LI) is None
    verified = {"email": address, "email_verified": True}
    for column in ("sub", "group"):
        assert audience_of(verified, {(column, address): "planner"}) is None


def test_a_group_counts_where_it_is_listed_and_nowhere_else():
    assert audience_of({"groups": ["planner", "oneninex:planner", "*"]}, {}) is None
    assert audience_of({"groups": ["*"]}, {("group", "*"): "public"}) is None
    listed = {("group", "heads"): "leadership", ("group", "all"): "planner"}
    assert str(audience_of({"groups": ["all", "heads"]}, listed)) == "leadership"
    assert str(audience_of({"groups": ["all"], "roles": ["public"]}, listed)) == "planner"


LOCAL = {"bound": "127.0.0.1", "peer": "127.0.0.1", "headers": [("Host", "localhost:8501")]}


def test_this_machine_is_proved():
    assert is_local(**LOCAL)
    assert is_local("::1", "::1", [("host", "[::1]:8501"), ("origin", "http://127.0.0.1:8501")])


@pytest.mark.parametrize(
    "changed",
    [
        {"bound": "0.0.0.0"}, {"bound": ""}, {"bound": None}, {"peer": None}, {"peer": "10.0.0.8"},
        {"headers": []}, {"headers": [("host", "dashboard.example")]},
        *({"headers": [*LOCAL["headers"], (name, "1")]} for name in (
            "X-Forwarded-For", "x-forwarded-proto", "X-Forwarded-Host", "Forwarded", "X-Real-IP",
            "Via")),
        {"headers": [("host", "127.0.0.1:8501"), ("origin", "https://dashboard.example")]},
        {"headers": [("host", "localhost"), ("host", "dashboard.example")]},
        {"headers": [("host", "[::1")]},
    ],
)  # fmt: skip
def test_without_proof_it_is_not_this_machine(changed):
    assert not is_local(**{**LOCAL, **changed})


@pytest.mark.parametrize("claims", [{"role": "oneninex:planner"}, {"roles": ["x", "planner"]}])
def test_roles_come_from_the_usual_claims(claims):
    assert str(audience_of(claims, {})) == "planner"


def test_of_several_roles_the_narrowest_holds():
    assert str(audience_of({"roles": ["planner", "unit:U1", "leadership"]}, {})) == "leadership"


@pytest.mark.parametrize("claims", [{}, {"roles": ["chef"]}, {"roles": 7}, {"roles": None}])
def test_without_a_role_there_is_no_audience(claims):
    assert audience_of(claims, {}) is None


def test_a_unit_sends_its_own_rows_only():
    assert Audience.parse("planner").sends_returns
    assert Audience.parse("unit:U1").sends_returns
    assert not Audience.parse("leadership").sends_returns
