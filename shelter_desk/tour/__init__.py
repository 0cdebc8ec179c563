"""One night at the desk, driven through the real windows, with pictures."""
