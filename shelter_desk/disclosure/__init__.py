"""The safe-table engine: what may be published about few people, and the proof that it may."""
