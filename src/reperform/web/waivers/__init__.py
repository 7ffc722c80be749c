"""Pages of waivers: departures from what a test demands, asked for and decided."""
