"""The calendar, for programs: how controls stand, their plans, and what was done."""
