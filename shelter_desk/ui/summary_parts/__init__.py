"""Parts of the page that makes summaries."""
