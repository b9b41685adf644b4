"""Text as Discord shows it: escaped Markdown, the lines of rendered text, block quotes."""
