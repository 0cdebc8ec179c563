"""Passphrases, slots and recovery kit: how the right people, and nobody else, get the key."""
