"""What is wrong with a plan file, said so that an office can mend it."""

from oneninex.core.i18n import text


class PlanError(ValueError):
    """One thing in the plan files that an office has to mend.

    `row` is the line as Excel shows it (header = 1), None for TOML, whose `column` is the path of
    the entry; `reason` is the last part of a message key `plan.error_<reason>`.
    """

    def __init__(
        self, file: str, row: int | None, column: str | None, value: str | None, reason: str
    ) -> None:
        self.file, self.row, self.column = file, row, column
        self.value, self.reason = value, reason
        super().__init__(f"{self.message('zh')}\n{self.message('en')}")

    def message(self, lang: str) -> str:
        """Place, value, reason and what to do, in one line."""
        place = [text("plan.error_file", lang, file=self.file)]
        if self.row is not None:
            place.append(text("plan.error_row", lang, row=self.row))
        if self.column is not None:
            place.append(text("plan.error_column", lang, column=self.column))
        if self.value is not None:
            place.append(text("plan.error_value", lang, value=self.value))
        return text(
            "plan.error",
            lang,
            place=text("plan.error_separator", lang).join(place),
            reason=text(f"plan.error_{self.reason}", lang),
        )
