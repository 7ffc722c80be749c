"""The example company: its files, acted out day by day with the actions that the pages call.

No result is written down anywhere: the program computes each, as it would for anybody.
"""
