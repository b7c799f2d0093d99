"""Which audience a signed-in person belongs to."""

import pytest

from oneninex.domain.audience import Audience, UnknownAudience, audience_of


@pytest.mark.parametrize("word", ["planner", "leadership", "public", "unit:U3"])
def test_an_audience_is_written_as_it_is_read(word):
    assert str(Audience.parse(word)) == word


@pytest.mark.parametrize("word", ["", "Planner", "unit:", "unit:u1", "unit:U1'--", "admin"])
def test_no_other_word_is_an_audience(word):
    with pytest.raises(UnknownAudience):
        Audience.parse(word)


def test_the_list_goes_before_the_claims():
    claims = {"sub": "7", "email": "Li@Example.cn", "roles": ["planner"]}
    assert str(audience_of(claims, {"li@example.cn": "unit:U2"})) == "unit:U2"
    assert str(audience_of(claims, {"7": "public"})) == "public"


def test_an_address_that_is_not_verified_counts_for_nothing():
    claims = {"sub": "7", "email": "li@example.cn", "email_verified": False}
    assert audience_of(claims, {"li@example.cn": "planner"}) is None


@pytest.mark.parametrize("claims", [{"role": "oneninex:planner"}, {"groups": ["x", "planner"]}])
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
