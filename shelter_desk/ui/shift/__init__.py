"""The pages of a shift: its log, its handoff, its round of checks."""
