"""The encrypted file: its keys, its opening, its shape and its history. Nothing mapped leaves."""
