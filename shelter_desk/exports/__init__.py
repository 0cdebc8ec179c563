"""What leaves the building, sealed: container, opener, signature and the way to the stick."""
