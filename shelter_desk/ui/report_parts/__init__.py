"""The parts of the page of reports: preview, who it is for, what is behind a figure."""
