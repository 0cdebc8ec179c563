"""Parts of the page about records of people who left."""
