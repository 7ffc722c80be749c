"""Pages of the calendar: the year of all controls, that of one, plans, and what was done."""
