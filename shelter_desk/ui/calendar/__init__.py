"""Appointments and court dates on screen: the week, one appointment, what is ahead."""
