"""Passphrases, slots and the recovery kit: how the right people, and nobody else, get the store's key."""
