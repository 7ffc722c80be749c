"""The workforce, for programs: people, their checklists, training and background checks."""
