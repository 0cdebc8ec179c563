"""The parts of a resident's page: head, plan, timeline, details, and the sheets over them."""
