"""Dates of the staff pages in English, as the portal says them everywhere: Thu 20 Dec 2018, 9:10. The rest stays Django's."""

DATE_FORMAT = "D j M Y"
DATETIME_FORMAT = "D j M Y, G:i"
TIME_FORMAT = "G:i"
SHORT_DATE_FORMAT = "j M Y"
SHORT_DATETIME_FORMAT = "j M Y, G:i"
YEAR_MONTH_FORMAT = "F Y"
MONTH_DAY_FORMAT = "j F"
FIRST_DAY_OF_WEEK = 1
