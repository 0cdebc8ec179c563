"""The parts of the page that changes the care model."""
