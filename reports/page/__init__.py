"""The report as one page that a browser shows: no network, and nothing in it runs but its own few lines."""
