"""The cards of the settings page: this computer, the shelter, beds, audiences."""
