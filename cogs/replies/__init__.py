"""The one place that holds the sentences: what people read, in the bot's voice."""
