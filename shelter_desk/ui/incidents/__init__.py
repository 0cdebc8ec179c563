"""The parts of the page of incidents."""
