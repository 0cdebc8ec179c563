"""The parts of the page of somebody who is missing from care."""
