"""What staff can do and ask. A `Desk` exists only while someone is signed in."""
