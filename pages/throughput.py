"""How much, how good? Output, quality and hours by month, modality, unit and day."""

import streamlit as st

from oneninex import ui
from oneninex.figures.charts import answers, throughput, throughput_parts, throughput_words

answer = ui.header("throughput")
with st.container(horizontal=True, vertical_alignment="bottom", key="throughput_filters"):
    unit = ui.unit_filter()
    modality = ui.modality_filter()
    first, last = ui.month_range()
lang, theme, units = ui.lang(), ui.theme(), ui.names("units")
period = {"from_month": first, "to_month": last}
within = {**period, "unit_id": unit}
chosen = {**within, "modality": modality}
chosen_place = {"unit_id": unit, "modality": modality}
ui.soon("throughput", **chosen)
months = ui.query("throughput_by_month", **chosen)
if not months.num_rows:
    ui.state("no_rows")
    st.stop()
titles = throughput_words.column_titles(lang)
here = {"coverage": ui.coverage(**within), "month": last, "titles": titles}
everywhere = {**here, "coverage": ui.coverage(from_month=first, to_month=last)}
newest = months.to_pylist()[-1]
at = throughput.newest(months)
changes, days = ui.flow_changes("items_accepted", at, **chosen_place), ui.period(at, unit)
cards = throughput_words.cards(newest, changes, lang)
answer.markdown(answers.output(months, changes, lang, days))
ui.cards(cards)
newest_month = ui.coverage(from_month=last, to_month=last, unit_id=unit)
ui.notes(ui.source_line(newest_month, last), throughput_words.comparison_note(newest, lang))

said = {"output": {"changes": changes, "period": days}, "rates": {"period": days}}
places = (st.container(), *st.columns(2, gap="medium"))
for place, (name, draw, describe) in zip(places, throughput.BY_MONTH, strict=True):
    with place:
        ui.figure(
            ui.t(f"throughput.{name}_title"),
            draw(months, lang, theme),
            describe(months, lang, **said.get(name, {})),
            throughput.columns(months, name),
            query="throughput_by_month",
            key=name,
            note=ui.t(f"throughput.{name}_note"),
            **here,
        )

compared = ui.choice(
    "compare",
    ui.t("throughput.compare"),
    {name: ui.t(f"throughput.{name}") for name in throughput_parts.UNIT_MEASURES},
    style="segments",
)
query = throughput_parts.UNIT_QUERIES[compared]
by_unit = ui.query(query, **period, modality=modality)
ui.figure(
    ui.t("throughput.units_title"),
    throughput_parts.units(by_unit, compared, units, unit, lang, theme),
    throughput_parts.describe_units(by_unit, compared, units, unit, lang),
    throughput.columns(by_unit, compared),
    query=query,
    note=ui.t("throughput.units_note"),
    **everywhere,
)

places = (st.container(), *st.columns(2, gap="medium"))
for place, (name, query, draw, describe) in zip(places, throughput_parts.PARTS, strict=True):
    table = ui.query(query, **(within if name == "mix" else chosen))
    names = ui.choices(throughput_parts.NAMED[name])
    with place:
        ui.figure(
            ui.t(f"throughput.{name}_title"),
            draw(table, names, lang, theme),
            describe(table, names, lang),
            throughput.columns(table, name),
            query=query,
            note=ui.t(f"throughput.{name}_note"),
            **here,
        )

aside = ui.query("work_set_aside_by_reason", **chosen)
ui.boxed_table(
    aside,
    "throughput.aside",
    query="work_set_aside_by_reason",
    says=throughput_words.describe_aside(aside, lang),
    titles=throughput_words.aside_titles(lang),
    codes={"reason": ui.choices("reason")},
)
agreement = ui.query("agreement_by_project_month", **chosen)
ui.boxed_table(
    agreement,
    "throughput.agreement",
    query="agreement_by_project_month",
    says=throughput_words.describe_agreement(agreement, lang),
    titles=titles,
    codes={"unit_id": units, "platform": ui.choices("platform")},
)
