"""The months of statements: Jalali and Gregorian ones, told apart by their years, which begin and end in Tehran."""

from dataclasses import dataclass
from datetime import date

from persiantools.jdatetime import JalaliDate

from panel.lib.tehran_days import find_day, start_of

_YEARS = {True: range(1300, 1500), False: range(1900, 2200)}


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month of a calendar: `jalali` tells which."""

    year: int
    month: int

    @property
    def jalali(self):
        """Whether it is of the Jalali calendar."""
        return self.year in _YEARS[True]

    @property
    def begin(self):
        """The moment it begins at."""
        day = (
            JalaliDate(self.year, self.month, 1).to_gregorian()
            if self.jalali
            else date(self.year, self.month, 1)
        )
        return start_of(day)

    @property
    def end(self):
        """The moment the next one begins at."""
        return self.step(1).begin

    def step(self, months):
        """The month so many later; earlier below 0."""
        year, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        return Month(year, month + 1)

    def __str__(self):
        return f"{self.year}-{self.month:02d}"


def read_month(year, month):
    """The Month of those numbers. Raises ValueError when there is no such month in either calendar."""
    if not 1 <= month <= 12 or not any(year in years for years in _YEARS.values()):
        raise ValueError(f"no month: {year}-{month}")
    return Month(year, month)


def find_month(moment, language):
    """The Month that a moment is in, of the calendar of `language`."""
    local = find_day(moment)
    if language == "fa":
        jalali = JalaliDate(local)
        return Month(jalali.year, jalali.month)
    return Month(local.year, local.month)
