"""Visits by auditors on screen: the sheets, the words, the line on Today."""
